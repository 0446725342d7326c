from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import Box, BoxMeasurements, Detection
from models.plausibility import FEATURES, features, metric_size

ANYTHING = st.none() | st.floats(allow_nan=True, allow_infinity=True)


def seen(*, height: float, width: float, away: float, lower: float = 0.0, camera: float = 0.5) -> BoxMeasurements:
    """What is measured of an upright rectangle, by hand."""
    top, bottom = math.atan2(lower + height - camera, away), math.atan2(lower - camera, away)
    middle = (top + bottom) / 2
    distance = away / math.cos(middle)
    return BoxMeasurements(2 * math.atan(width / 2 / distance), top - bottom, top, bottom, camera, distance)


def named(vector: np.ndarray) -> dict[str, float]:
    return dict(zip(FEATURES, vector.tolist(), strict=True))


@pytest.mark.parametrize(("height", "width", "away", "lower"), [(1.75, 0.5, 3.0, 0.0), (0.2, 0.06, 1.2, 0.7)])
def test_sizes_are_those_of_the_thing(height: float, width: float, away: float, lower: float) -> None:
    size = metric_size(seen(height=height, width=width, away=away, lower=lower))
    assert size.height == pytest.approx(height)
    assert size.width == pytest.approx(width)
    assert size.lower == pytest.approx(lower, abs=1e-9)
    assert size.upper == pytest.approx(lower + height)


def test_on_the_floor_both_distances_agree() -> None:
    size = metric_size(seen(height=1.7, width=0.5, away=2.5))
    assert size.floor_distance == pytest.approx(2.5)
    assert size.level_distance == pytest.approx(2.5)
    assert size.floor_height == pytest.approx(1.7)
    assert size.floor_width == pytest.approx(0.5)


def test_above_the_floor_the_floor_gives_an_upper_bound_of_the_size() -> None:
    size = metric_size(seen(height=0.2, width=0.1, away=1.0, lower=0.3))
    assert size.floor_height is not None
    assert size.floor_height > 0.2


def test_without_depth_the_floor_still_tells_a_size() -> None:
    size = metric_size(replace(seen(height=1.7, width=0.5, away=2.5), distance=None))
    assert size.height is None
    assert size.floor_height == pytest.approx(1.7)


def test_with_angles_and_distance_alone_there_is_a_size_but_no_place() -> None:
    size = metric_size(BoxMeasurements(angular_width=0.2, angular_height=0.5, distance=2.0))
    assert size.height == pytest.approx(4 * math.tan(0.25))
    assert size.lower is None


def test_nothing_measured_is_nothing_known() -> None:
    assert not metric_size(BoxMeasurements()).known
    assert not metric_size(BoxMeasurements(camera_height=0.5, top_elevation=0.4, bottom_elevation=0.1)).known


@given(st.builds(BoxMeasurements, *[ANYTHING] * 6), st.floats(0, 1), st.floats(1e-3, 600), st.floats(1e-3, 400))
def test_features_are_finite_whatever_is_measured(
    measured: BoxMeasurements, score: float, width: float, height: float
) -> None:
    vector = features(Detection("person", score, Box(5, 5, 5 + width, 5 + height)), measured, 480, 640)
    assert vector.shape == (len(FEATURES),)
    assert vector.dtype == np.float32
    assert np.isfinite(vector).all()
    assert np.abs(vector).max() < 10


@given(st.floats(0.25, 4))
def test_features_do_not_depend_on_the_pictures_scale(scale: float) -> None:
    measured = seen(height=1.7, width=0.5, away=3)
    one = features(Detection("person", 0.6, Box(100, 50, 180, 330)), measured, 480, 640)
    box = Box(*(edge * scale for edge in (100, 50, 180, 330)))
    other = features(Detection("person", 0.6, box), measured, round(480 * scale), round(640 * scale))
    np.testing.assert_allclose(one, other, atol=1e-5)


def test_edges_at_which_a_box_is_cut_off_are_told() -> None:
    told = named(features(Detection("person", 0.5, Box(0, 40, 90, 480)), BoxMeasurements(), 480, 640))
    assert [told[f"cut off {side}"] for side in ("left", "above", "right", "below")] == [1, 0, 0, 1]
    assert told["cut off"] == 1


def test_flags_tell_what_is_known() -> None:
    measured = seen(height=1.7, width=0.5, away=3)
    detection = Detection("person", 0.5, Box(100, 40, 190, 400))
    flags = ("depth known", "floor known", "elevations known")
    assert [named(features(detection, measured, 480, 640))[flag] for flag in flags] == [1, 1, 1]
    without = replace(measured, distance=None)
    assert [named(features(detection, without, 480, 640))[flag] for flag in flags] == [0, 1, 1]
    assert [named(features(detection, BoxMeasurements(), 480, 640))[flag] for flag in flags] == [0, 0, 0]
