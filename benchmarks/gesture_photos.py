"""What is told of real people: in the labelled photographs, and in a video of people who walk about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import islice, pairwise
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.gesture_counts import LEVELS, in_grey, shade
from models import Detection, Detector, model_card
from models.evaluation import compare, read_pictures
from models.gestures import PERSON

DATA = Path(__file__).parents[1] / "tests" / "data"
SETS = {"dev": DATA / "photos", "held-out": DATA / "photos_test"}
HELD = {"left06.jpg": "sitting", "president.jpg": "arms crossed"}
"""The only gestures in the photographs, seen by eye. Legs or hips are out of the picture in both, so by its definition
neither gesture is to be told there."""


def photos(detector: Detector) -> None:
    """Print who is found in the labelled photographs, and every gesture that is said of them."""
    threshold = model_card("people").defaults.threshold
    for name, folder in SETS.items():
        for grey in (False, True):
            found = missed = surplus = 0
            said: list[str] = []
            for picture in read_pictures(folder):
                detections = detector.detect([in_grey(picture.image) if grey else picture.image])[0]
                people = [one for one in detections if one.label == PERSON and one.score >= threshold]
                result = compare(people, [thing for thing in picture.things if thing.label == PERSON])
                found, missed = found + len(result.found), missed + len(result.missed)
                surplus += len(result.surplus)
                said += [f"{one.label} ({picture.name}, {one.score:.2f})" for one in detections if one.label != PERSON]
            people_words = f"{found} of {found + missed} people, {surplus} too many"
            print(f"photographs, {name}, {shade(grey)}: {people_words}; gestures: {said}")
    print(f"gestures truly held in the photographs: {HELD}")


def video(detector: Detector, path: Path, skip: int = 0) -> None:
    """Print how often a gesture is said of people who make none, in single pictures and in two one after another.

    Args:
        detector: Finds them.
        path: The video.
        skip: How many frames at its beginning are left out.
    """
    seen = [detector.detect([image])[0] for image in islice(frames(path), skip, None)]
    people = sum(detection.label == PERSON for detections in seen for detection in detections)
    print(f"{path.name}: {people} people in {len(seen)} pictures")
    for level in LEVELS:
        gestures = [[one for one in said if one.label != PERSON and one.score >= level] for said in seen]
        once = Counter(gesture.label for said in gestures for gesture in said)
        twice = Counter(
            gesture.label
            for before, said in pairwise(gestures)
            for gesture in said
            if any(_again(gesture, other) for other in before)
        )
        print(f"  gestures of {level} or more: {dict(once)} ({once.total() / people:.2%} of the people)")
        print(f"  the same in two pictures one after another: {dict(twice)} ({twice.total() / people:.2%})")


def frames(path: Path) -> Iterator[NDArray[np.uint8]]:
    """Every picture of a video, RGB."""
    source = cv2.VideoCapture(str(path))
    while True:
        there, image = source.read()
        if not there:
            return
        yield np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2RGB), np.uint8)


def _again(gesture: Detection, other: Detection) -> bool:
    """Tell whether somebody in the same place said the same a picture ago."""
    (x, y), (other_x, other_y) = gesture.box.centre, other.box.centre
    near = max(abs(x - other_x), abs(y - other_y)) < gesture.box.height / 4
    return gesture.label == other.label and near
