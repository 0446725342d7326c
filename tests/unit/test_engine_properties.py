"""What is true of the engine whatever happens."""

from __future__ import annotations

import pickle
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from behaviors import Cue, Decision, Engine, Memory, Outcome, Point2, Posture, RobotState, Rule, Verdict

NAMES = ("person", "sign", "dog")
figures = st.floats(0.0, 20.0)

cues = st.builds(
    Cue,
    name=st.sampled_from(NAMES),
    track_id=st.integers(0, 4),
    confidence=st.floats(0.0, 1.0),
    seen_for=figures,
    age=st.floats(0.0, 2.0),
    distance=st.none() | figures,
    bearing=st.none() | st.floats(-3.1, 3.1),
    position=st.none() | st.builds(Point2, figures, figures),
    is_person=st.booleans(),
)
states = st.builds(RobotState, time=st.just(0.0), posture=st.sampled_from(Posture))
moments = st.tuples(st.lists(cues, max_size=4), states, st.floats(0.05, 2.0))
actions = st.sampled_from(["sit", "stand", "stop", "turn_to", "follow", "go_to", {"pose": {"hold": "1 s"}}])
needs_target = {"turn_to", "follow", "go_to"}


@st.composite
def rules(draw: st.DrawFn) -> list[Rule]:
    drawn = []
    for index in range(draw(st.integers(0, 5))):
        cue, do = draw(st.sampled_from(NAMES)), draw(actions)
        seen = {
            "cue": cue,
            "confidence": draw(st.sampled_from([0, 0.5])),
            "distance": draw(st.sampled_from(["< 9 m", None])),
        }
        lost = {"cue": cue, "lost_for": "1 s"}
        settings: dict[str, Any] = {"name": f"rule {index}", "do": do, "priority": draw(st.integers(0, 2))}
        settings["when"] = lost if str(do) not in needs_target and draw(st.booleans()) else seen
        settings["while"] = draw(st.sampled_from([None, {"cue": cue}]))
        settings["cooldown"] = draw(st.sampled_from(["0 s", "3 s"]))
        drawn.append(Rule.model_validate(settings))
    return drawn


def tell(engine: Engine, story: list[tuple[list[Cue], RobotState, float]], *, stored: bool = False) -> list[Outcome]:
    """The outcomes of a story; ``stored`` takes the memory out of the process and back at every step."""
    outcomes: list[Outcome] = []
    memory: Memory | None = None
    now = 0.0
    for seen, state, step in story:
        now += step
        outcome = engine.decide(seen, replace(state, time=now), now, memory)
        memory = pickle.loads(pickle.dumps(outcome.memory)) if stored else outcome.memory  # noqa: S301  (our own bytes)
        outcomes.append(outcome)
    return outcomes


stories = st.lists(moments, max_size=12)


@settings(max_examples=150)
@given(rules(), stories)
def test_same_story_same_outcome_also_when_the_memory_is_stored(
    given_rules: list[Rule], story: list[tuple[list[Cue], RobotState, float]]
) -> None:
    once = tell(Engine(given_rules), story)
    assert once == tell(Engine(given_rules), story)
    assert once == tell(Engine(given_rules), story, stored=True)


@settings(max_examples=150)
@given(rules(), stories)
def test_every_rule_is_reported_and_at_most_one_acts(
    given_rules: list[Rule], story: list[tuple[list[Cue], RobotState, float]]
) -> None:
    for outcome in tell(Engine(given_rules), story):
        decision = outcome.decision
        assert [report.rule for report in decision.reports] == [rule.name for rule in given_rules]
        assert all(report.reason for report in decision.reports)
        acting = [report.rule for report in decision.reports if report.verdict is Verdict.ACTING]
        assert acting == ([] if decision.rule is None else [decision.rule])
        assert [bool(memory.acting_since is not None) for memory in outcome.memory.rules] == [
            rule.name == decision.rule for rule in given_rules
        ]


@settings(max_examples=150)
@given(rules(), stories)
def test_nothing_that_wants_to_act_outranks_what_acts(
    given_rules: list[Rule], story: list[tuple[list[Cue], RobotState, float]]
) -> None:
    priority = {rule.name: rule.priority for rule in given_rules}
    for outcome in tell(Engine(given_rules), story):
        wanting = [report.rule for report in outcome.decision.reports if report.verdict is Verdict.OUTRANKED]
        if outcome.decision.rule is None:
            assert not wanting
        else:
            assert all(priority[name] <= priority[outcome.decision.rule] for name in wanting)


@settings(max_examples=150)
@given(rules(), stories)
def test_what_acts_on_a_thing_acts_on_one_in_sight(
    given_rules: list[Rule], story: list[tuple[list[Cue], RobotState, float]]
) -> None:
    by_name = {rule.name: rule for rule in given_rules}
    for (seen, _, _), outcome in zip(story, tell(Engine(given_rules), story), strict=True):
        decision: Decision = outcome.decision
        if decision.rule is not None and by_name[decision.rule].do.needs_target:
            assert any(
                cue.track_id == decision.track_id and cue.name == by_name[decision.rule].when.cue for cue in seen
            )
        if decision.track_id is not None:
            assert decision.evidence_age in [cue.age for cue in seen if cue.track_id == decision.track_id]


@settings(max_examples=100)
@given(rules(), stories, st.randoms())
def test_the_order_of_the_cues_does_not_matter(
    given_rules: list[Rule], story: list[tuple[list[Cue], RobotState, float]], random: Any
) -> None:
    distinct = [(list({(cue.name, cue.track_id): cue for cue in seen}.values()), *rest) for seen, *rest in story]
    shuffled = [(random.sample(seen, len(seen)), *rest) for seen, *rest in distinct]
    assert tell(Engine(given_rules), distinct) == tell(Engine(given_rules), shuffled)  # type: ignore[arg-type]  # same tuples


@settings(max_examples=100)
@given(rules(), stories, st.lists(cues.map(lambda cue: replace(cue, doubted=True)), max_size=3))
def test_what_is_doubted_changes_no_decision(
    given_rules: list[Rule], story: list[tuple[list[Cue], RobotState, float]], doubted: list[Cue]
) -> None:
    besides = [([*doubted, *seen], state, step) for seen, state, step in story]
    assert tell(Engine(given_rules), besides) == tell(Engine(given_rules), story)
