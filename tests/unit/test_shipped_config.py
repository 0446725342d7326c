"""The config.yaml that comes with the product: without mistakes, and its rules make sense together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from behaviors import Cue, Decision, Engine, Memory, PoseBody, Posture, RobotState, Sit, Stand, Walk
from spot_agent.config import AgentConfig, check_config, shipped_models

SHIPPED = Path(__file__).parents[2] / "config.yaml"
CARDS = ("stop", "sit", "stand", "come", "left", "right", "back", "spin")
STANDING = RobotState(time=0.0, posture=Posture.STANDING)
SITTING = RobotState(time=0.0, posture=Posture.SITTING)
VISITOR = Cue("person", 1, 0.8, 5.0, 0.1, distance=4.0, bearing=0.2, is_person=True)
SIGN = Cue("stop sign", 2, 0.8, 1.0, 0.1, distance=4.0, bearing=0.0)


@pytest.fixture(scope="module")
def config() -> AgentConfig:
    checked = check_config(SHIPPED)
    assert checked.warnings == ()
    return checked.config


class Story:
    def __init__(self, config: AgentConfig) -> None:
        self.engine = Engine(config.rules)
        self.memory: Memory | None = None

    def tell(self, now: float, cues: Sequence[Cue], state: RobotState = STANDING) -> Decision:
        outcome = self.engine.decide(cues, state, now, self.memory)
        self.memory = outcome.memory
        return outcome.decision


def test_people_are_kept_at_a_distance(config: AgentConfig) -> None:
    assert config.cues["person"].keep_distance
    assert not config.cues["stop sign"].keep_distance


def test_visitor_is_followed_and_a_stop_sign_makes_the_robot_sit_until_it_is_gone(config: AgentConfig) -> None:
    story = Story(config)
    assert story.tell(0.0, [VISITOR]).rule == "follow the visitor"
    assert story.tell(1.0, [VISITOR, SIGN]).command == Sit()
    assert story.tell(4.0, [VISITOR, replace(SIGN, distance=9.0)], SITTING).rule == "sit at a stop sign"
    assert story.tell(4.5, [VISITOR], SITTING).rule is None, "the sign was in sight a moment ago"
    assert story.tell(5.0, [VISITOR], SITTING).command == Stand()
    assert story.tell(5.5, [VISITOR], replace(STANDING, posture=Posture.CHANGING)).command == Stand()
    assert story.tell(6.0, [VISITOR]).rule == "follow the visitor"


def test_sign_that_is_seen_far_away_and_lost_does_not_interrupt_following(config: AgentConfig) -> None:
    story = Story(config)
    walking = replace(STANDING, posture=Posture.STEPPING)
    far_sign = replace(SIGN, distance=9.0)
    for index, seen in enumerate([[VISITOR, far_sign], [VISITOR], [VISITOR], [VISITOR, far_sign], [VISITOR]]):
        assert story.tell(index * 1.5, seen, walking).rule == "follow the visitor"


def test_following_starts_within_8_metres_and_goes_on_within_10(config: AgentConfig) -> None:
    story = Story(config)
    story.tell(0.0, [replace(VISITOR, distance=4.0)])
    assert story.tell(0.1, [replace(VISITOR, distance=9.5)]).rule == "follow the visitor"
    assert story.tell(0.2, [replace(VISITOR, distance=10.5)]).rule != "follow the visitor"
    assert story.tell(0.3, [replace(VISITOR, distance=9.5)]).rule != "follow the visitor"


def test_somebody_far_away_is_greeted_once_and_then_looked_at(config: AgentConfig) -> None:
    story = Story(config)
    far = replace(VISITOR, distance=12.0)
    assert isinstance(story.tell(0.0, [far]).command, PoseBody)
    assert story.tell(1.0, [far]).rule == "greet"
    for now in (1.6, 10.0, 60.0):
        decision = story.tell(now, [far])
        assert decision.rule == "look at people"
        assert isinstance(decision.command, Walk)


def test_greeting_gives_way_to_following(config: AgentConfig) -> None:
    story = Story(config)
    assert story.tell(0.0, [replace(VISITOR, distance=8.5)]).rule == "greet"
    assert story.tell(0.5, [replace(VISITOR, distance=7.9)]).rule == "follow the visitor"


def test_plain_video_without_distances_still_decides_something(config: AgentConfig) -> None:
    story = Story(config)
    flat = replace(VISITOR, distance=None, bearing=None)
    assert story.tell(0.0, [flat]).rule == "greet"
    decision = story.tell(2.0, [flat])
    assert decision.rule is None
    reasons = {report.rule: report.reason for report in decision.reports}
    assert reasons["follow the visitor"] == "the distance of person #1 is unknown, and the rule asks for < 8 m"
    assert reasons["look at people"] == "the bearing of person #1 is unknown"


def test_commented_examples_are_right(tmp_path: Path) -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    # An example is a comment whose text is YAML of this file's own indentation: a detector, a cue, a line of a rule.
    awake = re.sub(r"^  # ([a-z ]+: \{)", r"  \1", text, flags=re.MULTILINE)
    head, examples = awake.split("  # To add a rule, copy one of these")
    lines = examples.splitlines()
    rules = [line.replace("  # ", "  ", 1) if line.startswith("  # ") else line for line in lines[1:]]
    path = tmp_path / "config.yaml"
    path.write_text(head + "\n".join(rules), encoding="utf-8")
    checked = check_config(path, {"cards": CARDS, **shipped_models()})
    assert checked.warnings == ()
    assert list(checked.config.detectors) == ["objects", "people", "cards", "tags", "robot tags"]
    assert [rule.name for rule in checked.config.rules][5:] == [
        "inspect a chair",
        "freeze for a dog",
        "greet whoever waves",
        "sit at the stop card",
        "go to the charging station",
        "look up at whoever stands in front",
    ]
