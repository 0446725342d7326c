"""Figures in YAML: read with their unit, refused without it or with a wrong one."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from behaviors.errors import BehaviorError, QuantityError
from behaviors.quantities import Dimension, Interval, parse_quantity, parse_ratio, shown

GOOD = [
    ("2 m", Dimension.LENGTH, 2.0),
    ("50cm", Dimension.LENGTH, 0.5),
    (" 5 mm ", Dimension.LENGTH, 0.005),
    ("-1.5 m", Dimension.LENGTH, -1.5),
    (".5 m", Dimension.LENGTH, 0.5),
    ("0.3 s", Dimension.TIME, 0.3),
    ("250 ms", Dimension.TIME, 0.25),
    ("2 min", Dimension.TIME, 120.0),
    ("180 deg", Dimension.ANGLE, math.pi),
    ("180°", Dimension.ANGLE, math.pi),
    ("1 rad", Dimension.ANGLE, 1.0),
    ("3.6 km/h", Dimension.SPEED, 1.0),
    ("80 cm/s", Dimension.SPEED, 0.8),
    ("90 deg/s", Dimension.TURN_RATE, math.pi / 2),
    ("10 Hz", Dimension.FREQUENCY, 10.0),
]

BAD = [
    (2, Dimension.LENGTH, "2 has no unit; write for example '2 m'"),
    ("2", Dimension.LENGTH, "'2' has no unit; write for example '2 m'"),
    ("2 kg", Dimension.LENGTH, "'kg' in '2 kg' is not a unit of length; use one of: m, cm, mm"),
    ("10 hz", Dimension.FREQUENCY, "'hz' in '10 hz' is not a unit of rate; use one of: Hz"),
    ("far", Dimension.LENGTH, "'far' is not a length; write for example '2 m'"),
    ("1e3 m", Dimension.LENGTH, "'1e3 m' is not a length"),
    ("nan m", Dimension.LENGTH, "'nan m' is not a length"),
    ("9" * 400 + " m", Dimension.LENGTH, "is too large a figure"),
    (True, Dimension.TIME, "true is not a time; write for example '2 s'"),
    (None, Dimension.TIME, "nothing is not a time"),
    ([1], Dimension.TIME, "a list is not a time"),
    ({"a": 1}, Dimension.TIME, "a mapping is not a time"),
]


@pytest.mark.parametrize(("text", "dimension", "value"), GOOD)
def test_quantity_is_read_in_si_units(text: str, dimension: Dimension, value: float) -> None:
    assert parse_quantity(text, dimension) == pytest.approx(value)


@pytest.mark.parametrize(("value", "dimension", "message"), BAD)
def test_bad_quantity_says_what_to_write(value: object, dimension: Dimension, message: str) -> None:
    with pytest.raises(QuantityError) as caught:
        parse_quantity(value, dimension)
    assert message in str(caught.value)
    assert isinstance(caught.value, BehaviorError)


@given(st.text() | st.integers() | st.floats() | st.none() | st.booleans() | st.lists(st.integers(), max_size=2))
def test_anything_is_read_or_refused(value: object) -> None:
    for dimension in Dimension:
        try:
            assert math.isfinite(parse_quantity(value, dimension))
        except QuantityError as error:
            assert len(str(error)) < 250
        try:
            interval = Interval.parse(value, dimension)
            assert interval.low <= interval.high
        except QuantityError as error:
            assert len(str(error)) < 250


@pytest.mark.parametrize(("value", "ratio"), [(0, 0.0), (1, 1.0), (0.45, 0.45), ("45 %", 0.45), ("100%", 1.0)])
def test_ratio_is_read(value: object, ratio: float) -> None:
    assert parse_ratio(value) == pytest.approx(ratio)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (45, "45 lies outside 0 to 1"),
        (-0.1, "-0.1 lies outside 0 to 1"),
        (math.nan, "nan lies outside 0 to 1"),
        ("120 %", "1.2 lies outside 0 to 1"),
        ("high", "'high' is not a share; write a number from 0 to 1, or '60 %'"),
        (True, "true is not a share"),
    ],
)
def test_bad_ratio_is_refused(value: object, message: str) -> None:
    with pytest.raises(QuantityError) as caught:
        parse_ratio(value)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("< 4 m", (0.0, 4.0), (4.01,)),
        ("<= 4 m", (0.0, 4.0), (4.01,)),
        ("> 1 m", (1.0, 1e9), (0.99,)),
        (">= 1 m", (1.0,), (0.99,)),
        ("1 m .. 400 cm", (1.0, 2.5, 4.0), (0.99, 4.01)),
        ("1m..4m", (1.0, 4.0), (0.0,)),
    ],
)
def test_interval_holds_its_bounds(text: str, inside: tuple[float, ...], outside: tuple[float, ...]) -> None:
    interval = Interval.parse(text, Dimension.LENGTH)
    assert all(value in interval for value in inside)
    assert not any(value in interval for value in outside)
    assert interval.text == text


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("4 m .. 1 m", "is empty: its first bound is above its second"),
        ("4 m", "'4 m' is not a range; write '< 4 m' or '1 m .. 4 m'"),
        (4, "4 is not a range"),
        ("< 4", "'4' has no unit"),
        ("1 .. 4 m", "has no unit"),
        ("< 4 s", "'s' in '4 s' is not a unit of length"),
    ],
)
def test_bad_interval_says_what_to_write(value: object, message: str) -> None:
    with pytest.raises(QuantityError) as caught:
        Interval.parse(value, Dimension.LENGTH)
    assert message in str(caught.value)


def test_a_long_value_is_cut_in_messages() -> None:
    assert len(shown("x" * 1000)) < 70
