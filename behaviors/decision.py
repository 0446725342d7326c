"""What was decided, and why everything else was not."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from behaviors.command import Command


class Verdict(StrEnum):
    """Why a rule acts or does not."""

    ACTING = "acting"
    OUTRANKED = "outranked"  # its condition holds, a rule of higher priority acts
    WAITING = "waiting"  # its condition does not hold
    COOLING_DOWN = "cooling down"
    SPENT = "spent"  # it has acted; its condition must end before it can start again


@dataclass(frozen=True, slots=True)
class RuleReport:
    """One rule's part in a decision.

    Attributes:
        rule: The rule's name.
        verdict: Whether it acts, and if not, what kind of reason there is.
        reason: The reason in words, with figures: ``"person is 6.2 m away, not < 5 m"``.
    """

    rule: str
    verdict: Verdict
    reason: str


@dataclass(frozen=True, slots=True)
class Decision:
    """The outcome of the rules at one moment.

    Attributes:
        time: Robot time in seconds.
        rule: Name of the rule that acts; ``None`` when none does.
        command: What it asks for. When no rule acts, ``Stop`` if the robot may be walking, ``Stand`` for a
            moment after a pose, else ``None``.
        track_id: Identity of the thing that the rule acts on, if it acts on one.
        evidence_age: Age in seconds of the newest frame that speaks for the command; ``None`` if it needs none.
        reports: One for each rule, in the order of config.yaml.
    """

    time: float
    rule: str | None
    command: Command | None
    track_id: int | None
    evidence_age: float | None
    reports: tuple[RuleReport, ...]
