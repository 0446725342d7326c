"""Whether what a detector gives can be used."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray

from models import Detection

SLACK = 1.0  # px by which a box may stand over the picture's edge, for rounding


def problem_with(found: object, images: Sequence[NDArray[np.uint8]], labels: Collection[str]) -> str | None:
    """Look for what is wrong with a detector's answer; whoever wrote the detector, the loop must not break on it.

    Args:
        found: What it gave for the pictures.
        images: The pictures.
        labels: Those that it said it could give.

    Returns:
        What is wrong, in words; ``None`` if nothing is.
    """
    if not isinstance(found, list) or len(found) != len(images):
        return f"it gave {_size(found)} for {len(images)} pictures, not a list for each"
    for each, image in zip(found, images, strict=True):
        if not isinstance(each, list) or not all(isinstance(item, Detection) for item in each):
            return "it gave something else than a list of detections for a picture"
        for item in each:
            if item.label not in labels:
                return f"it gave the label {item.label!r}, which is none of its own"
            if not _lies_within(item, image):
                size = f"{image.shape[1]}×{image.shape[0]} pixels"
                return f"it gave a box that lies beyond the picture of {size}: {tuple(item.box)}"
    return None


def _size(found: object) -> str:
    return f"{len(found)} results" if isinstance(found, (list, tuple)) else f"a {type(found).__name__}"


def _lies_within(item: Detection, image: NDArray[np.uint8]) -> bool:
    height, width = image.shape[:2]
    box = item.box
    return min(box.x_min, box.y_min) >= -SLACK and box.x_max <= width + SLACK and box.y_max <= height + SLACK
