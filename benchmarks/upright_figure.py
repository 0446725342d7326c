"""Draw the picture in docs/models.md: what is found in a raw frame of a front camera, and in it turned upright.

python -m benchmarks.upright_figure docs/images/upright.jpg [--photo pedestrians_245.jpg]
"""

from __future__ import annotations

import argparse
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.objects import SETS
from models import Detection, load_detector
from models.evaluation import FRONT_CAMERA_ROLLS, LabelledPicture, as_camera_frame, as_grey, compare, read_pictures

GAP = 12
RIGHT, WRONG = (80, 200, 60), (70, 70, 240)  # BGR
LEAST_SCORE = 0.4


def drawn(picture: LabelledPicture, found: list[Detection]) -> NDArray[np.uint8]:
    """Draw what was found: green if it is there, red if it is not."""
    image = cv2.cvtColor(picture.image, cv2.COLOR_GRAY2BGR)
    surplus = compare(found, picture.things).surplus
    colours = [WRONG if one in surplus else RIGHT for one in found]
    for one, colour in zip(found, colours, strict=True):
        left, top, right, bottom = map(round, one.box)
        cv2.rectangle(image, (left, top), (right, bottom), colour, 2, cv2.LINE_AA)
    for one, colour in zip(found, colours, strict=True):
        _write(image, f"{one.label} {one.score:.2f}", (round(one.box.x_min) - 1, round(one.box.y_min)), colour)
    return image


def _write(image: NDArray[np.uint8], text: str, above: tuple[int, int], colour: tuple[int, int, int]) -> None:
    (width, height), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, 0.42, 1)
    left, bottom = min(above[0], image.shape[1] - width), max(above[1], height + 6)
    cv2.rectangle(image, (left, bottom - height - 6), (left + width, bottom), colour, cv2.FILLED)
    cv2.putText(image, text, (left, bottom - 4), cv2.FONT_HERSHEY_SIMPLEX, 0.42, (0, 0, 0), 1, cv2.LINE_AA)


def cropped(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Leave out what is black all around."""
    left, top, width, height = cv2.boundingRect((image.max(axis=2) > 8).astype(np.uint8))
    return image[top : top + height, left : left + width]


def beside(first: NDArray[np.uint8], second: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Put two pictures beside each other on white, the second as high as the first."""
    height, width = second.shape[:2]
    second = cv2.resize(second, (round(width * first.shape[0] / height), first.shape[0]))
    return np.hstack([first, np.full((first.shape[0], GAP, 3), 255, np.uint8), second])


def main() -> None:
    """Draw and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--photo", default="pedestrians_245.jpg", help="a held-out photo")
    options = parser.parse_args()
    photo = as_grey(next(each for each in read_pictures(SETS["held-out"]) if each.name == options.photo))
    detector = load_detector("objects", threshold=LEAST_SCORE)
    roll = FRONT_CAMERA_ROLLS[0]
    views = as_camera_frame(photo, roll), as_camera_frame(photo, roll, turn=roll)
    raw, upright = (drawn(view, detector.detect([view.image])[0]) for view in views)
    cv2.imwrite(str(options.out), beside(raw, cropped(upright)), [cv2.IMWRITE_JPEG_QUALITY, 88])


if __name__ == "__main__":
    main()
