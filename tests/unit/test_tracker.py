"""Identities: one thing keeps one, across cameras, turns and crossings, and only for as long as it may be there."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from camera_views import Slab, look, wall_behind

from behaviors import Point2, SE2Pose
from models import Box, Detection
from spot_agent.cameras import Frame, FrameTimes, Upright
from spot_agent.config import AgentConfig
from spot_agent.perception import Found, Sighting, Track, Tracker

PERSON = {"detector": "objects", "label": "person", "confidence": 0.4, "keep_distance": True}
STEP = 0.1  # s


def config(cues: dict[str, Any] | None = None, **tracking: Any) -> AgentConfig:
    return AgentConfig.model_validate({"cues": cues or {"person": PERSON}, "tracking": tracking})


def found(*boxes: Box, label: str = "person", score: float = 0.8, detector: str = "objects") -> list[Found]:
    return [Found(detector, Detection(label, score, box)) for box in boxes]


def video_frame(time: float, camera: str = "frontleft") -> Frame:
    """A frame of a plain video: no calibration, no poses, no depth."""
    upright = Upright.by_roll(0.0, 640, 480)
    return Frame(camera, np.zeros((480, 640), np.uint8), FrameTimes(time, time, time), upright)


def box_at(x: float, y: float = 200.0, width: float = 60.0, height: float = 150.0) -> Box:
    return Box(x, y, x + width, y + height)


def see(
    tracker: Tracker, camera: str, body: SE2Pose, people: Iterable[Slab], time: float, scores: tuple[float, ...] = ()
) -> list[Track]:
    """One frame with whoever is visible in it, found as well as by a perfect detector."""
    people = list(people)
    walls = [wall_behind(people[0], 4.0)] if people else []
    view = look(camera, body, [*people, *walls], time)
    boxes = [view.box(index) for index in range(len(people))]
    sure = dict(enumerate(scores))
    return tracker.update(
        [
            Found("objects", Detection("person", sure.get(i, 0.8), box))
            for i, box in enumerate(boxes)
            if box is not None
        ],
        view.frame,
    )


def standing(x: float, y: float, body: SE2Pose) -> Slab:
    """Somebody in the body frame, who faces the robot."""
    place = body.from_body(Point2(x, y))
    return Slab(place.x, place.y, math.atan2(body.y - place.y, body.x - place.x))


HERE = SE2Pose(4.0, -3.0, 0.8)


def test_what_is_seen_is_tracked_where_it_is() -> None:
    tracker, visitor = Tracker(config()), standing(3.0, 0.4, HERE)
    for index in range(4):
        tracks = see(tracker, "frontright", HERE, [visitor], index * STEP)
    assert [(track.track_id, track.label, track.detector) for track in tracks] == [(1, "person", "objects")]
    assert (tracks[0].first_seen, tracks[0].latest.time) == (0.1, pytest.approx(0.3))
    assert tracks[0].position is not None
    assert tracks[0].position.distance_to(visitor.place) < 0.1


def test_a_person_that_two_cameras_see_is_one_person() -> None:
    tracker, visitor = Tracker(config()), standing(2.5, 0.0, HERE)
    for index in range(10):
        for camera, delay in (("frontleft", 0.0), ("frontright", 0.03)):
            tracks = see(tracker, camera, HERE, [visitor], index * STEP + delay)
    assert [track.track_id for track in tracks] == [1]


def test_two_people_that_two_cameras_see_are_two() -> None:
    tracker = Tracker(config())
    people = [standing(3.0, 0.6, HERE), standing(3.0, -0.6, HERE)]
    for index in range(6):
        for camera in ("frontleft", "frontright"):
            tracks = see(tracker, camera, HERE, people, index * STEP)
    assert [track.track_id for track in tracks] == [1, 2]


def test_a_person_who_is_lost_in_a_turn_and_found_elsewhere_in_the_picture_is_the_same() -> None:
    tracker, visitor = Tracker(config()), standing(3.0, 0.0, HERE)
    for index in range(5):
        see(tracker, "frontleft", HERE, [visitor], index * STEP)
    for index in range(5, 9):  # too blurred to find anybody
        see(tracker, "frontleft", replace(HERE, yaw=HERE.yaw + 0.07 * (index - 4)), [], index * STEP)
    turned = replace(HERE, yaw=HERE.yaw + 0.35)
    for index in range(9, 13):
        tracks = see(tracker, "frontleft", turned, [visitor], index * STEP)
    assert [track.track_id for track in tracks] == [1]
    assert tracks[0].position is not None
    assert tracks[0].position.distance_to(visitor.place) < 0.2


def test_a_person_who_goes_from_one_camera_to_the_other_is_the_same() -> None:
    tracker = Tracker(config())
    for index in range(30):
        visitor = standing(3.0, 1.4 - index * STEP, HERE)
        for camera in ("frontright", "frontleft"):
            tracks = see(tracker, camera, HERE, [visitor], index * STEP)
    assert [track.track_id for track in tracks] == [1]
    assert tracks[0].position is not None
    assert tracks[0].position.distance_to(visitor.place) < 0.3


def test_two_people_who_cross_keep_their_identities() -> None:
    tracker = Tracker(config())
    places: dict[int, Point2] = {}
    for index in range(41):
        side = 1.0 - index * 0.05  # 0.5 m/s each way
        people = [standing(2.5, side, HERE), standing(4.0, -side, HERE)]
        tracks = see(tracker, "frontright", HERE, people, index * STEP)
        places = {track.track_id: track.position for track in tracks if track.position is not None}
    assert sorted(places) == [1, 2]
    first = min((1, 2), key=lambda identity: places[identity].distance_to(people[0].place))
    assert first == 1, "the near one was found first"
    assert places[2].distance_to(people[1].place) < 0.4


def test_somebody_who_comes_close_takes_nobody_s_identity() -> None:
    tracker = Tracker(config())
    old, new = standing(3.0, 0.0, HERE), standing(3.0, 0.65, HERE)
    for index in range(5):
        see(tracker, "frontright", HERE, [old], index * STEP)
    tracks = see(tracker, "frontright", HERE, [new, old], 5 * STEP, scores=(0.95, 0.6))
    tracks = see(tracker, "frontright", HERE, [new, old], 6 * STEP, scores=(0.95, 0.6))
    places = {track.track_id: track.position for track in tracks}
    assert sorted(places) == [1, 2]
    assert places[1].distance_to(old.place) < 0.15
    assert places[2].distance_to(new.place) < 0.15


def test_a_jump_of_the_measurement_is_ignored_until_time_makes_it_likely() -> None:
    tracker = Tracker(config())
    visitor = standing(3.0, 0.0, HERE)
    view = look("frontright", HERE, [visitor])
    near = view.frame
    far = replace(near, depth=np.where(near.depth > 0, near.depth + 2500, 0).astype(np.uint16))
    detections = found(view.box())
    for index in range(3):
        tracks = tracker.update(detections, at(near, index * STEP))
    (jumped,) = tracker.update(detections, at(far, 0.3))
    assert jumped.position.distance_to(visitor.place) < 0.1
    for index in range(4, 16):
        tracks = tracker.update(detections, at(far, index * STEP))
    assert len(tracks) == 1
    assert tracks[0].position.distance_to(visitor.place) > 2.0, "it is true after all"


def at(frame: Frame, time: float) -> Frame:
    return replace(frame, times=FrameTimes(time, time, time))


def test_velocity_is_that_of_the_walk_and_carries_the_position_on_for_half_a_second() -> None:
    tracker = Tracker(config())
    for index in range(25):
        visitor = standing(2.5 + 0.8 * index * STEP, 0.0, HERE)
        tracks = see(tracker, "frontright", HERE, [visitor], index * STEP)
    (track,) = tracks
    assert math.hypot(track.velocity.x, track.velocity.y) == pytest.approx(0.8, abs=0.15)
    now = track.latest.time
    later, much_later = track.predicted(now + 0.5), track.predicted(now + 5.0)
    assert later == much_later
    assert later.distance_to(track.position) == pytest.approx(0.4, abs=0.1)
    assert track.predicted(now - 3.0) == track.position


@pytest.mark.parametrize("forget_after", ["0.5 s", "2 s"])
def test_a_thing_is_forgotten_after_the_time_that_was_set(forget_after: str) -> None:
    tracker = Tracker(config(forget_after=forget_after))
    for index in range(3):
        tracker.update(found(box_at(100)), video_frame(index * STEP))
    kept = float(forget_after.split()[0])
    assert len(tracker.update([], video_frame(0.2 + kept - 0.05))) == 1
    assert tracker.update([], video_frame(0.2 + kept + 0.05)) == []


def test_video_without_positions_keeps_identities_too() -> None:
    tracker = Tracker(config())
    for index in range(10):
        tracks = tracker.update(found(box_at(100 + 5 * index), box_at(400 - 5 * index)), video_frame(index * STEP))
    assert [track.track_id for track in tracks] == [1, 2]
    assert all(track.position is None and track.predicted(1.0) is None for track in tracks)
    assert tracks[0].latest.box.x_min == pytest.approx(145)


@pytest.mark.parametrize("confirm", [2, 3, 5])
def test_a_thing_counts_once_it_was_found_in_enough_pictures(confirm: int) -> None:
    tracker = Tracker(config(confirm=confirm))
    seen = [len(tracker.update(found(box_at(100)), video_frame(index * STEP))) for index in range(6)]
    assert seen == [int(index + 1 >= confirm) for index in range(6)]


def test_a_single_false_alarm_is_no_thing() -> None:
    tracker = Tracker(config(confirm=2))
    tracker.update([], video_frame(0.0))
    assert tracker.update(found(box_at(100)), video_frame(0.1)) == []
    assert tracker.update([], video_frame(0.2)) == []


def test_what_no_cue_speaks_of_is_not_tracked() -> None:
    tracker = Tracker(config())
    for index in range(4):
        tracks = tracker.update(
            [*found(box_at(100), label="dog"), *found(box_at(300), detector="signs")], video_frame(index * STEP)
        )
    assert tracks == []


def test_one_label_of_two_detectors_is_two_things() -> None:
    cues = {"person": PERSON, "marked person": {**PERSON, "detector": "vests", "confidence": 0.2}}
    tracker = Tracker(config(cues))
    both = [*found(box_at(100)), *found(box_at(102), detector="vests", score=0.3)]
    for index in range(5):
        tracks = tracker.update(both, video_frame(index * STEP))
    assert [(track.track_id, track.detector, track.latest.score) for track in tracks] == [
        (1, "objects", 0.8),
        (2, "vests", 0.3),
    ]


def test_one_place_does_not_make_one_thing_of_two_detectors_finds() -> None:
    cues = {"person": PERSON, "marked person": {**PERSON, "detector": "vests"}}
    tracker, visitor = Tracker(config(cues)), standing(3.0, 0.0, HERE)
    for index in range(5):
        for camera in ("frontleft", "frontright"):
            view = look(camera, HERE, [visitor], index * STEP)
            box = view.box()
            tracks = tracker.update([*found(box), *found(box, detector="vests")], view.frame)
    assert sorted(track.detector for track in tracks) == ["objects", "vests"]


def test_each_detector_has_a_threshold_of_its_own() -> None:
    cues = {"person": PERSON, "marked person": {**PERSON, "detector": "vests", "confidence": 0.2}}
    tracker = Tracker(config(cues))
    weak = [*found(box_at(100), score=0.3), *found(box_at(100), detector="vests", score=0.3)]
    for index in range(5):
        tracks = tracker.update(weak, video_frame(index * STEP))
    assert [track.detector for track in tracks] == ["vests"]


def test_a_person_found_twice_in_one_picture_is_one() -> None:
    tracker, visitor = Tracker(config()), standing(2.5, 0.0, HERE)
    for index in range(5):
        view = look("frontright", HERE, [visitor], index * STEP)
        whole = view.box()
        upper = Box(whole.x_min, whole.y_min, whole.x_max, whole.y_min + 0.6 * whole.height)
        tracks = tracker.update([*found(whole), *found(upper, score=0.6)], view.frame)
    assert len(tracks) == 1
    assert tracks[0].latest.score == 0.8


def test_a_clock_that_was_set_back_makes_it_forget() -> None:
    tracker = Tracker(config())
    for index in range(5):
        tracker.update(found(box_at(100)), video_frame(1000.0 + index * STEP))
    assert tracker.update([], video_frame(700.0)) == [], "its age would be -300 s for five minutes"
    for index in range(1, 4):
        tracks = tracker.update(found(box_at(100)), video_frame(700.0 + index * STEP))
    assert [(track.track_id, track.latest.time) for track in tracks] == [(2, pytest.approx(700.3))]


def test_a_clock_that_was_set_forward_makes_it_forget() -> None:
    tracker = Tracker(config())
    for index in range(3):
        assert len(tracker.update(found(box_at(100)), video_frame(10.0 + index * STEP))) == (index > 0)
    assert tracker.update([], video_frame(400.0)) == []


def test_cameras_need_not_agree_on_the_order_of_their_frames() -> None:
    tracker = Tracker(config())
    for index in range(5):
        tracker.update(found(box_at(100)), video_frame(10.1 + index * STEP, "frontleft"))
        tracks = tracker.update(found(box_at(300)), video_frame(10.0 + index * STEP, "frontright"))
    assert [track.track_id for track in tracks] == [1, 2]


def test_a_sighting_tells_its_detector() -> None:
    sighting = Sighting("left", 1.0, 1, "signs", "stop sign", 0.5, box_at(0), None)
    assert Track(1, "stop sign", 0.0, sighting).detector == "signs"
