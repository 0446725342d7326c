"""Cues: tracks by the names of config.yaml, as seen from the body."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from behaviors import Point2, SE2Pose
from models import Box
from spot_agent.config import AgentConfig
from spot_agent.perception import CueMaker, Sighting, Track

ORIGIN = SE2Pose(0.0, 0.0, 0.0)
PERSON = {"detector": "objects", "label": "person", "confidence": 0.5, "keep_distance": True}


def maker(**cues: dict[str, Any]) -> CueMaker:
    return CueMaker(AgentConfig.model_validate({"cues": cues or {"person": PERSON}}))


def track(
    score: float = 0.8, position: Point2 | None = None, *, track_id: int = 1, time: float = 10.0, label: str = "person",
    detector: str = "objects", velocity: Point2 | None = None,
) -> Track:  # fmt: skip
    sighting = Sighting("frontleft", time, 1, detector, label, score, Box(0, 0, 10, 10), position)
    known = None if position is None else time
    return Track(track_id, label, 8.0, sighting, position, velocity or Point2(0.0, 0.0), known)


coordinates = st.floats(-50, 50)


@settings(max_examples=40)
@given(coordinates, coordinates, st.floats(-math.pi, math.pi), st.floats(0.1, 20), st.floats(-3.1, 3.1))
def test_distance_and_bearing_are_those_of_the_body(
    x: float, y: float, yaw: float, distance: float, bearing: float
) -> None:
    body = SE2Pose(x, y, yaw)
    place = body.from_body(Point2(distance * math.cos(bearing), distance * math.sin(bearing)))
    (cue,) = maker().cues([track(position=place)], body, 10.0)
    assert cue.distance == pytest.approx(distance)
    assert cue.bearing == pytest.approx(bearing, abs=1e-6)
    assert cue.position == place


def test_left_is_positive() -> None:
    (cue,) = maker().cues([track(position=Point2(0.0, 2.0))], ORIGIN, 10.0)
    assert cue.bearing == pytest.approx(math.pi / 2)


def test_what_has_no_position_has_no_distance() -> None:
    (cue,) = maker().cues([track()], ORIGIN, 10.0)
    assert (cue.distance, cue.bearing, cue.position) == (None, None, None)


def test_a_thing_that_moves_is_where_it_has_gone_since() -> None:
    (cue,) = maker().cues([track(position=Point2(2.0, 0.0), velocity=Point2(1.0, 0.0))], ORIGIN, 10.2)
    assert cue.distance == pytest.approx(2.2)


@pytest.mark.parametrize(("now", "age"), [(10.3, 0.3), (10.0, 0.0), (9.9, 0.1), (-290.0, 300.0)])
def test_age_is_the_distance_between_two_robot_times(now: float, age: float) -> None:
    (cue,) = maker().cues([track()], ORIGIN, now)
    assert cue.age == pytest.approx(age), "a frame of the future is no fresh one"
    assert cue.seen_for == 2.0


def test_names_people_and_order_are_those_of_the_configuration() -> None:
    cues = maker(
        sign={"detector": "objects", "label": "stop sign", "keep_distance": False},
        visitor=PERSON,
        anybody={**PERSON, "confidence": 0.1},
    ).cues([track(track_id=1), track(track_id=2, label="stop sign"), track(0.2, track_id=3)], ORIGIN, 10.0)
    assert [(cue.name, cue.track_id, cue.is_person) for cue in cues] == [
        ("sign", 2, False),
        ("visitor", 1, True),
        ("anybody", 1, True),
        ("anybody", 3, True),
    ]


def test_a_cue_is_what_its_own_detector_finds() -> None:
    cues = maker(person=PERSON, marked={**PERSON, "detector": "vests"}).cues(
        [track(track_id=1), track(track_id=2, detector="vests")], ORIGIN, 10.0
    )
    assert [(cue.name, cue.track_id) for cue in cues] == [("person", 1), ("marked", 2)]


def test_who_was_sure_once_may_be_less_sure_for_a_while() -> None:
    cue_maker = maker()

    def seen(score: float) -> bool:
        return bool(cue_maker.cues([track(score)], ORIGIN, 10.0))

    assert [seen(score) for score in (0.4, 0.5, 0.4, 0.31, 0.29, 0.31)] == [False, True, True, True, False, True]


def test_a_new_thing_must_be_sure_by_itself() -> None:
    cue_maker = maker()
    cue_maker.cues([track(0.9)], ORIGIN, 10.0)
    assert cue_maker.cues([track(0.4, track_id=2)], ORIGIN, 10.0) == []
    assert cue_maker.cues([track(0.4)], ORIGIN, 10.0) == [], "it was gone, and so is what was known of it"
