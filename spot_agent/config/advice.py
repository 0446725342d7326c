"""What config.yaml may say and cannot mean: warnings, only where there is no doubt."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from behaviors import Condition, Rule
from behaviors.actions import Follow, GoTo, TurnTo
from spot_agent.config.complaint import Complaint
from spot_agent.config.document import Document
from spot_agent.config.grammar import Path
from spot_agent.config.known_models import PERSON
from spot_agent.config.look_advice import look_doubts
from spot_agent.config.sections import AgentConfig


def doubts(config: AgentConfig, document: Document) -> list[Complaint]:
    """Find what is allowed and certainly not meant.

    Args:
        config: A configuration without mistakes.
        document: The same as it stands in the file, for the places.
    """
    found = [
        *_unused_cues(config),
        *_people_without_distance(config),
        *_weak_confidence(config),
        *_equal_priority(config),
        *_while_never_holds(config),
        *_beyond_limits(config),
        *look_doubts(config),
    ]
    return [Complaint(path, document.place(path), message) for path, message in found]


def _conditions(config: AgentConfig) -> Iterator[tuple[Path, Condition]]:
    for index, rule in enumerate(config.rules):
        yield ("rules", index, "when"), rule.when
        if rule.hold_while is not None:
            yield ("rules", index, "while"), rule.hold_while


def _unused_cues(config: AgentConfig) -> Iterator[tuple[Path, str]]:
    used = {condition.cue for _, condition in _conditions(config)}
    for name, cue in config.cues.items():
        # A person that no rule speaks of still has to be seen: the robot keeps its distance from him.
        if name not in used and not cue.keep_distance:
            yield ("cues", name), "no rule uses this cue"


def _people_without_distance(config: AgentConfig) -> Iterator[tuple[Path, str]]:
    for name, cue in config.cues.items():
        if cue.label == PERSON and not cue.keep_distance:
            yield ("cues", name, "keep_distance"), "the robot will not keep its distance from these people"


def _weak_confidence(config: AgentConfig) -> Iterator[tuple[Path, str]]:
    for name, cue in config.cues.items():
        threshold = config.detectors[cue.detector].threshold
        if threshold is not None and cue.confidence < threshold:
            message = f"has no effect: its detector already asks for {threshold:g}"
            yield ("cues", name, "confidence"), message
    for path, condition in _conditions(config):
        least = config.cues[condition.cue].confidence
        if 0 < condition.confidence < least:
            message = f"the cue '{condition.cue}' itself asks for {least:g}; to act on less, lower that"
            yield (*path, "confidence"), message


def _equal_priority(config: AgentConfig) -> Iterator[tuple[Path, str]]:
    for (_, first), (index, second) in combinations(enumerate(config.rules), 2):
        both_seen = (first.when.lost_for is None) == (second.when.lost_for is None)
        if first.when.cue == second.when.cue and first.priority == second.priority and both_seen:
            message = (
                f"has the same priority ({second.priority}) as '{first.name}' on the same cue; "
                "of the two, the one that acts already goes on, and else the first in the file acts"
            )
            yield ("rules", index, "priority"), message


def _while_never_holds(config: AgentConfig) -> Iterator[tuple[Path, str]]:
    """A ``while`` that cannot hold when its ``when`` does ends the rule at the moment that it starts."""
    for index, rule in enumerate(config.rules):
        held = rule.hold_while
        if held is None or held.cue != rule.when.cue:
            continue
        if _apart(rule.when, held) or (rule.when.lost_for is None) != (held.lost_for is None):
            yield ("rules", index, "while"), "can never hold when 'when' does, so the rule ends as soon as it starts"


def _apart(when: Condition, held: Condition) -> bool:
    ranges = ((when.distance, held.distance), (when.bearing, held.bearing))
    return any(one and other and (one.high < other.low or other.high < one.low) for one, other in ranges)


def _beyond_limits(config: AgentConfig) -> Iterator[tuple[Path, str]]:
    for index, rule in enumerate(config.rules):
        here: Path = ("rules", index, "do", rule.do.name)
        for path, message in _too_much(rule, config):
            yield (*here, path), message


def _too_much(rule: Rule, config: AgentConfig) -> Iterator[tuple[str, str]]:
    """Settings of an action that the safety governor never lets it reach."""
    action, limits = rule.do, config.safety
    if isinstance(action, (Follow, GoTo)):
        if action.speed > limits.max_speed:
            yield "speed", f"is never reached: safety > max speed is {limits.max_speed:g} m/s"
        if config.cues[rule.when.cue].keep_distance and action.distance < limits.person_distance:
            yield "distance", f"is never reached: safety > person distance is {limits.person_distance:g} m"
    if isinstance(action, (Follow, GoTo, TurnTo)) and action.turn_rate > limits.max_turn_rate:
        yield "turn_rate", f"is never reached: safety > max turn rate is {limits.max_turn_rate:g} rad/s"
