"""Two detectors side by side: which is better at what, and how far they agree."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from models.detection import Detection
from models.detector import Detector
from models.errors import ModelError
from models.evaluation import Evaluation, LabelledPicture, LabelledThing, compare, evaluate
from models.view import View

_CLEAR_ACCURACY = 0.02  # less of a difference in average precision than this is within what a few pictures decide
_CLEAR_SPEED = 1.2
_MANY_THINGS = 200  # at which the error of a rate of 0.9 is 0.02


@dataclass(frozen=True)
class Agreement:
    """How far two detectors say the same, whether it is true or not.

    Attributes:
        both: Detections of the first that one of the second overlaps by half or more, with the same label.
        only_first: Other detections of the first.
        only_second: Other detections of the second.
    """

    both: int
    only_first: int
    only_second: int

    @property
    def share(self) -> float:
        """The part of all detections that both make, 0 to 1; 1 if there are none."""
        total = self.both + self.only_first + self.only_second
        return self.both / total if total else 1.0


@dataclass(frozen=True)
class ModelComparison:
    """What came out.

    Attributes:
        labels: The labels that both have; only these were compared.
        first: How good the first is on them.
        second: How good the second is.
        agreement: How far they say the same, of what each believes.
        advice: Which to choose for what, in sentences.
    """

    labels: tuple[str, ...]
    first: Evaluation
    second: Evaluation
    agreement: Agreement
    advice: tuple[str, ...]


class Labelled(Protocol):
    """Something with a name and labels: a detector, or what is known of one."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def labels(self) -> tuple[str, ...]:
        """What it can find."""


def common_labels(first: Labelled, second: Labelled) -> tuple[str, ...]:
    """List the labels that both have, in the order of the first.

    Raises:
        ModelError: There are none.
    """
    labels = tuple(label for label in first.labels if label in set(second.labels))
    if not labels:
        raise ModelError(f"{first.name} and {second.name} have no label in common, so there is nothing to compare")
    return labels


class OnlyLabels:
    """A detector that is asked for some of its labels only.

    Args:
        detector: The detector.
        labels: What counts; it has to have these.
    """

    def __init__(self, detector: Detector, labels: Sequence[str]) -> None:
        self._detector, self._labels = detector, tuple(labels)
        self.found: list[list[Detection]] = []

    @property
    def name(self) -> str:
        """The detector's name."""
        return self._detector.name

    @property
    def labels(self) -> tuple[str, ...]:
        """What counts."""
        return self._labels

    def detect(
        self, images: Sequence[NDArray[np.uint8]], views: Sequence[View | None] | None = None
    ) -> list[list[Detection]]:
        """Find things in each picture; all that was ever found is kept in ``found``."""
        found = [[one for one in said if one.label in self._labels] for said in self._detector.detect(images, views)]
        self.found += found
        return found


def compare_detectors(
    first: Detector,
    second: Detector,
    pictures: Sequence[LabelledPicture],
    thresholds: tuple[float, float],
    on_progress: Callable[[int, int], None] | None = None,
) -> ModelComparison:
    """Show two detectors the same labelled pictures.

    Args:
        first: A detector, loaded with a low threshold so that its average precision is right.
        second: Another.
        pictures: Labelled pictures.
        thresholds: For each, the score from which on its detections are believed.
        on_progress: Called after each picture of each with how many are done and how many there are.

    Returns:
        The comparison, on the labels that both have.

    Raises:
        ModelError: They have no label in common.
        ImageError: A picture is none.
        ValueError: There are no pictures.
    """
    labels = common_labels(first, second)
    sides = OnlyLabels(first, labels), OnlyLabels(second, labels)
    total = 2 * len(pictures)
    evaluated, other = (
        evaluate(side, pictures, threshold=threshold, on_progress=_from(on_progress, done, total))
        for side, threshold, done in zip(sides, thresholds, (0, len(pictures)), strict=True)
    )
    believed = [
        [[one for one in said if one.score >= threshold] for said in side.found]
        for side, threshold in zip(sides, thresholds, strict=True)
    ]
    agreement = _agreement(*believed)
    return ModelComparison(labels, evaluated, other, agreement, tuple(_advice(evaluated, other)))


def _from(on_progress: Callable[[int, int], None] | None, before: int, total: int) -> Callable[[int, int], None] | None:
    return None if on_progress is None else lambda done, _: on_progress(before + done, total)


def _agreement(first: Sequence[Sequence[Detection]], second: Sequence[Sequence[Detection]]) -> Agreement:
    counts = np.zeros(3, int)
    for one, other in zip(first, second, strict=True):
        matched = compare(other, [LabelledThing(detection.label, detection.box) for detection in one])
        counts += (len(matched.found), len(matched.missed), len(matched.surplus))
    return Agreement(*counts.tolist())


def _advice(first: Evaluation, second: Evaluation) -> list[str]:
    """Put the figures into advice."""
    if not first.things:
        return ["The pictures hold nothing that both could find, so accuracy cannot be compared."]
    better, worse = sorted((first, second), key=lambda side: -side.average_precision.ap)
    quicker, slower = sorted((first, second), key=lambda side: side.milliseconds)
    accuracy = better.average_precision.ap - worse.average_precision.ap
    speed = slower.milliseconds / max(quicker.milliseconds, 1e-3)
    clear, fast = accuracy >= _CLEAR_ACCURACY, speed >= _CLEAR_SPEED
    figures = f"average precision {better.average_precision.ap:.3f} against {worse.average_precision.ap:.3f}"
    if clear and fast and better is not quicker:
        advice = [
            f"Choose {better.detector} where a cue must not be missed: {figures}.",
            f"Choose {quicker.detector} where many cameras share the processor: it is {speed:.1f} times as fast.",
        ]
    elif clear:
        also = f", and it is {speed:.1f} times as fast" if fast else ", and neither is clearly faster"
        advice = [f"Choose {better.detector}: {figures}{also}."]
    elif fast:
        advice = [f"Choose {quicker.detector}: it is {speed:.1f} times as fast, and as accurate ({figures})."]
    else:
        advice = ["Neither is clearly better; keep the one that you have."]
    if first.things < _MANY_THINGS:
        advice.append(f"There were only {first.things} things to find: more pictures would make this surer.")
    return advice
