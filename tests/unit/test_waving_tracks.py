"""Waving: told from one person's poses over time, as a thing like any other."""

from __future__ import annotations

import math

import numpy as np
import pytest

from behaviors import SE2Pose
from models import Box, Detection, Joint, Pose
from spot_agent.cameras import Frame, FrameTimes, Upright
from spot_agent.config import AgentConfig
from spot_agent.perception import CueMaker, Found, Track, Tracker
from spot_agent.perception.waving import WaveSpotter

UPRIGHT = Upright.by_roll(0.0, 640, 480)
IMAGE = np.zeros((480, 640), np.uint8)
RATE = 10.0  # Hz


def config(rate: str = "10 Hz") -> AgentConfig:
    return AgentConfig.model_validate({
        "cameras": {"frontleft": {"rate": "10 Hz"}, "frontright": {"rate": "10 Hz"}},
        "detectors": {"people": {"model": "people", "rate": rate}},
        "cues": {"greeting": {"detector": "people", "label": "waving", "keep_distance": False}},
    })  # fmt: skip


def frame(time: float, camera: str = "frontleft") -> Frame:
    return Frame(camera, IMAGE, FrameTimes(time, time, time), UPRIGHT)


def person(x: float, swing: float, *, hand_up: bool = True, label: str = "person") -> Found:
    """Somebody whose right forearm stands at an angle from upright, in radians."""
    points = np.full((17, 3), 0.9)
    points[:, :2] = x, 250.0
    points[Joint.LEFT_SHOULDER, :2], points[Joint.RIGHT_SHOULDER, :2] = (x + 25, 180), (x - 25, 180)
    points[Joint.LEFT_HIP, :2], points[Joint.RIGHT_HIP, :2] = (x + 20, 280), (x - 20, 280)
    points[Joint.LEFT_ELBOW, :2], points[Joint.LEFT_WRIST, :2] = (x + 30, 230), (x + 30, 275)
    up = -1 if hand_up else 1
    points[Joint.RIGHT_ELBOW, :2] = x - 50, 185
    points[Joint.RIGHT_WRIST, :2] = x - 50 + 50 * math.sin(swing), 185 + up * 50 * math.cos(swing)
    return Found("people", Detection(label, 0.7, Box(x - 80, 120, x + 60, 420), Pose.from_array(points)))


def swing(time: float) -> float:
    return 0.7 * math.sin(2 * math.pi * 1.2 * time)


def labels(tracks: list[Track]) -> list[str]:
    return [track.label for track in tracks]


def test_who_waves_is_a_cue_with_the_person_s_box() -> None:
    settings, tracker = config(), Tracker(config())
    for index in range(30):
        tracks = tracker.update([person(200, swing(index / RATE))], frame(index / RATE), ("people",))
    assert labels(tracks) == ["person", "waving"]
    who, wave = tracks
    assert (wave.latest.box, wave.latest.score, wave.detector) == (who.latest.box, 0.7, "people")
    (cue,) = CueMaker(settings).cues(tracks, SE2Pose(0, 0, 0), 2.9)
    assert (cue.name, cue.is_person) == ("greeting", False)


def test_a_still_hand_and_a_swinging_hanging_arm_wave_not() -> None:
    for still, hand_up in ((True, True), (False, False)):
        tracker = Tracker(config())
        for index in range(40):
            found = person(200, 0.0 if still else swing(index / RATE), hand_up=hand_up)
            assert "waving" not in labels(tracker.update([found], frame(index / RATE), ("people",)))


def test_of_two_people_the_one_who_waves_does() -> None:
    tracker = Tracker(config())
    for index in range(30):
        both = [person(150, 0.0), person(450, swing(index / RATE))]
        tracks = tracker.update(both, frame(index / RATE), ("people",))
    (wave,) = [track for track in tracks if track.label == "waving"]
    assert wave.latest.box.centre[0] == pytest.approx(440)


def test_who_stops_waving_is_no_cue_any_more() -> None:
    tracker = Tracker(config())
    for index in range(80):
        waves = index < 30
        tracks = tracker.update([person(200, swing(index / RATE) if waves else 0.0)], frame(index / RATE), ("people",))
    assert labels(tracks) == ["person"]


def test_two_still_cameras_that_see_one_arm_from_two_sides_see_no_wave() -> None:
    spotter = WaveSpotter()
    tracker = Tracker(config())
    for index in range(40):
        camera, side = ("frontleft", 0.7) if index % 2 else ("frontright", -0.7)
        tracks = tracker.update([person(200, side)], frame(index / RATE, camera), ("people",))
        one = [track for track in tracks if track.label == "person"]
        # As if they had been recognised as one person.
        merged = [Track(1, "person", 0.0, track.latest) for track in one]
        assert spotter.look(merged, frame(index / RATE, camera)) == []
    assert "waving" not in labels(tracks)


def test_gestures_with_the_same_pose_make_no_second_wave() -> None:
    cues = {
        "greeting": {"detector": "people", "label": "waving", "keep_distance": False},
        "arm": {"detector": "people", "label": "right arm raised", "keep_distance": False},
    }
    tracker = Tracker(AgentConfig.model_validate({"detectors": {"people": {"model": "people"}}, "cues": cues}))
    for index in range(30):
        angle = swing(index / RATE)
        both = [person(200, angle), person(200, angle, label="right arm raised")]
        tracks = tracker.update(both, frame(index / RATE), ("people",))
    assert sorted(labels(tracks)) == ["person", "right arm raised", "waving"]


def test_it_remembers_nobody_who_is_gone() -> None:
    spotter, tracker = WaveSpotter(), Tracker(config())
    for index in range(200):
        x = 60 + 90 * (index // 5 % 6)
        tracks = tracker.update([person(x, 0.0)], frame(index / RATE), ("people",))
        spotter.look(tracks, frame(index / RATE))
        assert len(spotter._watches) <= 2 * max(1, len(tracks))


def test_a_detector_that_looks_five_times_a_second_sees_a_slow_wave() -> None:
    tracker = Tracker(config("5 Hz"))
    for index in range(40):
        looked, time = index % 2 == 0, index / RATE
        angle = 0.7 * math.sin(2 * math.pi * 0.8 * time + 0.3)
        tracks = tracker.update([person(200, angle)] if looked else [], frame(time), ("people",) if looked else ())
    assert "waving" in labels(tracks)
