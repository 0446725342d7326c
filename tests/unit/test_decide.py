"""From tracks to a governed command: the part of the loop that is the same on a robot and in replay."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from behaviors import Point2, Posture, RobotState, Sit, Stand, Stop, Walk
from models import Box
from spot_agent.config import AgentConfig
from spot_agent.perception import Sighting, Track
from spot_agent.runtime.decide import Decider

CONFIG: dict[str, Any] = {
    "cues": {
        "person": {"detector": "objects", "label": "person", "keep_distance": True},
        "sign": {"detector": "objects", "label": "stop sign", "keep_distance": False},
    },
    "rules": [
        {"name": "sit", "when": {"cue": "sign"}, "do": "sit", "priority": 2, "cooldown": "5 s"},
        {"name": "follow", "when": {"cue": "person"}, "do": "follow"},
    ],
}
STANDING = RobotState(
    100.0, posture=Posture.STANDING, powered=True, lease_held=True, estop_alive=True, time_synced=True, battery=0.8
)
SITTING = replace(STANDING, posture=Posture.SITTING)


def decider(*, stand_first: bool = False) -> Decider:
    return Decider(AgentConfig.model_validate(CONFIG), stand_first=stand_first)


def track(label: str = "person", time: float = 100.0, distance: float = 4.0) -> Track:
    place = Point2(distance, 0.0)
    sighting = Sighting("frontleft", time, 1, "objects", label, 0.9, Box(0, 0, 9, 9), place)
    return Track(1, label, 95.0, sighting, place, positioned_at=time)


def test_a_track_becomes_a_cue_a_decision_and_a_command() -> None:
    verdict = decider().decide([track()], STANDING, 100.1)
    assert [(cue.name, cue.distance) for cue in verdict.cues] == [("person", 4.0)]
    assert (verdict.decision.rule, verdict.decision.track_id) == ("follow", 1)
    assert isinstance(verdict.governed.command, Walk)


def test_the_governor_is_last() -> None:
    verdict = decider().decide([track()], replace(STANDING, lease_held=False), 100.1)
    assert isinstance(verdict.decision.command, Walk)
    assert verdict.governed.command == Stop()
    assert verdict.governed.notes == ("refused: the lease is not ours",)


def test_an_old_sighting_moves_nothing() -> None:
    for now in (100.6, 99.4):
        verdict = decider().decide([track(time=100.0)], replace(STANDING, time=now), now)
        assert verdict.decision.rule == "follow"
        assert verdict.governed.command == Stop()


def test_it_remembers_from_one_moment_to_the_next() -> None:
    one = decider()
    assert one.decide([track("stop sign")], STANDING, 100.0).governed.command == Sit()
    assert one.decide([track("stop sign", 102.0)], replace(SITTING, time=102.0), 102.0).decision.rule is None
    assert "waits until this ends" in one.decide([track("stop sign", 103.0)], SITTING, 103.0).decision.reports[0].reason


def test_it_stands_first_if_it_is_to() -> None:
    one = decider(stand_first=True)
    for posture in (Posture.SITTING, Posture.CHANGING):
        verdict = one.decide([track("stop sign")], replace(STANDING, posture=posture), 100.0)
        assert (verdict.decision.rule, verdict.governed.command) == (None, Stand())
    verdict = one.decide([track("stop sign")], STANDING, 100.2)
    assert verdict.decision.rule == "sit", "no rule had acted before it stood"
    assert one.decide([], SITTING, 100.3).decision.command is None, "it stands up only once"


def test_without_motors_it_is_not_made_to_stand() -> None:
    one = decider(stand_first=True)
    assert one.decide([], replace(SITTING, powered=False), 100.0).governed.command == Stop()


def test_a_clock_that_was_set_back_ends_what_went_by_the_old_one() -> None:
    one = Decider(
        AgentConfig.model_validate(
            {**CONFIG, "rules": [{"name": "bow", "when": {"cue": "person"}, "do": {"pose": {"pitch": "9 deg"}}}]}
        ),
        stand_first=False,
    )
    assert one.decide([track()], STANDING, 100.0).decision.rule == "bow"
    assert one.decide([], STANDING, 99.995).decision.rule == "bow", "time sync corrects by milliseconds"
    verdict = one.decide([], replace(STANDING, time=40.0), 40.0)
    assert (verdict.decision.rule, verdict.governed.command) == (None, Stand()), "it is level again"
    assert one.decide([], replace(STANDING, time=42.0), 42.0).governed.command == Stop()
