"""Evaluate a detector on labelled pictures."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from models.detection import Detection
from models.detector import Detector
from models.evaluation.average_precision import LabelPrecision, average_precision
from models.evaluation.matching import Comparison, compare
from models.evaluation.pictures import LabelledPicture


@dataclass(frozen=True)
class LabelResult:
    """How well one label is detected.

    Attributes:
        precision: Average precision; see ``LabelPrecision``.
        found: How many things were found at the threshold, at an overlap of 0.5.
        missed: How many were not.
        surplus: How many detections at the threshold belong to no thing.
    """

    precision: LabelPrecision
    found: int
    missed: int
    surplus: int


@dataclass(frozen=True)
class Evaluation:
    """How good a detector was on some pictures.

    Attributes:
        detector: Its name.
        pictures: How many pictures there were.
        things: How many things were to be found in them; those to be ignored are not counted.
        average_precision: The mean over labels, from detections of every score that the detector gave.
        by_label: For each label with a thing to find or a detection at the threshold, in alphabetical order.
        threshold: The score from which on a detection counts in ``found``, ``surplus``, ``precision`` and ``recall``.
        found: Things found at that threshold, at an overlap of 0.5.
        surplus: Detections at that threshold that belong to no thing.
        precision: The share of detections that are right; 1 if there are none.
        recall: The share of things that were found; 1 if there are none.
        milliseconds: Median time for one picture.
    """

    detector: str
    pictures: int
    things: int
    average_precision: LabelPrecision
    by_label: Mapping[str, LabelResult]
    threshold: float
    found: int
    surplus: int
    precision: float
    recall: float
    milliseconds: float

    def as_json(self) -> dict[str, Any]:
        """Give everything as dictionaries of strings and numbers, ready for ``json.dumps``."""
        return asdict(self)


def evaluate(
    detector: Detector,
    pictures: Sequence[LabelledPicture],
    *,
    threshold: float = 0.0,
    on_progress: Callable[[int, int], None] | None = None,
) -> Evaluation:
    """Run a detector over labelled pictures.

    Average precision uses every detection: give the detector a low threshold of its own, such as 0.05, for the whole
    curve, and here, as ``threshold``, the score from which on its detections will be believed.

    Args:
        detector: What to evaluate. It gets one picture at a time.
        pictures: Labelled pictures; those of ``read_pictures`` or views of them.
        threshold: The least score for ``found``, ``surplus``, ``precision`` and ``recall``. Things and detections of
            labels that the detector does not have are not counted anywhere.
        on_progress: Called after each picture with how many are done and how many there are.

    Returns:
        The figures.

    Raises:
        ImageError: A picture is none.
        ValueError: There are no pictures.
    """
    if not pictures:
        raise ValueError("no pictures were given to evaluate on")
    detections: list[list[Detection]] = []
    times: list[float] = []
    for done, picture in enumerate(pictures, start=1):
        start = time.perf_counter()
        detections.append(detector.detect([picture.image])[0])
        times.append((time.perf_counter() - start) * 1e3)
        if on_progress is not None:
            on_progress(done, len(pictures))
    return _judge(detector, pictures, detections, threshold, float(np.median(times)))


def _judge(
    detector: Detector,
    pictures: Sequence[LabelledPicture],
    detections: list[list[Detection]],
    threshold: float,
    milliseconds: float,
) -> Evaluation:
    known = set(detector.labels)
    truth = [[thing for thing in picture.things if thing.label in known] for picture in pictures]
    precision = average_precision(detections, truth)
    believed = [[one for one in said if one.score >= threshold] for said in detections]
    comparisons = [compare(said, true) for said, true in zip(believed, truth, strict=True)]
    by_label = _by_label(precision.by_label, comparisons)
    found, surplus = (sum(getattr(result, name) for result in by_label.values()) for name in ("found", "surplus"))
    things = precision.mean.things
    return Evaluation(
        detector=detector.name,
        pictures=len(pictures),
        things=things,
        average_precision=precision.mean,
        by_label=by_label,
        threshold=threshold,
        found=found,
        surplus=surplus,
        precision=found / (found + surplus) if found + surplus else 1.0,
        recall=found / things if things else 1.0,
        milliseconds=milliseconds,
    )


def _by_label(precision: Mapping[str, LabelPrecision], comparisons: Sequence[Comparison]) -> dict[str, LabelResult]:
    found, missed, surplus = (
        Counter(one.label for comparison in comparisons for one in getattr(comparison, name))
        for name in ("found", "missed", "surplus")
    )
    nothing = LabelPrecision(0.0, 0.0, 0.0, 0)
    return {
        label: LabelResult(precision.get(label, nothing), found[label], missed[label], surplus[label])
        for label in sorted(precision.keys() | surplus.keys())
    }
