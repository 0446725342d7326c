"""Two detectors on the same pictures: figures, agreement, and advice that follows from them."""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from models import Box, Detection, ModelError, View
from models.comparison import Agreement, compare_detectors
from models.evaluation import LabelledPicture, LabelledThing

BOXES = [Box(0, 0, 10, 10), Box(20, 0, 40, 20), Box(50, 50, 60, 70)]
PICTURES = [
    LabelledPicture(str(number), np.full((80, 80, 3), number, np.uint8), (LabelledThing("cup", box),))
    for number, box in enumerate(BOXES)
]


class Fake:
    """Gives for each picture, told by its colour, what it was told to."""

    def __init__(
        self, name: str, found: Sequence[Sequence[Detection]], labels: tuple[str, ...] = ("cup",), seconds: float = 0.0
    ) -> None:
        self.name, self.labels, self._found, self._seconds = name, labels, found, seconds

    def detect(
        self, images: Sequence[NDArray[np.uint8]], views: Sequence[View | None] | None = None
    ) -> list[list[Detection]]:
        time.sleep(self._seconds)
        return [list(self._found[int(image[0, 0, 0])]) for image in images]


def cup(box: Box, score: float = 0.9) -> Detection:
    return Detection("cup", score, box)


RIGHT = [[cup(box)] for box in BOXES]
HALF_RIGHT = [[cup(BOXES[0])], [cup(BOXES[2])], []]
BOTH = (0.3, 0.3)


def test_two_that_say_the_same() -> None:
    result = compare_detectors(Fake("a", RIGHT), Fake("b", RIGHT, seconds=0.002), PICTURES, BOTH)
    assert result.agreement == Agreement(3, 0, 0)
    assert result.first.average_precision.ap == result.second.average_precision.ap == pytest.approx(1)
    assert "as fast, and as accurate" in result.advice[0]
    assert "only 3 things" in result.advice[-1]


def test_the_better_one_is_named() -> None:
    result = compare_detectors(Fake("a", HALF_RIGHT), Fake("b", RIGHT), PICTURES, BOTH)
    assert result.agreement == Agreement(both=1, only_first=1, only_second=2)
    assert result.agreement.share == 0.25
    assert result.first.recall == pytest.approx(1 / 3)
    assert result.advice[0].startswith("Choose b")


def test_one_is_better_and_the_other_is_quicker() -> None:
    good, quick = Fake("good", RIGHT, seconds=0.02), Fake("quick", HALF_RIGHT)
    advice = compare_detectors(good, quick, PICTURES, BOTH).advice
    assert advice[0].startswith("Choose good where a cue must not be missed: average precision 1.000 against")
    assert advice[1].startswith("Choose quick where many cameras share the processor")


def test_weak_detections_count_for_the_curve_and_not_for_agreement() -> None:
    weak = Fake("weak", [[cup(box, 0.2)] for box in BOXES])
    result = compare_detectors(Fake("a", RIGHT), weak, PICTURES, BOTH)
    assert result.second.average_precision.ap == pytest.approx(1)
    assert result.agreement == Agreement(0, 3, 0)


def test_only_common_labels_count() -> None:
    more = [[*found, Detection("dog", 0.9, BOXES[0])] for found in RIGHT]
    result = compare_detectors(Fake("a", more, ("dog", "cup")), Fake("b", RIGHT, ("cup", "car")), PICTURES, BOTH)
    assert result.labels == ("cup",)
    assert result.agreement == Agreement(3, 0, 0)
    with pytest.raises(ModelError, match="a and b have no label in common"):
        compare_detectors(Fake("a", RIGHT), Fake("b", RIGHT, ("car",)), PICTURES, BOTH)


def test_pictures_without_anything_to_find_and_without_detections() -> None:
    empty = [LabelledPicture("0", PICTURES[0].image, ())]
    result = compare_detectors(Fake("a", [[]]), Fake("b", [[]]), empty, BOTH)
    assert result.agreement.share == 1.0
    assert result.advice == ("The pictures hold nothing that both could find, so accuracy cannot be compared.",)


def test_progress_is_told_for_both() -> None:
    told: list[tuple[int, int]] = []
    compare_detectors(
        Fake("a", RIGHT), Fake("b", RIGHT), PICTURES, BOTH, lambda done, total: told.append((done, total))
    )
    assert told == [(number, 6) for number in range(1, 7)]
