"""How good a network is on synthetic pictures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.cards.synthesis import SyntheticPicture
from models.detection import Box, Detection
from models.evaluation.average_precision import average_precision
from models.evaluation.matching import LabelledThing, compare
from models.heads.center import MULTIPLE, CenterHead

Predict = Callable[[NDArray[np.uint8]], Mapping[str, NDArray[np.float32]]]
"""Runs a network on N×H×W×3 RGB pictures; gives ``heat`` and ``box``, N in front."""

LOWEST_SCORE = 0.02
"""Detections with less do not count in average precision: the curve ends there."""
THRESHOLDS = tuple(round(0.05 * step, 2) for step in range(2, 17))
SIZES = ((0, 20), (20, 28), (28, 48), (48, 96), (96, 1000))
"""Heights in pixels (from, below) for which recall is given apart."""
_BATCH = 16


@dataclass(frozen=True)
class SizeRecall:
    """How many of the cards of some height were found.

    Attributes:
        low: Least height in pixels.
        high: Height in pixels that is no longer among them.
        cards: How many there were.
        found: How many were found.
    """

    low: int
    high: int
    cards: int
    found: int


@dataclass(frozen=True)
class Score:
    """How good a network is.

    Attributes:
        map50: Mean average precision at an overlap of 0.5, as COCO computes it.
        map75: At an overlap of 0.75.
        threshold: The score from which on a detection counted below.
        precision: Share of detections that are right (overlap 0.5).
        recall: Share of cards that were found (overlap 0.5).
        by_size: Recall by height.
    """

    map50: float
    map75: float
    threshold: float
    precision: float
    recall: float
    by_size: tuple[SizeRecall, ...]


def detect(predict: Predict, images: Sequence[NDArray[np.uint8]], labels: Sequence[str]) -> list[list[Detection]]:
    """Run a network on pictures of one size, and read its outputs.

    Args:
        predict: The network.
        images: The pictures, H×W×3 RGB; black is added to the right and below, up to a size that the network takes.
        labels: All labels in the network's order.

    Returns:
        For each picture its detections of ``LOWEST_SCORE`` or more.
    """
    found = []
    height, width = images[0].shape[:2]
    margins = ((0, 0), (0, -height % MULTIPLE), (0, -width % MULTIPLE), (0, 0))
    for start in range(0, len(images), _BATCH):
        batch = np.pad(np.stack(images[start : start + _BATCH]), margins)
        outputs = predict(batch)
        for index in range(len(batch)):
            own = {name: np.asarray(output[index : index + 1]) for name, output in outputs.items()}
            found.append(_detections(own, labels, (batch.shape[1], batch.shape[2]), (height, width)))
    return found


def _detections(
    outputs: Mapping[str, NDArray[np.float32]], labels: Sequence[str], padded: tuple[int, int], shape: tuple[int, int]
) -> list[Detection]:
    candidates = CenterHead().decode(outputs, *padded, LOWEST_SCORE)
    boxes = candidates.boxes.clip(0, [shape[1], shape[0]] * 2)
    return [
        Detection(labels[kind], min(float(score), 1.0), Box(*box.tolist()))
        for box, score, kind in zip(boxes, candidates.scores, candidates.classes, strict=True)
        if (box[2:] > box[:2]).all()
    ]


def best_threshold(detections: Sequence[Sequence[Detection]], truth: Sequence[Sequence[LabelledThing]]) -> float:
    """Choose the threshold with the best balance (F1) of precision and recall."""
    scores: dict[float, float] = {}
    for threshold in THRESHOLDS:
        found, missed, surplus = _count(detections, truth, threshold)
        scores[threshold] = 2 * found / max(2 * found + missed + surplus, 1)
    return max(scores, key=lambda threshold: scores[threshold])


def score(detections: Sequence[Sequence[Detection]], pictures: Sequence[SyntheticPicture], threshold: float) -> Score:
    """Compare detections with what is in the pictures.

    Args:
        detections: For each picture, with scores as low as they come.
        pictures: The pictures, in the same order.
        threshold: Score from which on a detection counts for precision and recall.

    Returns:
        The figures.
    """
    truth = [picture.things for picture in pictures]
    mean = average_precision(detections, truth).mean
    found, missed, surplus = _count(detections, truth, threshold)
    return Score(
        mean.ap50,
        mean.ap75,
        threshold,
        found / max(found + surplus, 1),
        found / max(found + missed, 1),
        _by_size(detections, truth, threshold),
    )


def _above(detections: Sequence[Detection], threshold: float) -> list[Detection]:
    return [detection for detection in detections if detection.score >= threshold]


def _count(
    detections: Sequence[Sequence[Detection]], truth: Sequence[Sequence[LabelledThing]], threshold: float
) -> tuple[int, int, int]:
    results = [compare(_above(said, threshold), true) for said, true in zip(detections, truth, strict=True)]
    found, missed, surplus = (
        sum(map(len, parts)) for parts in zip(*((r.found, r.missed, r.surplus) for r in results), strict=True)
    )
    return found, missed, surplus


def _by_size(
    detections: Sequence[Sequence[Detection]], truth: Sequence[Sequence[LabelledThing]], threshold: float
) -> tuple[SizeRecall, ...]:
    results = [compare(_above(said, threshold), true) for said, true in zip(detections, truth, strict=True)]
    found = np.array([thing.box.height for result in results for thing in result.found])
    missed = np.array([thing.box.height for result in results for thing in result.missed])
    recalls = []
    for low, high in SIZES:
        hits, misses = (int(((heights >= low) & (heights < high)).sum()) for heights in (found, missed))
        recalls.append(SizeRecall(low, high, hits + misses, hits))
    return tuple(recalls)
