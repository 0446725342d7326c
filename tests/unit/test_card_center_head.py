"""Reading class maps with boxes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from models import InputSize, ModelLoadError, load_detector
from models.heads.center import CenterHead, decode_boxes, encode_box, levels

Arrays = dict[str, NDArray[np.float32]]


def outputs(classes: int = 3) -> Arrays:
    """Nothing, in a picture of 64×128: 8×16, 4×8 and 2×4 locations."""
    return {"heat": np.zeros((1, 168, classes), np.float32), "box": np.zeros((1, 168, 4), np.float32)}


def at(row: int, column: int, level: int = 0) -> int:
    """Where a location of a level is in the list."""
    return (0, 128, 160)[level] + row * (16, 8, 4)[level] + column


def test_levels_are_told_one_after_the_other() -> None:
    assert [(level.stride, level.rows, level.columns, level.locations) for level in levels(64, 128)] == [
        (8, 8, 16, slice(0, 128)),
        (16, 4, 8, slice(128, 160)),
        (32, 2, 4, slice(160, 168)),
    ]


@pytest.mark.parametrize(("level", "stride"), [(0, 8), (1, 16), (2, 32)])
def test_a_peak_is_a_candidate(level: int, stride: int) -> None:
    given_outputs = outputs()
    given_outputs["heat"][0, at(1, 3, level), 1] = 0.8
    given_outputs["box"][0, at(1, 3, level)] = (0.25, -0.5, np.log(2), np.log(4))
    found = CenterHead().decode(given_outputs, 64, 128, 0.5)
    assert found.scores == pytest.approx([0.8]) and found.classes.tolist() == [1]
    assert found.boxes[0] == pytest.approx(np.array([3.75 - 1, 1 - 2, 3.75 + 1, 1 + 2]) * stride)
    assert found.keypoints is None


def test_neighbours_with_less_heat_are_none_whatever_their_class() -> None:
    given_outputs = outputs()
    given_outputs["heat"][0, at(1, 1), 0], given_outputs["heat"][0, at(1, 2), 2] = 0.9, 0.7
    given_outputs["heat"][0, at(3, 5), 2] = 0.6
    found = CenterHead().decode(given_outputs, 64, 128, 0.5)
    assert sorted(found.classes.tolist()) == [0, 2] and len(found.scores) == 2


def test_what_two_levels_find_is_one_thing_whatever_its_class() -> None:
    given_outputs = outputs()
    given_outputs["heat"][0, at(4, 4), 0], given_outputs["heat"][0, at(2, 2, 1), 1] = 0.6, 0.8
    given_outputs["box"][0, at(4, 4)] = (0.0, 0.0, np.log(4), np.log(4))
    given_outputs["box"][0, at(2, 2, 1)] = (0.0, 0.0, np.log(2), np.log(2))
    found = CenterHead().decode(given_outputs, 64, 128, 0.5)
    assert found.classes.tolist() == [1] and found.scores == pytest.approx([0.8])


def test_below_the_threshold_there_is_nothing_and_shapes_stay() -> None:
    found = CenterHead().decode(outputs(), 64, 128, 0.5)
    assert found.boxes.shape == (0, 4) and found.scores.shape == (0,)
    assert CenterHead().outputs(8) == {"heat": 8, "box": 4}


def test_wild_values_give_finite_boxes() -> None:
    wild = np.array([[1e3, -1e3, 1e9, -1e9]], np.float32)
    assert np.isfinite(decode_boxes(wild, np.array([0]), np.array([0]), 32)).all()


@given(
    corner=st.tuples(st.floats(-20, 300), st.floats(-20, 300)),
    size=st.tuples(st.floats(2, 400), st.floats(2, 400)),
    place=st.tuples(st.integers(0, 40), st.integers(0, 40)),
    stride=st.sampled_from([8, 16, 32]),
)
def test_encoding_and_decoding_are_each_others_reverse(
    corner: tuple[float, float], size: tuple[float, float], place: tuple[int, int], stride: int
) -> None:
    box = np.array([*corner, corner[0] + size[0], corner[1] + size[1]], np.float32)
    rows, columns = (np.array([index]) for index in place)
    assert decode_boxes(encode_box(box, rows, columns, stride), rows, columns, stride)[0] == pytest.approx(
        box, abs=0.02
    )


def test_an_input_that_does_not_halve_twice_is_refused_before_anything_is_exported() -> None:
    with pytest.raises(ModelLoadError, match=r"pictures of 736x640 .* takes multiples of 64: 768x640 is near"):
        load_detector("cards", input_size=InputSize(736, 640))
