"""Rules as config.yaml gives them."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from behaviors import Rule, SafetyLimits
from behaviors.actions import Follow, GoTo, Pose, SitDown, TurnTo
from behaviors.rule import parse_action


@pytest.mark.parametrize(
    ("written", "action"),
    [
        ("sit", SitDown()),
        ("turn to", TurnTo()),
        ("turn-to", TurnTo()),
        ("turn_to", TurnTo()),
        ({"follow": {"distance": "3 m"}}, Follow(distance="3 m")),
        ({"follow": None}, Follow()),
        ({"go to": {}}, GoTo()),
        ({"pose": {"pitch": "10 deg"}}, Pose(pitch="10 deg")),
        (Follow(), Follow()),
    ],
)  # fmt: skip
def test_action_is_read(written: object, action: object) -> None:
    assert parse_action(written) == action


@pytest.mark.parametrize("written", [None, 3, [], {}, ["sit"], {"sit": {}, "stand": {}}, {3: {}}])
def test_what_is_no_action_is_refused(written: object) -> None:
    with pytest.raises(ValueError, match="is not an action; write one such as 'sit'"):
        parse_action(written)


@pytest.mark.parametrize("settings", [0, False, [], "", "2 m", {"distance": "2"}, {"height": "2 m"}])
def test_wrong_settings_of_an_action_are_refused(settings: object) -> None:
    with pytest.raises(ValidationError):
        parse_action({"follow": settings})


@pytest.mark.parametrize(
    "settings", [{"roll": "45 deg"}, {"pitch": "-45 deg"}, {"yaw": "1 rad"}, {"height": "20 cm"}, {"hold": "-1 s"}]
)
def test_pose_stays_within_what_the_body_can_hold(settings: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Pose.model_validate(settings)


@pytest.mark.parametrize(
    "changes",
    [
        {"max_speed": "2 m/s"},
        {"max_speed": "0 m/s"},
        {"max_turn_rate": "2 rad/s"},
        {"person_distance": "0.4 m"},
        {"obstacle_distance": "0.1 m"},
        {"min_battery": 2},
        {"max_evidence_age": "0.6 s"},
    ],
)
def test_safety_can_only_be_made_stricter_than_the_outer_bounds(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        SafetyLimits.model_validate(changes)


def test_rule_defaults() -> None:
    rule = Rule.model_validate({"name": "x", "when": {"cue": "person"}, "do": "sit"})
    assert (rule.hold_while, rule.priority, rule.cooldown) == (None, 0, 0.0)


def test_rule_never_changes() -> None:
    rule = Rule.model_validate({"name": "x", "when": {"cue": "person"}, "do": "sit"})
    with pytest.raises(ValidationError):
        rule.priority = 5  # type: ignore[misc]  # that is the point
