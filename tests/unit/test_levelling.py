"""After a pose the body is level again: the engine asks for it once when no rule acts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from behaviors import Command, Cue, Engine, Memory, PoseBody, Posture, RobotState, Rule, Sit, Stand, Stop, Walk
from behaviors.engine import LEVELLING

STANDING = RobotState(time=0.0, posture=Posture.STANDING)
PERSON = Cue("person", 1, 0.8, 2.0, 0.1, distance=4.0, bearing=0.0)
SIGN = Cue("sign", 2, 0.8, 2.0, 0.1, distance=4.0, bearing=0.0)
BOW = {"name": "bow", "when": {"cue": "person"}, "do": {"pose": {"pitch": "12 deg", "hold": "1 s"}}, "priority": 5}


class Story:
    def __init__(self, *rules: dict[str, Any]) -> None:
        self.engine = Engine([Rule.model_validate(rule) for rule in rules])
        self.memory: Memory | None = None

    def tell(self, now: float, cues: Sequence[Cue] = (), posture: Posture = Posture.STANDING) -> Command | None:
        outcome = self.engine.decide(cues, replace(STANDING, time=now, posture=posture), now, self.memory)
        self.memory = outcome.memory
        return outcome.decision.command


def commands(story: Story, start: float, seconds: float, **settings: Any) -> list[Command | None]:
    return [story.tell(start + index * 0.1, **settings) for index in range(round(seconds * 10))]


def test_a_pose_that_is_done_is_levelled_for_a_moment() -> None:
    story = Story(BOW)
    assert isinstance(story.tell(0.0, [PERSON]), PoseBody)
    after = commands(story, 1.05, 3.0, cues=[PERSON])
    levelled = after.count(Stand())
    assert levelled == pytest.approx(LEVELLING * 10, abs=1)
    assert after == [Stand()] * levelled + [Stop()] * (30 - levelled)


def test_a_pose_whose_reason_ended_is_levelled_too() -> None:
    story = Story({**BOW, "while": {"cue": "person"}})
    for now in (0.0, 5.0):
        assert isinstance(story.tell(now, [PERSON]), PoseBody)
    assert story.tell(5.1) == Stand()
    assert story.tell(5.2 + LEVELLING) == Stop()


def test_without_a_pose_there_is_nothing_to_level() -> None:
    story = Story(BOW, {"name": "follow", "when": {"cue": "sign"}, "do": "follow"})
    assert story.tell(0.0) == Stop()
    assert isinstance(story.tell(0.1, [SIGN]), Walk)
    assert story.tell(0.2) == Stop()


@pytest.mark.parametrize("do", ["follow", "turn to", "stand"])
def test_what_acts_after_the_pose_levels_the_body_itself(do: str) -> None:
    story = Story(BOW, {"name": "next", "when": {"cue": "person"}, "do": do})
    assert isinstance(story.tell(0.0, [PERSON]), PoseBody)
    assert isinstance(story.tell(1.1, [PERSON]), Walk | Stand)
    story.tell(1.2)
    assert story.tell(1.3) == Stop(), "nobody is there any more, and the body is level"


def test_stopping_keeps_the_attitude_so_it_is_levelled_afterwards() -> None:
    story = Story(
        BOW, {"name": "freeze", "when": {"cue": "sign"}, "do": "stop", "while": {"cue": "sign"}, "priority": 9}
    )
    assert isinstance(story.tell(0.0, [PERSON]), PoseBody)
    assert commands(story, 0.1, 3.0, cues=[PERSON, SIGN]) == [Stop()] * 30
    assert story.tell(3.2) == Stand()
    assert story.tell(3.3 + LEVELLING) == Stop()


def test_levelling_that_a_rule_interrupts_begins_anew_if_it_stopped_only() -> None:
    story = Story(
        BOW, {"name": "freeze", "when": {"cue": "sign"}, "do": "stop", "while": {"cue": "sign"}, "priority": 9}
    )
    story.tell(0.0, [PERSON])
    assert story.tell(1.1) == Stand()
    assert story.tell(1.2, [SIGN]) == Stop()
    assert story.tell(1.3) == Stand()
    assert story.tell(1.3 + LEVELLING / 2) == Stand()
    assert story.tell(1.4 + LEVELLING) == Stop()


def test_a_robot_that_changes_its_posture_is_levelled_once_it_stands() -> None:
    story = Story(BOW)
    story.tell(0.0, [PERSON])
    assert commands(story, 1.1, 2.0, posture=Posture.CHANGING) == [None] * 20
    assert story.tell(3.2) == Stand()


def test_sitting_down_ends_the_pose() -> None:
    story = Story(BOW, {"name": "sit", "when": {"cue": "sign"}, "do": "sit", "priority": 9})
    assert isinstance(story.tell(0.0, [PERSON]), PoseBody)
    assert story.tell(0.5, [SIGN]) == Sit()
    assert story.tell(2.5, [SIGN], Posture.SITTING) is None
    assert story.tell(2.6) == Stop(), "somebody made it stand by other means"


def test_a_robot_that_sits_is_left_alone_and_has_forgotten_the_pose() -> None:
    story = Story(BOW)
    story.tell(0.0, [PERSON])
    assert story.tell(1.1, posture=Posture.SITTING) is None
    assert story.tell(1.2) == Stop()


def test_a_second_pose_is_levelled_like_the_first() -> None:
    story = Story(BOW)
    for start in (0.0, 10.0):
        assert isinstance(story.tell(start, [PERSON]), PoseBody)
        assert story.tell(start + 1.1) == Stand()
        assert story.tell(start + 1.2 + LEVELLING) == Stop()
