"""Who looks when: by the frames' own times, without drift, and nobody is forgotten."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spot_agent.config import AgentConfig
from spot_agent.runtime.schedule import LookSchedule

START = 1_700_000_000.0


def config(cameras: dict[str, Any] | None = None, **detectors: Any) -> AgentConfig:
    named = {name: {"model": "made up", **settings} for name, settings in detectors.items()}
    return AgentConfig.model_validate({"cameras": cameras or {"left": {"rate": "10 Hz"}}, "detectors": named})


def test_without_rate_and_cameras_it_looks_at_every_frame_of_every_camera() -> None:
    schedule = LookSchedule(config({"left": {}, "right": {}}, objects={}))
    assert [schedule.due(camera, START + i * 0.1) for i in range(3) for camera in ("left", "right")] == [
        ("objects",)
    ] * 6


def test_each_detector_has_its_own_cameras() -> None:
    both = {"left": {}, "right": {}}
    schedule = LookSchedule(config(both, objects={"cameras": ["right"]}, cards={"cameras": ["left"]}, people={}))
    assert schedule.due("left", START) == ("cards", "people")
    assert schedule.due("right", START) == ("objects", "people")


def test_what_the_robot_itself_reports_looks_at_no_frame() -> None:
    schedule = LookSchedule(config(objects={}, tags={"model": "world objects"}))
    assert schedule.due("left", START) == ("objects",)


@pytest.mark.parametrize("rate", ["10 Hz", "25 Hz"])
def test_a_rate_that_the_camera_does_not_exceed_is_every_frame(rate: str) -> None:
    schedule = LookSchedule(config(objects={"rate": rate}))
    # 15 pictures a second, asked for 10 times: the times between them differ.
    times = [0.0, 0.067, 0.2, 0.267, 0.4, 0.467]
    assert all(schedule.due("left", START + time) for time in times)


def test_every_second_frame_at_half_the_rate() -> None:
    schedule = LookSchedule(config(objects={}, cards={"rate": "5 Hz"}))
    looks = [schedule.due("left", START + index * 0.1) for index in range(6)]
    assert looks == [("objects", "cards"), ("objects",)] * 3


def test_a_late_look_does_not_move_the_next() -> None:
    schedule = LookSchedule(config(cards={"rate": "1 Hz"}))
    times = [0.0, 0.5, 1.3, 1.9, 2.0, 2.1, 3.0]  # the frame of 1.0 s was dropped
    assert [time for time in times if schedule.due("left", START + time)] == [0.0, 1.3, 2.0, 3.0]


def test_a_frame_just_before_its_time_counts_for_it() -> None:
    schedule = LookSchedule(config(cards={"rate": "2 Hz"}))
    times = [0.0, 0.1, 0.46, 0.56, 0.94, 0.96, 1.06]
    assert [time for time in times if schedule.due("left", START + time)] == [0.0, 0.46, 0.96]


def test_cameras_have_rhythms_of_their_own() -> None:
    schedule = LookSchedule(config({"left": {}, "right": {}}, cards={"rate": "1 Hz"}))
    assert schedule.due("left", START) == schedule.due("right", START + 0.4) == ("cards",)
    assert schedule.due("left", START + 0.7) == schedule.due("right", START + 1.0) == ()
    assert schedule.due("left", START + 1.0) == schedule.due("right", START + 1.4) == ("cards",)


def test_a_clock_that_was_set_back_begins_anew() -> None:
    schedule = LookSchedule(config(cards={"rate": "1 Hz"}))
    schedule.due("left", START)
    assert schedule.due("left", START - 500.0) == ("cards",)
    assert schedule.due("left", START - 499.5) == ()
    assert schedule.due("left", START - 499.0) == ("cards",)


@settings(max_examples=60)
@given(
    rate=st.floats(0.2, 9.9),
    camera=st.sampled_from([5.0, 10.0, 15.0]),
    jitter=st.lists(st.floats(-0.4, 0.4), min_size=120, max_size=120),
    dropped=st.sets(st.integers(1, 119), max_size=40),
)
def test_it_looks_as_often_as_it_was_told_however_frames_come(
    rate: float, camera: float, jitter: list[float], dropped: set[int]
) -> None:
    cameras = {"left": {"rate": f"{camera:g} Hz"}}
    times = [START + (i + shift) / camera for i, shift in enumerate(jitter) if i not in dropped]
    looks = [[time for time in times if schedule.due("left", time)] for schedule in (
        LookSchedule(config(cameras, cards={"rate": f"{rate:.3f} Hz"})) for _ in range(2)
    )]  # fmt: skip
    assert looks[0] == looks[1], "the same frames give the same looks"
    elapsed = times[-1] - times[0]
    assert len(looks[0]) <= math.floor(elapsed * min(rate, camera) + 1e-3) + 2
    # No look is missing where there were frames: the next frame from half a frame before its time on is looked at.
    period = 1.0 / float(f"{rate:.3f}")
    if rate >= camera:
        assert looks[0] == times
        return
    last = looks[0][0]
    for time in times[1:]:
        if time - last >= period + 0.5 / camera:
            assert time in looks[0], "it was due"
        if time in looks[0]:
            last = time
