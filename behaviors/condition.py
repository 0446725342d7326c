"""When a rule's cue is the one that the rule means."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import Field, model_validator

from behaviors.cue import Cue
from behaviors.quantities import BearingRange, DistanceRange, Duration, Ratio
from behaviors.schema import Section


@dataclass(frozen=True, slots=True)
class Match:
    """Whether a condition holds, on which cue, and the reason in words.

    Attributes:
        holds: Whether it does.
        target: The cue that fulfils it; ``None`` when it does not hold, or holds for want of a cue (``lost for``).
        reason: Why it does or does not, with figures.
    """

    holds: bool
    target: Cue | None
    reason: str


class Condition(Section):
    """The ``when`` or ``while`` of a rule. Everything that is given must be true of one and the same cue."""

    cue: str = Field(min_length=1)
    confidence: Ratio = 0.0
    distance: DistanceRange | None = None
    bearing: BearingRange | None = None
    seen_for: Duration | None = None
    lost_for: Duration | None = None

    @model_validator(mode="after")
    def _lost_stands_alone(self) -> Condition:
        if self.lost_for is not None and (
            self.distance or self.bearing or self.confidence or self.seen_for is not None
        ):
            raise ValueError("'lost for' speaks of a cue that is not there: it goes with no other figure but 'cue'")
        return self

    def sustained(self) -> Condition:
        """The same condition once it has begun: how long the cue was seen no longer matters."""
        return self.model_copy(update={"seen_for": None})

    def match(self, cues: Sequence[Cue], last_seen: float | None, now: float, prefer: int | None = None) -> Match:
        """Look for a cue that fulfils the condition.

        Args:
            cues: What is seen now.
            last_seen: Robot time at which a cue of this name was last seen; ``None`` if it never was.
            now: Robot time in seconds.
            prefer: Identity of the thing to stay with as long as it fulfils the condition.

        Returns:
            The match. Of several cues the preferred one wins, then the nearest, the surest, the oldest identity.
        """
        if self.lost_for is not None:
            return self._match_lost(last_seen, now, self.lost_for)
        candidates = sorted((cue for cue in cues if cue.name == self.cue), key=lambda cue: _rank(cue, prefer))
        objections = [(cue, self._objection(cue)) for cue in candidates]
        for cue, objection in objections:
            if objection is None:
                return Match(True, cue, _describe(cue))
        if objections:
            return Match(False, None, str(objections[0][1]))
        ago = "" if last_seen is None else f" (last seen {now - last_seen:.1f} s ago)"
        return Match(False, None, f"no {self.cue} in sight{ago}")

    def _match_lost(self, last_seen: float | None, now: float, lost_for: float) -> Match:
        if last_seen is None:
            return Match(False, None, f"no {self.cue} has been seen yet, so none is lost")
        gone = now - last_seen
        if gone < lost_for:
            return Match(False, None, f"{self.cue} was seen {gone:.1f} s ago, not lost for {lost_for:g} s")
        return Match(True, None, f"{self.cue} has been lost for {gone:.1f} s")

    def _objection(self, cue: Cue) -> str | None:
        """Why this cue does not fulfil the condition; ``None`` when it does."""
        who = f"{self.cue} #{cue.track_id}"
        if cue.confidence < self.confidence:
            return f"{who} has confidence {cue.confidence:.2f}, not {self.confidence:g} or more"
        if self.distance is not None:
            if cue.distance is None:
                return f"the distance of {who} is unknown, and the rule asks for {self.distance.text}"
            if cue.distance not in self.distance:
                return f"{who} is {cue.distance:.1f} m away, not {self.distance.text}"
        if self.bearing is not None:
            if cue.bearing is None:
                return f"the bearing of {who} is unknown, and the rule asks for {self.bearing.text}"
            if cue.bearing not in self.bearing:
                return f"{who} is at {math.degrees(cue.bearing):.0f} deg, not {self.bearing.text}"
        if self.seen_for is not None and cue.seen_for < self.seen_for:
            return f"{who} has been seen for {cue.seen_for:.1f} s, not {self.seen_for:g} s"
        return None


def _rank(cue: Cue, prefer: int | None) -> tuple[bool, float, float, int]:
    distance = math.inf if cue.distance is None else cue.distance
    return (cue.track_id != prefer, distance, -cue.confidence, cue.track_id)


def _describe(cue: Cue) -> str:
    parts = [f"{cue.name} #{cue.track_id}", f"confidence {cue.confidence:.2f}"]
    if cue.distance is not None:
        parts.append(f"{cue.distance:.1f} m away")
    if cue.bearing is not None:
        parts.append(f"at {math.degrees(cue.bearing):.0f} deg")
    return ", ".join(parts)
