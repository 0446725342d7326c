"""The second head: limits on what can be, and a small network that decides about what is beyond them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.detection import Detection
from models.errors import ModelLoadError
from models.plausibility.features import FEATURES, MetricSize, features, metric_size
from models.plausibility.head_card import CARD_FILE, KnownLabel, read_head_card
from models.plausibility.judge import PASSED, Verdict
from models.plausibility.limits import is_far_too_small, is_whole, oddity
from models.plausibility.network import DenseNetwork
from models.view import BoxMeasurements

NETWORK_FILE = "plausibility.keras"
"""A model that has a second head has it, and its card, beside its ``model.keras``."""


def inputs(
    detection: Detection, measured: BoxMeasurements, height: int, width: int, labels: Sequence[str]
) -> NDArray[np.float32]:
    """What the network is given for a detection: ``features`` and then one value a label, 1 for its own."""
    own = np.array([detection.label == label for label in labels], np.float32)
    return np.concatenate([features(detection, measured, height, width), own])


@dataclass(frozen=True, slots=True)
class _Suspicion:
    """What speaks against a detection, in words, and whether it does so beyond doubt."""

    reason: str
    sure: bool


class PlausibilityHead:
    """Rejects what has no possible size or place, unless a network finds it plausible nevertheless.

    Limits set by hand say what is suspicious; the network, which knows how measurements go wrong, decides. So nothing
    of an ordinary size is ever rejected, however unlikely it may be where the network was trained. What is far too
    small by a depth that can be trusted is rejected without asking the network.

    Args:
        network: Takes ``inputs`` and gives one plausibility, 0 to 1.
        known: The labels that it judges, in the order of its inputs. Others always pass.

    Raises:
        ModelLoadError: The network takes or gives another number of values.
    """

    def __init__(self, network: DenseNetwork, known: Mapping[str, KnownLabel]) -> None:
        expected = len(FEATURES) + len(known)
        if network.inputs != expected or network.outputs != 1:
            raise ModelLoadError(
                f"expected a network with {expected} inputs ({len(FEATURES)} features and {len(known)} labels) and "
                f"1 output; it has {network.inputs} and {network.outputs}"
            )
        self._network = network
        self._known = dict(known)
        self._labels = tuple(known)

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels that it judges."""
        return self._labels

    @classmethod
    def load(cls, folder: Path) -> PlausibilityHead:
        """Read a head from a model's folder.

        Raises:
            ModelLoadError: A file is missing or damaged, or the two do not fit each other.
        """
        card = read_head_card(folder / CARD_FILE)
        network = DenseNetwork.load(folder / NETWORK_FILE)
        try:
            return cls(network, card.labels)
        except ModelLoadError as error:
            raise ModelLoadError(f"{folder / NETWORK_FILE}: {error}") from error

    def judge(
        self, detections: Sequence[Detection], measured: Sequence[BoxMeasurements], height: int, width: int
    ) -> list[Verdict]:
        """Judge the detections of one picture; see ``Judge.judge``."""
        verdicts = [PASSED] * len(detections)
        doubtful: dict[int, str] = {}
        for row, pair in enumerate(zip(detections, measured, strict=True)):
            suspicion = self._suspicion(*pair, height, width)
            if suspicion is not None and suspicion.sure:
                verdicts[row] = Verdict(0.0, suspicion.reason)
            elif suspicion is not None:
                doubtful[row] = suspicion.reason
        if not doubtful:
            return verdicts
        given = np.stack([inputs(detections[row], measured[row], height, width, self._labels) for row in doubtful])
        for row, plausibility in zip(doubtful, self._network.run(given)[:, 0].tolist(), strict=True):
            rejected = plausibility < self._known[detections[row].label].cutoff
            verdicts[row] = Verdict(plausibility, doubtful[row] if rejected else None)
        return verdicts

    def _suspicion(self, detection: Detection, measured: BoxMeasurements, height: int, width: int) -> _Suspicion | None:
        """What speaks against a detection; only then it may be rejected."""
        known = self._known.get(detection.label)
        size = metric_size(measured)
        if known is None or not size.known:
            return None
        if known.possible is None:
            return _Suspicion(_unlikely(detection.label, size), sure=False)
        whole = is_whole(detection.box, height, width)
        reason = oddity(detection.label, size, known.possible, whole=whole)
        return None if reason is None else _Suspicion(reason, whole and is_far_too_small(size, known.possible))


def _unlikely(label: str, size: MetricSize) -> str:
    """Words for a label without limits, on which the network decides alone."""
    parts = []
    if size.height is not None and size.width is not None:
        parts.append(f"{size.height:.2f} m tall and {size.width:.2f} m wide at {size.distance:.1f} m")
    if size.lower is not None:
        parts.append(f"its lower edge {size.lower:.2f} m over the floor")
    if size.floor_height is not None:
        parts.append(f"{size.floor_height:.2f} m tall if it stands on the floor, {size.floor_distance:.1f} m away")
    return f"unlikely for a {label}: {', '.join(parts)}"
