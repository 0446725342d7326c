"""Compare detections with what is truly in a picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict, TypeAdapter
from ruamel.yaml import YAML

from models.detection import Box, Detection


@dataclass(frozen=True)
class LabelledThing:
    """A thing that is truly in a picture.

    Attributes:
        label: What it is.
        box: Where it is, in pixels.
        ignore: Whether it counts neither as found nor as missed, and excuses every detection of its label that lies
            in it: a crowd, or a thing too small or too covered to ask for. COCO calls this ``iscrowd``.
    """

    __pydantic_config__ = ConfigDict(extra="forbid")

    label: str
    box: Box
    ignore: bool = False


@dataclass(frozen=True)
class Comparison:
    """How detections fared against the truth.

    Attributes:
        found: Things that a detection of the same label overlaps enough.
        missed: The other things.
        surplus: Detections that belong to no thing, or to one that a better detection had found already.
    """

    found: tuple[LabelledThing, ...]
    missed: tuple[LabelledThing, ...]
    surplus: tuple[Detection, ...]


_LABEL_FILE = TypeAdapter(dict[str, tuple[LabelledThing, ...]])


def read_truth(path: Path) -> dict[str, tuple[LabelledThing, ...]]:
    """Read what is truly in some pictures.

    Args:
        path: A YAML file: for each picture's file name, a list of ``{label: …, box: [x_min, y_min, x_max, y_max]}``;
            ``ignore: true`` may stand beside them.

    Returns:
        The things in each picture, by its file name.

    Raises:
        OSError: The file cannot be read.
        ValueError: The file has another form.
    """
    return _LABEL_FILE.validate_python(YAML(typ="safe", pure=True).load(path))


def intersection_over_union(first: Box, second: Box) -> float:
    """Area that two boxes share, as a fraction of the area that they cover together; 0 to 1."""
    width = min(first.x_max, second.x_max) - max(first.x_min, second.x_min)
    height = min(first.y_max, second.y_max) - max(first.y_min, second.y_min)
    if width <= 0 or height <= 0:
        return 0.0
    return width * height / (first.area + second.area - width * height)


def pairwise_overlaps(
    detected: NDArray[np.float64], true: NDArray[np.float64], ignored: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Compute how much each detected box overlaps each true one.

    Args:
        detected: D×4: x_min, y_min, x_max, y_max.
        true: G×4, likewise.
        ignored: G; which of the true boxes are to be ignored. With these the shared area is divided by the detected
            box's area, so that whatever lies in them overlaps wholly, as COCO does with crowds.

    Returns:
        D×G fractions, 0 to 1.
    """
    corner_low = np.maximum(detected[:, np.newaxis, :2], true[np.newaxis, :, :2])
    corner_high = np.minimum(detected[:, np.newaxis, 2:], true[np.newaxis, :, 2:])
    shared = np.clip(corner_high - corner_low, 0, None).prod(axis=2)
    detected_area = (detected[:, 2:] - detected[:, :2]).prod(axis=1)[:, np.newaxis]
    true_area = (true[:, 2:] - true[:, :2]).prod(axis=1)[np.newaxis]
    covered = np.where(ignored, detected_area, detected_area + true_area - shared)
    overlaps: NDArray[np.float64] = shared / np.maximum(covered, np.finfo(np.float64).tiny)
    return overlaps


def compare(detections: Sequence[Detection], truth: Sequence[LabelledThing], *, overlap: float = 0.5) -> Comparison:
    """Match detections with things: the best score first, each thing at most once, as COCO's protocol does.

    Args:
        detections: What a detector said about a picture.
        truth: What is in it.
        overlap: The least intersection over union of a match.

    Returns:
        Who was found, who was missed, and what was said beyond that.
    """
    missed = [thing for thing in truth if not thing.ignore]
    ignored = [thing for thing in truth if thing.ignore]
    found: list[LabelledThing] = []
    surplus: list[Detection] = []
    for detection in sorted(detections, key=lambda detection: -detection.score):
        rivals = [thing for thing in missed if thing.label == detection.label]
        best = max(rivals, key=lambda thing: intersection_over_union(thing.box, detection.box), default=None)
        if best is not None and intersection_over_union(best.box, detection.box) >= overlap:
            missed.remove(best)
            found.append(best)
        elif not any(_lies_in(detection, thing, overlap) for thing in ignored):
            surplus.append(detection)
    return Comparison(tuple(found), tuple(missed), tuple(surplus))


def _lies_in(detection: Detection, ignored: LabelledThing, overlap: float) -> bool:
    boxes = np.array([detection.box]), np.array([ignored.box])
    share = pairwise_overlaps(*boxes, np.array([True])).item()
    return detection.label == ignored.label and share >= overlap
