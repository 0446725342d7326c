"""Which rule acts: start, continuation, end, spent rules, cooldown, priority and the choice of the target."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from behaviors import (
    Cue,
    Decision,
    Engine,
    Memory,
    Point2,
    PoseBody,
    Posture,
    RobotState,
    Rule,
    SE2Velocity,
    Sit,
    Stand,
    Stop,
    Verdict,
    Walk,
    WalkTo,
)

STANDING = RobotState(time=0.0, posture=Posture.STANDING)
SITTING = RobotState(time=0.0, posture=Posture.SITTING)


def rule(name: str, do: object, cue: str = "person", **settings: Any) -> Rule:
    when = {"cue": cue, **settings.pop("when", {})}
    return Rule.model_validate({"name": name, "when": when, "do": do, **settings})


def person(track_id: int = 1, **changes: Any) -> Cue:
    known: dict[str, Any] = {"confidence": 0.8, "seen_for": 2.0, "age": 0.1, "distance": 3.0, "bearing": 0.0}
    return Cue(name="person", track_id=track_id, **{**known, **changes})


SIGN = Cue("sign", 9, 0.9, 1.0, 0.1, distance=4.0, bearing=0.0)


class Story:
    """An engine that is told what happens, moment by moment."""

    def __init__(self, *rules: Rule) -> None:
        self.engine = Engine(rules)
        self.memory: Memory | None = None

    def tell(self, now: float, cues: Sequence[Cue] = (), state: RobotState = STANDING) -> Decision:
        outcome = self.engine.decide(cues, state, now, self.memory)
        self.memory = outcome.memory
        return outcome.decision


def verdicts(decision: Decision) -> list[Verdict]:
    return [report.verdict for report in decision.reports]


def test_nobody_in_sight() -> None:
    story = Story(rule("follow", "follow"), rule("sit", "sit", "sign"))
    decision = story.tell(0.0)
    assert (decision.rule, decision.command, decision.track_id, decision.evidence_age) == (None, Stop(), None, None)
    assert [(report.rule, report.reason) for report in decision.reports] == [
        ("follow", "no person in sight"),
        ("sit", "no sign in sight"),
    ]


@pytest.mark.parametrize("posture", list(Posture))
def test_without_a_rule_only_a_robot_on_its_feet_is_stopped(posture: Posture) -> None:
    decision = Story().tell(0.0, state=replace(STANDING, posture=posture))
    assert decision.command == (Stop() if posture in (Posture.STANDING, Posture.STEPPING) else None)


def test_acting_rule_names_its_target_and_the_age_of_the_evidence() -> None:
    decision = Story(rule("follow", "follow")).tell(0.0, [person(4)])
    assert (decision.rule, decision.track_id, decision.evidence_age) == ("follow", 4, 0.1)
    assert isinstance(decision.command, Walk)
    assert verdicts(decision) == [Verdict.ACTING]


def test_highest_priority_acts_and_the_other_says_why_not() -> None:
    story = Story(rule("follow", "follow", priority=1), rule("sit", "sit", "sign", priority=2))
    decision = story.tell(0.0, [person(), SIGN])
    assert (decision.rule, decision.command) == ("sit", Sit())
    assert decision.reports[0].verdict is Verdict.OUTRANKED
    assert decision.reports[0].reason.startswith("'sit' acts (priority 2 to 1); person #1")


def test_of_equals_the_one_that_acts_goes_on_and_else_the_first_acts() -> None:
    first, second = rule("first", "turn to"), rule("second", "turn to", "sign")
    assert Story(first, second).tell(0.0, [person(), SIGN]).rule == "first"
    story = Story(first, second)
    assert story.tell(0.0, [SIGN]).rule == "second"
    assert story.tell(0.1, [person(), SIGN]).rule == "second"
    assert story.tell(0.2, [person()]).rule == "first"


def test_target_is_kept_while_it_fulfils_the_condition() -> None:
    story = Story(rule("follow", "follow", when={"distance": "< 5 m"}))
    assert story.tell(0.0, [person(1, distance=4.0)]).track_id == 1
    assert story.tell(0.1, [person(1, distance=4.0), person(2, distance=1.0)]).track_id == 1
    assert story.tell(0.2, [person(1, distance=5.5), person(2, distance=1.0)]).track_id == 2
    assert story.tell(0.3, [person(1, distance=0.5), person(2, distance=1.0)]).track_id == 2


def test_seen_for_counts_at_the_start_only() -> None:
    story = Story(rule("follow", "follow", when={"seen_for": "1 s"}))
    assert story.tell(0.0, [person(1, seen_for=0.9)]).rule is None
    assert story.tell(0.1, [person(1, seen_for=1.0)]).rule == "follow"
    assert story.tell(0.2, [person(2, seen_for=0.0)]).rule == "follow"


def test_lasting_action_ends_with_its_condition() -> None:
    story = Story(rule("follow", "follow", when={"distance": "< 5 m"}))
    assert story.tell(0.0, [person()]).rule == "follow"
    decision = story.tell(0.1, [person(distance=6.0)])
    assert (decision.rule, decision.command) == (None, Stop())
    assert decision.reports[0].reason == "person #1 is 6.0 m away, not < 5 m"
    assert story.tell(0.2, [person()]).rule == "follow"


def test_while_takes_the_place_of_when() -> None:
    story = Story(
        rule("follow", "follow", when={"distance": "< 5 m"}, **{"while": {"cue": "person", "distance": "< 7 m"}})
    )
    assert story.tell(0.0, [person(distance=6.0)]).rule is None
    assert story.tell(0.1, [person(distance=4.0)]).rule == "follow"
    assert story.tell(0.2, [person(distance=6.0)]).rule == "follow"
    assert story.tell(0.3, [person(distance=8.0)]).rule is None
    assert story.tell(0.4, [person(distance=6.0)]).rule is None


def test_sit_while_a_sign_is_seen_lasts_although_the_robot_sits() -> None:
    story = Story(rule("sit", "sit", "sign", when={"distance": "< 5 m"}, **{"while": {"cue": "sign"}}))
    for now, state in ((0.0, STANDING), (0.1, replace(STANDING, posture=Posture.CHANGING)), (5.0, SITTING)):
        decision = story.tell(now, [SIGN], state)
        assert (decision.rule, decision.command) == ("sit", Sit())
    assert story.tell(5.1, [replace(SIGN, distance=None)], SITTING).rule == "sit"
    assert story.tell(5.2, [], SITTING).rule is None


@pytest.mark.parametrize("start", [0.0, 1000.0])
def test_one_shot_rule_is_over_when_its_work_is_done(start: float) -> None:
    story = Story(rule("bow", {"pose": {"pitch": "10 deg", "hold": "2 s"}}))
    assert isinstance(story.tell(start, [person()]).command, PoseBody)
    assert story.tell(start + 1.9, [person()]).rule == "bow"
    decision = story.tell(start + 2.0, [person()])
    assert (decision.rule, decision.reports[0].verdict, decision.reports[0].reason) == (
        None,
        Verdict.SPENT,
        "done after 2.0 s",
    )


def test_one_shot_rule_does_not_start_again_until_its_condition_has_ended() -> None:
    story = Story(rule("bow", {"pose": {"hold": "1 s"}}))
    for now in (0.0, 1.0):
        story.tell(now, [person()])
    for now in (1.1, 2.0, 60.0):
        decision = story.tell(now, [person()])
        assert verdicts(decision) == [Verdict.SPENT]
    assert "waits until this ends: person #1" in decision.reports[0].reason
    assert verdicts(story.tell(61.0)) == [Verdict.WAITING]
    assert story.tell(62.0, [person()]).rule == "bow"


def test_one_shot_rule_that_needs_no_target_finishes_without_its_cue() -> None:
    story = Story(rule("bow", {"pose": {"hold": "1 s"}}))
    assert story.tell(0.0, [person()]).rule == "bow"
    decision = story.tell(0.5)
    assert (decision.rule, decision.track_id, decision.evidence_age) == ("bow", None, None)
    assert verdicts(story.tell(1.0)) == [Verdict.SPENT]


def test_going_somewhere_ends_without_its_target_and_may_start_again() -> None:
    story = Story(rule("fetch", "go to"))
    there = person(position=Point2(3.0, 0.0))
    assert isinstance(story.tell(0.0, [there]).command, WalkTo)
    assert verdicts(story.tell(0.1)) == [Verdict.WAITING]
    assert story.tell(0.2, [there]).rule == "fetch"
    assert verdicts(story.tell(0.3, [replace(there, distance=1.6)])) == [Verdict.SPENT]


def test_going_somewhere_goes_on_when_the_thing_is_nearer_than_where_it_started() -> None:
    story = Story(rule("fetch", {"go to": {"distance": "1 m"}}, when={"distance": "2 m .. 6 m", "confidence": 0.7}))
    there = person(position=Point2(3.0, 0.0))
    assert story.tell(0.0, [there]).rule == "fetch"
    assert story.tell(1.0, [replace(there, distance=1.5, confidence=0.6)]).rule == "fetch"
    assert verdicts(story.tell(2.0, [replace(there, distance=1.1)])) == [Verdict.SPENT]
    assert verdicts(story.tell(3.0, [replace(there, distance=1.1)])) == [Verdict.WAITING]


def test_cooldown_runs_from_the_end() -> None:
    story = Story(rule("follow", "follow", cooldown="3 s"))
    assert story.tell(0.0, [person()]).rule == "follow"
    assert story.tell(5.0).rule is None
    decision = story.tell(7.0, [person()])
    assert (decision.reports[0].verdict, decision.reports[0].reason) == (Verdict.COOLING_DOWN, "for 1.0 s more")
    assert story.tell(8.0, [person()]).rule == "follow"


def test_interrupted_rule_rests_for_its_cooldown_and_is_not_spent() -> None:
    story = Story(rule("bow", {"pose": {"hold": "9 s"}}, cooldown="1 s"), rule("sit", "sit", "sign", priority=1))
    assert story.tell(0.0, [person()]).rule == "bow"
    assert story.tell(1.0, [person(), SIGN]).rule == "sit"
    assert verdicts(story.tell(1.5, [person()], SITTING)) == [Verdict.COOLING_DOWN, Verdict.SPENT]
    assert story.tell(2.0, [person()]).rule == "bow"


def test_action_that_cannot_be_done_leaves_room_for_others() -> None:
    story = Story(rule("follow", "follow", priority=9), rule("stand", "stand", priority=1))
    decision = story.tell(0.0, [person()], SITTING)
    assert (decision.rule, decision.command) == ("stand", Stand())
    assert decision.reports[0].reason == "the robot is sitting, and walking needs it to stand"
    assert story.tell(1.0, [person()], STANDING).rule == "follow"


def test_acting_rule_ends_when_it_can_no_longer_be_done() -> None:
    story = Story(rule("follow", "follow"))
    assert story.tell(0.0, [person()]).rule == "follow"
    assert verdicts(story.tell(0.1, [person()], SITTING)) == [Verdict.WAITING]
    decision = story.tell(0.2, [person(distance=None)])
    assert decision.reports[0].reason == "the distance of person #1 is unknown, and following needs it"


@pytest.mark.parametrize(
    ("do", "state"),
    [("sit", SITTING), ("stand", STANDING), ("stop", STANDING)],
)
def test_postures_are_over_once_the_robot_holds_them(do: str, state: RobotState) -> None:
    story = Story(rule("x", do))
    changing = replace(STANDING, posture=Posture.CHANGING)
    assert story.tell(0.0, [person()], changing).rule == "x"
    assert story.tell(3.0, [person()], changing).rule == "x"
    assert verdicts(story.tell(3.1, [person()], state)) == [Verdict.SPENT]


def test_lost_for_starts_once_for_each_loss() -> None:
    story = Story(rule("stand", "stand", "sign", when={"lost_for": "1 s"}))
    assert story.tell(0.0, [], SITTING).reports[0].reason == "no sign has been seen yet, so none is lost"
    assert story.tell(1.0, [SIGN], SITTING).rule is None  # its newest frame is of 0.9
    assert story.tell(1.8, [], SITTING).reports[0].reason == "sign was seen 0.9 s ago, not lost for 1 s"
    assert story.tell(2.0, [], SITTING).command == Stand()
    assert verdicts(story.tell(3.0, [], STANDING)) == [Verdict.SPENT]
    assert verdicts(story.tell(9.0, [], STANDING)) == [Verdict.SPENT]
    assert verdicts(story.tell(9.5, [SIGN], STANDING)) == [Verdict.WAITING]
    assert story.tell(10.5, [], SITTING).rule == "stand"


def test_a_cue_that_is_only_remembered_counts_from_its_newest_frame() -> None:
    story = Story(rule("stand", "stand", "sign", when={"lost_for": "1 s"}))
    assert story.tell(5.0, [replace(SIGN, age=1.2)], SITTING).rule == "stand"


@pytest.mark.parametrize("do", ["sit", "stop", "turn to", "follow", "go to", {"pose": {"hold": "1 s"}}])
def test_nothing_is_done_about_what_is_doubted(do: object) -> None:
    story = Story(rule("act", do))
    doubted = person(position=Point2(3.0, 0.0), is_person=True, doubted=True)
    for now in (0.0, 1.0):
        decision = story.tell(now, [doubted])
        assert (decision.rule, decision.command, decision.track_id) == (None, Stop(), None)
        assert decision.reports[0].reason == "no person in sight"
    assert story.tell(2.0, [doubted, person(2, position=Point2(5.0, 0.0), distance=5.0)]).track_id == 2


def test_what_is_doubted_is_lost_for_the_rules() -> None:
    story = Story(rule("follow", "follow"), rule("sit", "sit", when={"lost_for": "1 s"}))
    assert story.tell(0.0, [person(age=0.0)]).rule == "follow"
    doubted = person(age=0.0, doubted=True)
    assert story.tell(0.5, [doubted]).reports[0].reason == "no person in sight (last seen 0.5 s ago)"
    assert story.tell(1.0, [doubted]).rule == "sit"


def test_standing_still_is_a_command_of_its_own() -> None:
    decision = Story(rule("follow", "follow")).tell(0.0, [person(distance=1.0)])
    assert (decision.rule, decision.command) == ("follow", Walk(SE2Velocity()))


def test_memory_of_other_rules_is_refused() -> None:
    memory = Engine([rule("a", "sit")]).decide([], STANDING, 0.0).memory
    with pytest.raises(ValueError, match=r"shorter|longer"):
        Engine([rule("a", "sit"), rule("b", "sit")]).decide([], STANDING, 0.1, memory)
