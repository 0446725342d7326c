"""Labelled pictures: a folder of them with a ``labels.yaml``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from ruamel.yaml.error import YAMLError

from models.errors import ImageError, ModelError
from models.evaluation.matching import LabelledThing, read_truth

LABEL_FILE = "labels.yaml"
"""The file in a folder of pictures that says what is in each; see ``models.evaluation.read_truth``."""


@dataclass(frozen=True, eq=False)
class LabelledPicture:
    """A picture, and what is truly in it.

    Attributes:
        name: Its file name, or another name that tells it from others.
        image: H×W×3 RGB or H×W grey, ``uint8``.
        things: What is in it, with boxes in its pixels.
    """

    name: str
    image: NDArray[np.uint8]
    things: tuple[LabelledThing, ...]


def read_pictures(folder: Path) -> tuple[LabelledPicture, ...]:
    """Read a folder of labelled pictures.

    Args:
        folder: A folder with a ``labels.yaml`` and the pictures that it names, in any format that OpenCV reads.

    Returns:
        The pictures in RGB, in the order of the label file.

    Raises:
        ModelError: The label file is missing, has another form or names no picture.
        ImageError: A picture is missing, or is none; or a box does not lie in its picture.
    """
    path = folder / LABEL_FILE
    try:
        truth = read_truth(path)
    except OSError as error:
        raise ModelError(f"{path}: the labels of the pictures cannot be read ({error.strerror})") from error
    except (ValueError, YAMLError) as error:
        raise ModelError(f"{path}: the labels of the pictures have another form than expected: {error}") from error
    if not truth:
        raise ModelError(f"{path}: no picture is named there")
    return tuple(_read(folder / name, things) for name, things in truth.items())


def _read(path: Path, things: tuple[LabelledThing, ...]) -> LabelledPicture:
    # Read by Python: OpenCV would print a warning of its own about a missing file.
    try:
        content = np.frombuffer(path.read_bytes(), np.uint8)
    except OSError as error:
        raise ImageError(f"{path}: the picture cannot be read ({error.strerror})") from error
    image = cv2.imdecode(content, cv2.IMREAD_COLOR_RGB) if content.size else None
    if image is None:
        raise ImageError(f"{path}: this is no picture that can be read")
    height, width = image.shape[:2]
    for thing in things:
        box = thing.box
        if not (0 <= box.x_min < box.x_max <= width and 0 <= box.y_min < box.y_max <= height):
            raise ImageError(f"{path}: the box {list(box)} of {thing.label!r} is not within {width}x{height} pixels")
    return LabelledPicture(path.name, image, things)
