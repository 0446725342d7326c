"""Compare detections with what is truly in a picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter
from ruamel.yaml import YAML

from models.detection import Box, Detection


@dataclass(frozen=True)
class LabelledThing:
    """A thing that is truly in a picture: what it is, and where, in pixels."""

    label: str
    box: Box


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
        path: A YAML file: for each picture's file name, a list of ``{label: …, box: [x_min, y_min, x_max, y_max]}``.

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


def compare(detections: Sequence[Detection], truth: Sequence[LabelledThing], *, overlap: float = 0.5) -> Comparison:
    """Match detections with things: the best score first, each thing at most once, as COCO's protocol does.

    Args:
        detections: What a detector said about a picture.
        truth: What is in it.
        overlap: The least intersection over union of a match.

    Returns:
        Who was found, who was missed, and what was said beyond that.
    """
    missed, found, surplus = list(truth), [], []
    for detection in sorted(detections, key=lambda detection: -detection.score):
        rivals = [thing for thing in missed if thing.label == detection.label]
        best = max(rivals, key=lambda thing: intersection_over_union(thing.box, detection.box), default=None)
        if best is None or intersection_over_union(best.box, detection.box) < overlap:
            surplus.append(detection)
        else:
            missed.remove(best)
            found.append(best)
    return Comparison(tuple(found), tuple(missed), tuple(surplus))
