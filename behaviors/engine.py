"""The decision: a pure function of what is seen, the robot's state, the time and the memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from behaviors.command import Command, PoseBody, Stand, Stop
from behaviors.condition import Match
from behaviors.cue import Cue
from behaviors.decision import Decision, RuleReport, Verdict
from behaviors.memory import BodyMemory, CueSighting, Memory, RuleMemory
from behaviors.robot_state import Posture, RobotState
from behaviors.rule import Rule

# After a pose the body is asked to be level for so long: a command may take 0.3 s to the robot, and one may get lost.
LEVELLING = 0.8  # s


@dataclass(frozen=True, slots=True)
class Outcome:
    """A decision and the memory to give to the next one."""

    decision: Decision
    memory: Memory


@dataclass(frozen=True, slots=True)
class _Standing:
    """Where one rule stands before the rules are compared; ``match`` is set when it wants to act."""

    rule: Rule
    memory: RuleMemory
    report: RuleReport
    match: Match | None = None


class Engine:
    """Decides which rule acts.

    Args:
        rules: In the order of config.yaml.
    """

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules = tuple(rules)

    def decide(self, cues: Sequence[Cue], state: RobotState, now: float, memory: Memory | None = None) -> Outcome:
        """Choose a rule and its command. It reads no clock and keeps nothing.

        Args:
            cues: What is seen now. Those that are doubted are left out, as if they were not seen.
            state: The robot now.
            now: Robot time in seconds.
            memory: What the decision before returned; ``None`` for the first one.

        Returns:
            The decision, with a report on every rule, and the memory for the next one.
        """
        memory = memory or Memory()
        cues = [cue for cue in cues if not cue.doubted]
        sightings = _remember(cues, now, memory)
        known = Memory(memory.rules or tuple(RuleMemory() for _ in self.rules), sightings, memory.body)
        standings = [
            _stand(rule, remembered, cues, state, now, known)
            for rule, remembered in zip(self.rules, known.rules, strict=True)
        ]
        winner = max(
            (index for index, standing in enumerate(standings) if standing.match is not None),
            key=lambda index: (self.rules[index].priority, standings[index].memory.acting_since is not None, -index),
            default=None,
        )
        if winner is None:
            return _rest(standings, state, now, known)
        return _act(standings, winner, state, now, known)


def _remember(cues: Sequence[Cue], now: float, memory: Memory) -> tuple[CueSighting, ...]:
    latest = {sighting.name: sighting.last_seen for sighting in memory.sightings}
    for cue in cues:
        latest[cue.name] = max(latest.get(cue.name, float("-inf")), now - cue.age)
    return tuple(CueSighting(name, seen) for name, seen in sorted(latest.items()))


def _stand(
    rule: Rule, remembered: RuleMemory, cues: Sequence[Cue], state: RobotState, now: float, memory: Memory
) -> _Standing:
    if remembered.acting_since is not None:
        return _continue(rule, remembered, cues, state, now, memory)
    return _start(rule, remembered, cues, state, now, memory)


def _start(
    rule: Rule, remembered: RuleMemory, cues: Sequence[Cue], state: RobotState, now: float, memory: Memory
) -> _Standing:
    """Where a rule stands that does not act yet."""
    match = rule.when.match(cues, memory.last_seen(rule.when.cue), now)
    if not match.holds:
        rested = RuleMemory(ended=remembered.ended)
        return _Standing(rule, rested, RuleReport(rule.name, Verdict.WAITING, match.reason))
    if remembered.spent:
        reason = f"it has acted, and waits until this ends: {match.reason}"
        return _Standing(rule, remembered, RuleReport(rule.name, Verdict.SPENT, reason))
    if remembered.ended is not None and (left := rule.cooldown - (now - remembered.ended)) > 0:
        return _Standing(rule, remembered, RuleReport(rule.name, Verdict.COOLING_DOWN, f"for {left:.1f} s more"))
    if objection := rule.do.objection(match.target, state):
        return _Standing(rule, remembered, RuleReport(rule.name, Verdict.WAITING, objection))
    return _Standing(rule, remembered, RuleReport(rule.name, Verdict.OUTRANKED, match.reason), match)


def _continue(
    rule: Rule, remembered: RuleMemory, cues: Sequence[Cue], state: RobotState, now: float, memory: Memory
) -> _Standing:
    """Where a rule stands that has acted until now."""
    condition = rule.going_on
    match = condition.match(cues, memory.last_seen(condition.cue), now, prefer=remembered.track_id)
    acting_for = 0.0 if remembered.acting_since is None else now - remembered.acting_since
    bound_to_cue = rule.do.lasting or rule.hold_while is not None
    if bound_to_cue and not match.holds:
        ended = remembered.end(now, spent=False)
        return _Standing(rule, ended, RuleReport(rule.name, Verdict.WAITING, match.reason))
    if rule.do.needs_target and match.target is None:
        ended = remembered.end(now, spent=False)
        return _Standing(rule, ended, RuleReport(rule.name, Verdict.WAITING, match.reason))
    if rule.hold_while is None and rule.do.done(match.target, state, acting_for):
        ended = remembered.end(now, spent=True)
        return _Standing(rule, ended, RuleReport(rule.name, Verdict.SPENT, f"done after {acting_for:.1f} s"))
    if objection := rule.do.objection(match.target, state):
        ended = remembered.end(now, spent=False)
        return _Standing(rule, ended, RuleReport(rule.name, Verdict.WAITING, objection))
    return _Standing(rule, remembered, RuleReport(rule.name, Verdict.OUTRANKED, match.reason), match)


def _rest(standings: Sequence[_Standing], state: RobotState, now: float, known: Memory) -> Outcome:
    """No rule acts: a robot on its feet stops, and is levelled after a pose; any other is left alone."""
    command: Command | None = None
    body = BodyMemory() if state.posture is Posture.SITTING else known.body
    if state.posture in (Posture.STANDING, Posture.STEPPING):
        command, body = Stop(), BodyMemory()
        since = now if known.body.levelling_since is None else known.body.levelling_since
        if known.body.posed and now - since < LEVELLING:
            command, body = Stand(), BodyMemory(posed=True, levelling_since=since)
    memories = tuple(standing.memory for standing in standings)
    reports = tuple(standing.report for standing in standings)
    return Outcome(Decision(now, None, command, None, None, reports), Memory(memories, known.sightings, body))


def _act(standings: Sequence[_Standing], winner: int, state: RobotState, now: float, known: Memory) -> Outcome:
    """One rule acts, and every other one has the reason why it does not."""
    chosen = standings[winner]
    target = None if chosen.match is None else chosen.match.target
    memories, reports = [], []
    for index, standing in enumerate(standings):
        acts = index == winner
        memories.append(_settle(standing, now, acts, target))
        reports.append(_report(standing, acts, chosen.rule))
    decision = Decision(
        time=now,
        rule=chosen.rule.name,
        command=chosen.rule.do.command(target, state),
        track_id=None if target is None else target.track_id,
        evidence_age=None if target is None else target.age,
        reports=tuple(reports),
    )
    # Stopping keeps the attitude; every other command but a pose ends it.
    posed = isinstance(decision.command, PoseBody) or (known.body.posed and isinstance(decision.command, Stop))
    return Outcome(decision, Memory(tuple(memories), known.sightings, BodyMemory(posed)))


def _settle(standing: _Standing, now: float, acts: bool, target: Cue | None) -> RuleMemory:
    if acts:
        return standing.memory.begin(now, None if target is None else target.track_id)
    return standing.memory.end(now, spent=False)


def _report(standing: _Standing, acts: bool, chosen: Rule) -> RuleReport:
    report = standing.report
    if acts:
        return RuleReport(report.rule, Verdict.ACTING, report.reason)
    if report.verdict is Verdict.OUTRANKED:
        reason = f"'{chosen.name}' acts (priority {chosen.priority} to {standing.rule.priority}); {report.reason}"
        return RuleReport(report.rule, Verdict.OUTRANKED, reason)
    return report
