"""How far a training is, and what its figures count."""

import numpy as np
import pytest
from numpy.typing import NDArray

from models.cards.pace import Pace, learning_rate
from models.cards.scoring import best_threshold, detect, score
from models.cards.synthesis import SyntheticPicture
from models.detection import Box, Detection
from models.evaluation import LabelledThing
from models.heads.center import levels


def test_learning_rises_and_falls() -> None:
    rates = [learning_rate(1.0, fraction) for fraction in np.linspace(0, 1, 101)]
    peak = int(np.argmax(rates))
    assert 1 <= peak <= 4 and max(rates) == pytest.approx(1, abs=0.01)
    assert all(a > b for a, b in zip(rates[peak:], rates[peak + 1 :], strict=False))
    assert 0 < rates[0] < 0.1 and 0 < rates[-1] < 0.05


def test_time_or_steps_end_a_training() -> None:
    assert Pace(100, None).fraction(25) == 0.25
    over = Pace(100, 1e-9)
    assert over.fraction(0) == 1.0
    assert Pace(100, 1e9).fraction(200) == 1.0


IMAGE = np.zeros((48, 80, 3), np.uint8)
SMALL, LARGE = Box(8, 8, 24, 26), Box(30, 4, 70, 44)


def picture(*boxes: Box) -> SyntheticPicture:
    return SyntheticPicture(IMAGE, tuple(LabelledThing("a", box) for box in boxes))


def test_figures_count_by_size() -> None:
    pictures = [picture(SMALL, LARGE), picture(LARGE), picture()]
    found = [[Detection("a", 0.9, LARGE)], [Detection("a", 0.8, LARGE), Detection("a", 0.05, SMALL)], []]
    result = score(found, pictures, 0.5)
    assert result.recall == pytest.approx(2 / 3) and result.precision == 1.0
    recalls = {(size.low, size.high): (size.found, size.cards) for size in result.by_size}
    assert recalls[0, 20] == (0, 1) and recalls[28, 48] == (2, 2)
    assert 0.6 < result.map50 < 0.7


def test_the_threshold_keeps_what_is_right() -> None:
    truth = [picture(LARGE).things, picture().things]
    found = [[Detection("a", 0.62, LARGE)], [Detection("a", 0.31, SMALL)]]
    assert 0.31 < best_threshold(found, truth) <= 0.62


def test_pictures_are_brought_to_a_size_that_the_network_takes() -> None:
    shapes = []

    def predict(images: NDArray[np.uint8]) -> dict[str, NDArray[np.float32]]:
        shapes.append(images.shape)
        fine, *_ = every = list(levels(*images.shape[1:3]))
        heat = np.zeros((len(images), every[-1].locations.stop, 1), np.float32)
        heat[:, fine.rows * fine.columns - 1, 0] = 0.9  # in what was added: no part of the picture
        heat[:, fine.columns + 1, 0] = 0.7
        return {"heat": heat, "box": np.zeros((len(images), every[-1].locations.stop, 4), np.float32)}

    found = detect(predict, [IMAGE] * 20, ("a",))
    assert shapes == [(16, 64, 128, 3), (4, 64, 128, 3)]
    assert [len(one) for one in found] == [1] * 20
