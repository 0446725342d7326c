"""What the engine carries from one decision to the next. Values only: it can be stored, compared and replayed."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class RuleMemory:
    """What is remembered of one rule.

    Attributes:
        acting_since: Robot time at which it began to act; ``None`` when it does not act.
        track_id: Identity of the thing that it acts on.
        ended: Robot time at which it last stopped acting; ``None`` if it never acted.
        spent: Whether it has done its work and must see its condition end before it can start again.
    """

    acting_since: float | None = None
    track_id: int | None = None
    ended: float | None = None
    spent: bool = False

    def end(self, now: float, *, spent: bool) -> RuleMemory:
        """The memory after the rule has stopped acting; unchanged if it was not acting."""
        if self.acting_since is None:
            return self
        return RuleMemory(acting_since=None, track_id=None, ended=now, spent=spent)

    def begin(self, now: float, track_id: int | None) -> RuleMemory:
        """The memory once the rule acts: a new start, or the same start with its present target."""
        since = now if self.acting_since is None else self.acting_since
        return replace(self, acting_since=since, track_id=track_id, spent=False)


@dataclass(frozen=True, slots=True)
class CueSighting:
    """When a cue of some name was last seen, in robot time."""

    name: str
    last_seen: float


@dataclass(frozen=True, slots=True)
class BodyMemory:
    """What is remembered of the body's attitude.

    Attributes:
        posed: Whether a rule has asked for an attitude that nothing has ended yet.
        levelling_since: Robot time since which no rule acts and the body is asked to be level again.
    """

    posed: bool = False
    levelling_since: float | None = None


@dataclass(frozen=True, slots=True)
class Memory:
    """The engine's memory. The empty one is the start of every story."""

    rules: tuple[RuleMemory, ...] = ()
    sightings: tuple[CueSighting, ...] = ()
    body: BodyMemory = BodyMemory()

    def last_seen(self, cue: str) -> float | None:
        """Robot time at which a cue of this name was last seen; ``None`` if it never was."""
        return next((sighting.last_seen for sighting in self.sightings if sighting.name == cue), None)
