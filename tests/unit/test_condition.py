"""When a condition holds, on which cue, and what it says if not."""

from __future__ import annotations

import math
from typing import Any

import pytest
from pydantic import ValidationError

from behaviors import Condition, Cue

NOW = 100.0


def condition(**settings: Any) -> Condition:
    return Condition.model_validate({"cue": "person", **settings})


def person(track_id: int = 1, **changes: Any) -> Cue:
    known: dict[str, Any] = {"confidence": 0.8, "seen_for": 2.0, "age": 0.1, "distance": 3.0, "bearing": 0.0}
    return Cue(name="person", track_id=track_id, **{**known, **changes})


OBJECTIONS = [
    ({"confidence": 0.9}, {}, "person #1 has confidence 0.80, not 0.9 or more"),
    ({"distance": "< 2 m"}, {}, "person #1 is 3.0 m away, not < 2 m"),
    ({"distance": "< 2 m"}, {"distance": None}, "the distance of person #1 is unknown, and the rule asks for < 2 m"),
    ({"bearing": "10 deg .. 30 deg"}, {}, "person #1 is at 0 deg, not 10 deg .. 30 deg"),
    (
        {"bearing": "10 deg .. 30 deg"},
        {"bearing": None},
        "the bearing of person #1 is unknown, and the rule asks for 10 deg .. 30 deg",
    ),
    ({"seen_for": "3 s"}, {}, "person #1 has been seen for 2.0 s, not 3 s"),
]


@pytest.mark.parametrize(("settings", "changes", "reason"), OBJECTIONS)
def test_reason_says_what_is_missing(settings: dict[str, Any], changes: dict[str, Any], reason: str) -> None:
    match = condition(**settings).match([person(**changes)], NOW, NOW)
    assert (match.holds, match.target, match.reason) == (False, None, reason)


def test_everything_must_be_true_of_one_cue() -> None:
    asked = condition(confidence=0.7, distance="< 2 m")
    near_but_doubtful, sure_but_far = person(1, distance=1.0, confidence=0.5), person(2, confidence=0.9)
    assert not asked.match([near_but_doubtful, sure_but_far], NOW, NOW).holds
    both = person(3, distance=1.5, confidence=0.7)
    assert asked.match([near_but_doubtful, sure_but_far, both], NOW, NOW).target == both


def test_match_describes_what_it_found() -> None:
    seen = person(7, bearing=math.radians(20))
    assert condition().match([seen], NOW, NOW).reason == "person #7, confidence 0.80, 3.0 m away, at 20 deg"
    bare = person(7, bearing=None, distance=None)
    assert condition().match([bare], NOW, NOW).reason == "person #7, confidence 0.80"


def test_of_several_the_nearest_then_the_surest_then_the_oldest_counts() -> None:
    far, near, unknown = person(1, distance=5.0), person(2, distance=2.0), person(3, distance=None)
    assert condition().match([far, unknown, near], NOW, NOW).target == near
    doubtful, sure = person(1, confidence=0.6), person(2, confidence=0.9)
    assert condition().match([doubtful, sure], NOW, NOW).target == sure
    assert condition().match([person(5), person(4)], NOW, NOW).target == person(4)


def test_the_preferred_one_wins_while_it_fulfils_the_condition() -> None:
    far, near = person(1, distance=5.0), person(2, distance=2.0)
    assert condition().match([near, far], NOW, NOW, prefer=1).target == far
    assert condition(distance="< 4 m").match([near, far], NOW, NOW, prefer=1).target == near


def test_other_cues_do_not_count() -> None:
    dog = Cue("dog", 1, 0.9, 5.0, 0.0)
    assert condition().match([dog], None, NOW).reason == "no person in sight"
    assert condition().match([dog], NOW - 2.5, NOW).reason == "no person in sight (last seen 2.5 s ago)"


@pytest.mark.parametrize(
    ("last_seen", "holds", "reason"),
    [
        (None, False, "no person has been seen yet, so none is lost"),
        (NOW - 0.9, False, "person was seen 0.9 s ago, not lost for 1 s"),
        (NOW - 1.0, True, "person has been lost for 1.0 s"),
    ],
)
def test_lost_for(last_seen: float | None, holds: bool, reason: str) -> None:
    match = condition(lost_for="1 s").match([], last_seen, NOW)
    assert (match.holds, match.target, match.reason) == (holds, None, reason)


def test_once_begun_it_no_longer_matters_how_long_a_cue_was_seen() -> None:
    asked = condition(seen_for="3 s", distance="< 4 m")
    assert asked.sustained().match([person(seen_for=0.0)], NOW, NOW).holds
    assert not asked.sustained().match([person(distance=5.0)], NOW, NOW).holds


@pytest.mark.parametrize(
    "extra", [{"confidence": 0.5}, {"distance": "< 2 m"}, {"bearing": "< 9 deg"}, {"seen_for": "1 s"}]
)
def test_lost_for_goes_with_nothing_else(extra: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="'lost for' speaks of a cue that is not there"):
        condition(lost_for="1 s", **extra)
