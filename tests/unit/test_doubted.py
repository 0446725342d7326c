"""What the second head rejects is no person for the rules, and one for the governor."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from camera_views import Slab, look, wall_behind
from synthetic_run import SyntheticRun

from behaviors import Cue, Point2, Posture, RobotState, SE2Pose, SE2Velocity, Walk
from models import Box, Detection
from spot_agent.cameras import Frame, FrameTimes, Upright
from spot_agent.config import AgentConfig
from spot_agent.perception import CueMaker, Found, Rejected, Track, Tracker
from spot_agent.reporting import DecisionLog
from spot_agent.runtime.decide import Decider, Verdict

STEP = 0.1  # s
ORIGIN = SE2Pose(0.0, 0.0, 0.0)
WHY = "0.21 m tall at 1.4 m; a person has at least 0.40 m"
CUES = {
    "person": {"detector": "objects", "label": "person", "confidence": 0.5, "keep_distance": True},
    "sign": {"detector": "objects", "label": "stop sign", "confidence": 0.5, "keep_distance": False},
}
RULES = [
    {"name": "sit", "when": {"cue": "person", "seen_for": "0.3 s", "distance": "< 1 m"}, "do": "sit", "priority": 2},
    {"name": "approach", "when": {"cue": "sign"}, "do": {"follow": {"distance": "1 m", "speed": "0.8 m/s"}}},
]
READY = RobotState(
    0.0, posture=Posture.STANDING, powered=True, lease_held=True, estop_alive=True, time_synced=True, battery=0.8
)
BOX, OTHER = Box(100, 200, 160, 350), Box(400, 200, 440, 240)


def config(cues: dict[str, Any] | None = None, **tracking: Any) -> AgentConfig:
    return AgentConfig.model_validate({"cues": cues or CUES, "tracking": tracking, "rules": [] if cues else RULES})


def video_frame(time: float) -> Frame:
    upright = Upright.by_roll(0.0, 640, 480)
    return Frame("frontleft", np.zeros((480, 640), np.uint8), FrameTimes(time, time, time), upright)


def person(score: float = 0.8, box: Box = BOX, label: str = "person") -> Detection:
    return Detection(label, score, box)


class Watched:
    """A tracker and what becomes of its tracks, look by look."""

    def __init__(self, settings: AgentConfig | None = None) -> None:
        self.config = settings or config()
        self.tracker, self.cue_maker = Tracker(self.config), CueMaker(self.config)
        self.time = -STEP

    def look(self, *detections: Detection, rejected: Sequence[Detection] = ()) -> list[Track]:
        self.time = round(self.time + STEP, 3)
        return self.tracker.update(
            [Found("objects", one) for one in detections],
            video_frame(self.time),
            rejected=[Rejected("objects", one, WHY) for one in rejected],
        )

    def looks(self, verdicts: str, detection: Detection | None = None) -> list[Track]:
        """One look a letter: ``+`` is accepted, ``-`` rejected, a space not found."""
        seen = detection or person()
        tracks: list[Track] = []
        for verdict in verdicts:
            tracks = self.look(*[seen] * (verdict == "+"), rejected=[seen] * (verdict == "-"))
        return tracks

    def cues(self) -> list[Cue]:
        return self.cue_maker.cues(self.tracker.tracks, ORIGIN, self.time)


def test_what_is_rejected_is_tracked_as_anything_else_and_doubted() -> None:
    watched = Watched()
    assert [len(watched.looks("-")) for _ in range(4)] == [0, 1, 1, 1], "confirmed as ever"
    (track,) = watched.tracker.tracks
    assert track.believed is None
    (cue,) = watched.cues()
    assert (cue.name, cue.is_person, cue.doubted, cue.confidence, cue.age) == ("person", True, True, 0.8, 0.0)


def test_what_the_robot_keeps_no_distance_from_is_forgotten_when_it_is_rejected() -> None:
    watched = Watched()
    assert watched.looks("-----", person(label="stop sign")) == []


def test_a_thing_keeps_its_identity_through_doubt() -> None:
    watched = Watched()
    for verdicts in ("+++", "--", "+", "---", "++"):
        assert [track.track_id for track in watched.looks(verdicts)] == [1]
    assert [cue.doubted for cue in watched.cues()] == [False]


def test_a_doubt_counts_for_rules_like_a_look_that_missed() -> None:
    watched = Watched(config(forget_after="0.5 s"))
    watched.looks("+++")
    ages = []
    for _ in range(5):
        watched.looks("-")
        (cue,) = watched.cues()
        assert not cue.doubted
        ages.append(cue.age)
    assert ages == pytest.approx([0.1, 0.2, 0.3, 0.4, 0.5])
    watched.looks("-")
    (cue,) = watched.cues()
    assert (cue.track_id, cue.doubted, cue.age) == (1, True, 0.0)


@pytest.mark.parametrize("confirm", [2, 3])
def test_who_was_doubted_counts_again_after_as_many_looks_as_a_new_one(confirm: int) -> None:
    watched = Watched(config(confirm=confirm))
    watched.looks("-" * 10)
    told = []
    for verdict in "+-" + "+" * confirm:
        watched.looks(verdict)
        (cue,) = watched.cues()
        told.append(cue.doubted)
    assert told == [True, True] + [True] * (confirm - 1) + [False]
    assert cue.seen_for == 0.0, "how long it was doubted says nothing for it"
    watched.looks("++")
    assert watched.cues()[0].seen_for == pytest.approx(0.2)


def test_confidence_counts_for_what_is_doubted_too() -> None:
    watched = Watched()
    watched.looks("----", person(0.6))
    assert len(watched.cues()) == 1
    watched.looks("-", person(0.4))
    assert len(watched.cues()) == 1, "who was sure once may be less sure for a while"
    watched.looks("++", person(0.4))
    assert [cue.doubted for cue in watched.cues()] == [True], "no rule may count on a score that was rejected"
    watched.looks("+", person(0.55))
    assert [cue.doubted for cue in watched.cues()] == [False]
    unsure = Watched(config({**CUES, "anybody": {**CUES["person"], "confidence": 0.2, "keep_distance": False}}))
    unsure.looks("----", person(0.4))
    assert unsure.cues() == []


def test_a_doubtful_double_of_somebody_does_not_hide_them() -> None:
    here = Slab(2.5, 0.0, math.pi)
    tracker, cue_maker = Tracker(config()), CueMaker(config())
    for index in range(5):
        view = look("frontright", ORIGIN, [here, wall_behind(here, 4.0)], index * STEP)
        whole = view.box()
        upper = Box(whole.x_min, whole.y_min, whole.x_max, whole.y_min + 0.6 * whole.height)
        tracks = tracker.update([Found("objects", person(0.6, whole))], view.frame, None, [
            Rejected("objects", person(0.9, upper), WHY)
        ])  # fmt: skip
    (cue,) = cue_maker.cues(tracks, ORIGIN, 0.4)
    assert (cue.doubted, cue.confidence) == (False, 0.6)


@pytest.mark.parametrize("first", ["frontleft", "frontright"])
def test_one_camera_that_doubts_does_not_take_somebody_from_another(first: str) -> None:
    here = Slab(3.0, 0.0, math.pi)
    tracker, cue_maker = Tracker(config()), CueMaker(config())
    cameras = ["frontleft", "frontright"] if first == "frontleft" else ["frontright", "frontleft"]
    told: list[list[bool]] = []
    for index in range(10):
        for camera in cameras:
            view = look(camera, ORIGIN, [here, wall_behind(here, 4.0)], index * STEP)
            box = view.box()
            found, rejected = [Found("objects", person(box=box))], [Rejected("objects", person(box=box), WHY)]
            is_doubted = camera == "frontleft"
            tracks = tracker.update([] if is_doubted else found, view.frame, None, rejected if is_doubted else ())
            told.append([cue.doubted for cue in cue_maker.cues(tracks, ORIGIN, index * STEP)])
    assert told[4:] == [[False]] * 16
    assert [track.track_id for track in tracks] == [1]


def decide(watched: Watched, decider: Decider, place: Point2, rejected: Sequence[Rejected] = ()) -> Verdict:
    """A decision in which everybody who is tracked stands at a place, and a sign 8 m ahead."""
    tracks = [
        replace(track, position=Point2(8.0, 0.0) if track.label == "stop sign" else place, positioned_at=watched.time)
        for track in watched.tracker.tracks
    ]
    return decider.decide(tracks, replace(READY, time=watched.time), watched.time, rejected)


def governed_at(place: Point2, *, is_rejected: bool, is_there: bool = True) -> Verdict:
    """What becomes of walking towards a sign with somebody at a place."""
    watched = Watched()
    decider, sign = Decider(watched.config, stand_first=False), person(0.9, OTHER, "stop sign")
    accepted, rejected = [person()] * (not is_rejected), [person()] * is_rejected
    for _ in range(4):
        watched.look(sign, *accepted * is_there, rejected=rejected * is_there)
        told = [Rejected("objects", one, WHY) for one in rejected * is_there]
        verdict = decide(watched, decider, place, told)
    return verdict


@pytest.mark.parametrize("distance", [1.1, 1.3, 1.6, 2.0, 4.0])
@pytest.mark.parametrize("side", [-1.0, 0.0, 0.6])
def test_motion_is_bounded_near_a_figurine_as_near_a_person(distance: float, side: float) -> None:
    place = Point2(distance, side)
    doubted, ordinary = (governed_at(place, is_rejected=is_rejected) for is_rejected in (True, False))
    free = governed_at(place, is_rejected=True, is_there=False)
    assert isinstance(doubted.governed.command, Walk)
    assert isinstance(free.governed.command, Walk)
    assert doubted.decision.rule == "approach"
    assert doubted.governed.command == ordinary.governed.command
    assert doubted.governed.notes == tuple(note.replace("#2", "#2 (doubted)") for note in ordinary.governed.notes)
    assert doubted.governed.command.velocity.speed <= free.governed.command.velocity.speed
    assert free.governed.notes == ()


def test_no_rule_acts_on_a_figurine_and_the_reason_is_told() -> None:
    verdict = governed_at(Point2(0.9, 0.0), is_rejected=True)
    assert verdict.decision.reports[0].reason == f"no person in sight; person rejected: {WHY}"
    assert [cue.name for cue in verdict.cues] == ["sign"]
    assert [(cue.name, cue.distance) for cue in verdict.doubted] == [("person", 0.9)]
    assert verdict.governed.command == Walk(SE2Velocity())
    assert verdict.governed.notes == ("person #2 (doubted) is 0.9 m away",)


def test_a_figurine_whose_place_is_unknown_keeps_the_robot_where_it_is() -> None:
    watched = Watched()
    decider = Decider(watched.config, stand_first=False)
    for _ in range(3):
        tracks = watched.look(person(0.9, OTHER, "stop sign"), rejected=[person()])
    sign, figurine = sorted(tracks, key=lambda track: track.label != "stop sign")
    placed = [replace(sign, position=Point2(8.0, 0.0), positioned_at=watched.time), figurine]
    verdict = decider.decide(placed, replace(READY, time=watched.time), watched.time)
    assert verdict.governed.command == Walk(SE2Velocity())
    assert verdict.governed.notes == (f"person #{figurine.track_id} (doubted) is at an unknown distance",)


def test_the_log_tells_of_a_doubt_where_there_is_one(tmp_path: Path) -> None:
    log = DecisionLog(tmp_path, Path("config.yaml"))
    first, second, *_ = SyntheticRun(duration=1.0).ticks()
    log.on_tick(first)
    log.on_tick(replace(second, doubted=[Cue("person", 7, 0.9, 1.0, 0.0, 1.4, 0.0, None, True, doubted=True)]))
    log.on_end({})
    lines = log.path.read_text(encoding="utf-8").splitlines()
    assert "doubted" not in lines[1]
    (told,) = json.loads(lines[2])["doubted"]
    assert (told["name"], told["track_id"], told["distance"], told["doubted"]) == ("person", 7, 1.4, True)
