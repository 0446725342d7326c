from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.letterbox import letterbox

sides = st.integers(1, 900)


@given(sides, sides)
def test_the_whole_picture_comes_back_whole(height: int, width: int) -> None:
    boxed = letterbox(np.full((height, width), 255, np.uint8), 416, 416)
    rows, columns = np.nonzero(boxed.canvas[..., 0])
    canvas_box = np.array([[columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]], np.float32)
    assert boxed.to_picture(canvas_box)[0] == pytest.approx([0, 0, width, height], abs=1e-3)


@given(sides, sides)
def test_one_side_fills_the_canvas_and_the_picture_is_in_the_middle(height: int, width: int) -> None:
    boxed = letterbox(np.full((height, width), 255, np.uint8), 96, 160)
    rows, columns = np.nonzero(boxed.canvas[..., 0])
    above, below = rows.min(), 95 - rows.max()
    left, right = columns.min(), 159 - columns.max()
    assert min(above + below, left + right) == 0
    assert abs(int(above) - int(below)) <= 1
    assert abs(int(left) - int(right)) <= 1


def test_a_picture_of_the_canvas_size_is_taken_as_it_is() -> None:
    picture = np.random.default_rng(0).integers(0, 256, (96, 160, 3), np.uint8)
    assert np.array_equal(letterbox(picture, 96, 160).canvas, picture)


def test_boxes_are_clipped_to_the_picture() -> None:
    boxed = letterbox(np.zeros((100, 200), np.uint8), 416, 416)
    assert boxed.to_picture(np.array([[-9, -9, 999, 999]], np.float32)).tolist() == [[0, 0, 200, 100]]


def test_a_box_beside_the_picture_becomes_empty() -> None:
    boxed = letterbox(np.zeros((100, 200), np.uint8), 416, 416)
    box = boxed.to_picture(np.array([[10, 5, 60, 50]], np.float32))[0]
    assert box[1] == box[3] == 0


def test_strong_reduction_averages() -> None:
    stripes = np.zeros((4160, 4160), np.uint8)
    stripes[:, ::2] = 200
    assert np.ptp(letterbox(stripes, 416, 416).canvas) <= 2
