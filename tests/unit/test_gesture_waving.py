"""Waving: who does it, who does not, and what must not matter."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from gesture_poses import CLEAR, STANDING, Stickman, mirrored, moved, without
from hypothesis import given
from hypothesis import strategies as st

from models.gestures import Moment, Side, WaveWatch, is_waving, waving_sides
from models.gestures.waving import WINDOW, count_swings
from models.pose import Joint

rates = st.floats(5, 15)
tempos = st.floats(0.9, 2.0)


def waving(
    rate: float, *, tempo: float = 1.25, angle: float = 30, phase: float = 0.0, seconds: float = 2.2
) -> list[Moment]:
    """Somebody whose right forearm waves, seen so many times a second."""
    moments = []
    for index in range(int(seconds * rate) + 1):
        time = index / rate
        lean = angle * math.sin(2 * math.pi * tempo * time + phase)
        moments.append(Moment(time, Stickman(right=(75, 180 + lean)).pose()))
    return moments


def walking(rate: float, *, swing: float = 35, elbow: float = 60, seconds: float = 4.0) -> list[Moment]:
    """Somebody who walks through the picture with swinging arms."""
    moments = []
    for index in range(int(seconds * rate) + 1):
        time = index / rate
        forward = swing * math.sin(2 * math.pi * 0.95 * time)
        pose = replace(STANDING, left=(forward, forward + elbow), right=(-forward, elbow - forward)).pose()
        moments.append(Moment(time, moved(pose, x=1.4 * time)))
    return moments


@given(rates, tempos, st.floats(0, 2 * math.pi))
def test_a_waving_arm_is_seen_at_every_rate(rate: float, tempo: float, phase: float) -> None:
    if 2 * tempo > 0.7 * rate:  # too few pictures of each swing
        return
    assert waving_sides(waving(rate, tempo=tempo, phase=phase)) == {Side.RIGHT}


@pytest.mark.parametrize("tempo", [0.9, 1.0, 1.1])
def test_three_pictures_a_second_are_enough_for_a_calm_wave(tempo: float) -> None:
    phases = [index * math.pi / 8 for index in range(16)]
    seen = [is_waving(waving(3, tempo=tempo, phase=phase)) for phase in phases]
    assert sum(seen) >= 12


@given(rates, st.floats(0.1, 300), st.floats(-500, 500), st.floats(-500, 500))
def test_neither_distance_nor_place_matters(rate: float, scale: float, x: float, y: float) -> None:
    history = [Moment(moment.time, moved(moment.pose, scale, x, y)) for moment in waving(rate)]
    assert waving_sides(history) == waving_sides(waving(rate))


@given(rates, st.floats(-3, 3))
def test_who_walks_while_waving_waves(rate: float, speed: float) -> None:
    history = [Moment(moment.time, moved(moment.pose, x=speed * moment.time)) for moment in waving(rate)]
    assert waving_sides(history) == {Side.RIGHT}


@given(rates)
def test_a_mirror_swaps_the_arms(rate: float) -> None:
    assert waving_sides([Moment(moment.time, mirrored(moment.pose)) for moment in waving(rate)]) == {Side.LEFT}


@given(st.floats(3, 15), st.floats(0, 60), st.floats(0, 89))
def test_walking_is_not_waving(rate: float, swing: float, elbow: float) -> None:
    if swing + elbow >= 90:  # the forearm would rise above the elbow
        return
    assert not is_waving(walking(rate, swing=swing, elbow=elbow))


@pytest.mark.parametrize("label", sorted(CLEAR))
def test_a_still_gesture_is_not_waving(label: str) -> None:
    assert not is_waving([Moment(index / 10, CLEAR[label].pose()) for index in range(30)])


def test_raising_and_lowering_an_arm_once_is_not_waving() -> None:
    angles = [8 + 165 * math.sin(math.pi * index / 20) for index in range(21)]
    history = [Moment(index / 10, Stickman(right=(angle, angle)).pose()) for index, angle in enumerate(angles)]
    assert not is_waving(history)


def test_a_small_wobble_is_not_waving() -> None:
    assert not is_waving(waving(10, angle=4))


def test_slow_or_old_swings_do_not_count() -> None:
    assert not is_waving(waving(10, tempo=0.3))
    old = waving(10)
    later = old[-1].time + WINDOW
    assert not is_waving([*old, Moment(later, old[-1].pose), Moment(later + 0.1, old[-1].pose)])


def test_pictures_without_the_wrist_are_left_out() -> None:
    history = waving(10)
    gaps = [
        Moment(m.time, without(m.pose, Joint.RIGHT_WRIST)) if index % 4 == 1 else m for index, m in enumerate(history)
    ]
    assert waving_sides(gaps) == {Side.RIGHT}
    blind = [Moment(m.time, without(m.pose, Joint.RIGHT_WRIST)) for m in history]
    assert waving_sides(blind) == frozenset()


def test_an_arm_that_comes_down_starts_anew() -> None:
    history = waving(10)
    middle = len(history) - 6
    history[middle] = Moment(history[middle].time, STANDING.pose())
    assert not is_waving(history)


@given(rates)
def test_a_watch_says_what_the_whole_history_says(rate: float) -> None:
    watch = WaveWatch()
    history = [*walking(rate), *(Moment(5 + moment.time, moment.pose) for moment in waving(rate))]
    for index, moment in enumerate(history):
        assert watch.update(moment.time, moment.pose) == is_waving(history[: index + 1])


def test_a_watch_ignores_times_that_do_not_rise() -> None:
    watch = WaveWatch()
    for moment in waving(10):
        before = watch.update(moment.time, moment.pose)
        assert watch.update(moment.time, STANDING.pose()) == before
        assert watch.update(moment.time - 0.5, STANDING.pose()) == before


def test_no_history_is_no_waving() -> None:
    assert waving_sides([]) == frozenset()


@pytest.mark.parametrize(("values", "expected"), [
    ([0.0], 0), ([0.0, 0.9, 0.0], 0), ([0.0, 1.0], 1), ([0.0, 1.0, 0.1, 1.0], 1), ([0.0, 1.0, 0.0, 1.0], 3),
    ([1.0, 0.5, 0.0, 0.5, 1.0], 2), ([0.0, 1.0, 2.0, 3.0], 1), ([3.0, 0.0, 0.9, 0.0, 3.0], 2),
])  # fmt: skip
def test_swings_are_counted_from_turn_to_turn(values: list[float], expected: int) -> None:
    assert count_swings(values, 1.0) == expected
    assert count_swings([-value for value in values], 1.0) == expected
