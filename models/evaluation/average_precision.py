"""Average precision as the COCO challenge defines it (https://cocodataset.org/#detection-eval).

For one label and one overlap, detections are taken from the best score to the worst. Each is right if it overlaps a
thing of that label that no better one has taken. Precision, made non-increasing, is read at the 101 recalls 0, 0.01,
… 1 and averaged. Of each label, the 100 best detections of a picture count.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.detection import Detection
from models.evaluation.matching import LabelledThing, pairwise_overlaps

OVERLAPS = np.linspace(0.5, 0.95, 10)
"""The intersections over union over which the mean is taken: 0.5, 0.55, … 0.95."""

RECALLS = np.linspace(0, 1, 101)
"""The recalls at which precision is read."""

MOST_DETECTIONS = 100
"""How many detections of one label in one picture count; COCO's ``maxDets``."""


@dataclass(frozen=True)
class LabelPrecision:
    """Average precision for one label, or the mean over labels; each 0 to 1.

    Attributes:
        ap50: At an overlap of 0.5.
        ap75: At an overlap of 0.75.
        ap: The mean over overlaps of 0.5, 0.55, … 0.95.
        things: How many things there were to find.
    """

    ap50: float
    ap75: float
    ap: float
    things: int


@dataclass(frozen=True)
class AveragePrecision:
    """How good detections are over many pictures.

    Attributes:
        by_label: For each label of which there was a thing to find, in alphabetical order.
        mean: The mean over those labels; zeros where there are none.
    """

    by_label: Mapping[str, LabelPrecision]
    mean: LabelPrecision


def average_precision(
    detections: Sequence[Sequence[Detection]], truth: Sequence[Sequence[LabelledThing]]
) -> AveragePrecision:
    """Compute average precision over pictures.

    Args:
        detections: For each picture, what a detector said; with scores as low as it can give, since a threshold cuts
            the curve short.
        truth: For each picture, in the same order, what is in it.

    Returns:
        Average precision for each label, and its mean. Detections of labels of which there is no thing in any picture
        do not count, as in COCO.

    Raises:
        ValueError: There are more pictures in one than in the other.
    """
    labels = sorted({thing.label for things in truth for thing in things if not thing.ignore})
    by_label = {label: _for_label(label, list(zip(detections, truth, strict=True))) for label in labels}
    return AveragePrecision(by_label, _mean(list(by_label.values())))


def _mean(parts: list[LabelPrecision]) -> LabelPrecision:
    if not parts:
        return LabelPrecision(0.0, 0.0, 0.0, 0)
    ap50, ap75, ap = np.mean([(part.ap50, part.ap75, part.ap) for part in parts], axis=0).tolist()
    return LabelPrecision(ap50, ap75, ap, sum(part.things for part in parts))


def _for_label(label: str, pictures: list[tuple[Sequence[Detection], Sequence[LabelledThing]]]) -> LabelPrecision:
    scores, right, excused, things = [np.empty(0)], [np.empty((10, 0), bool)], [np.empty((10, 0), bool)], 0
    for said, true in pictures:
        own = [thing for thing in true if thing.label == label]
        picked = sorted((one for one in said if one.label == label), key=lambda one: -one.score)[:MOST_DETECTIONS]
        things += sum(not thing.ignore for thing in own)
        if picked:
            matches = _match(picked, own)
            scores.append(np.array([one.score for one in picked]))
            right.append(matches[0])
            excused.append(matches[1])
    order = np.argsort(-np.concatenate(scores), kind="stable")
    curve = _area(np.concatenate(right, axis=1)[:, order], np.concatenate(excused, axis=1)[:, order], things)
    return LabelPrecision(float(curve[0]), float(curve[5]), float(curve.mean()), things)


def _match(said: list[Detection], true: list[LabelledThing]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Match detections, best first, with things of their label in one picture, at every overlap at once.

    Returns:
        Two overlaps×detections arrays: which are right, and which count neither way.
    """
    right = np.zeros((len(OVERLAPS), len(said)), bool)
    excused = np.zeros_like(right)
    if not true:
        return right, excused
    ignored = np.array([thing.ignore for thing in true])
    overlaps = pairwise_overlaps(
        np.array([one.box for one in said], float), np.array([thing.box for thing in true], float), ignored
    )
    free = np.tile(~ignored, (len(OVERLAPS), 1))
    for index, own in enumerate(overlaps):
        possible = free & (own >= OVERLAPS[:, np.newaxis])
        right[:, index] = possible.any(axis=1)
        excused[:, index] = ~right[:, index] & (ignored & (own >= OVERLAPS[:, np.newaxis])).any(axis=1)
        taken = np.where(possible, own, -1).argmax(axis=1)
        free[np.flatnonzero(right[:, index]), taken[right[:, index]]] = False
    return right, excused


def _area(right: NDArray[np.bool_], excused: NDArray[np.bool_], things: int) -> NDArray[np.float64]:
    """Area under the curve of precision over recall, for each row of detections sorted by score."""
    hits = np.cumsum(right, axis=1)
    errors = np.cumsum(~right & ~excused, axis=1)
    precision = hits / np.maximum(hits + errors, 1)
    envelope = np.maximum.accumulate(precision[:, ::-1], axis=1)[:, ::-1]
    padded = np.concatenate([envelope, np.zeros((len(envelope), 1))], axis=1)  # recalls never reached count as zero
    at = [np.searchsorted(row / things, RECALLS, side="left") for row in hits]
    areas: NDArray[np.float64] = np.take_along_axis(padded, np.array(at), axis=1).mean(axis=1)
    return areas
