"""The course of a run in a bounded number of slices: when they run out, two neighbours become one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from behaviors import Verdict
from spot_agent.reporting.phrases import verb
from spot_agent.reporting.story import Slice, Thing
from spot_agent.runtime.tick import Tick

MAX_SLICES = 1024  # a time line is about as many pixels wide
FIRST_STEP = 0.05  # s
HOLDS = 1.0  # s; without news for longer, what was is no longer known

_RANK = {
    Verdict.WAITING: 0,
    Verdict.SPENT: 1,
    Verdict.COOLING_DOWN: 2,
    Verdict.OUTRANKED: 3,
    Verdict.ACTING: 4,
}
_SHOWN = (Verdict.ACTING, Verdict.OUTRANKED, Verdict.COOLING_DOWN, Verdict.SPENT)


class Slices:
    """Keeps the course of a run."""

    def __init__(self) -> None:
        self.step = FIRST_STEP
        self._slices: list[Slice | None] = []
        self._newest: Slice | None = None

    @property
    def all(self) -> tuple[Slice | None, ...]:
        """Every slice, the first from second 0."""
        return tuple(self._slices)

    def add(self, time: float, tick: Tick) -> None:
        """Take in one turn of the loop.

        Args:
            time: Seconds since the start; what lies before the newest slice counts as the newest.
            tick: What happened.
        """
        while time / self.step >= MAX_SLICES:
            self._halve()
        index = max(int(time / self.step), len(self._slices) - 1, 0)
        fresh = slice_of(tick)
        missing = index - len(self._slices)
        if missing > 0:
            held = self._newest if missing * self.step <= HOLDS else None
            self._slices.extend([held] * missing)
        if index == len(self._slices):
            self._slices.append(fresh)
        else:
            self._slices[index] = merge(self._slices[index], fresh)
        self._newest = fresh

    def _halve(self) -> None:
        pairs = zip(self._slices[::2], [*self._slices[1::2], None], strict=False)
        self._slices = [merge(earlier, later) for earlier, later in pairs]
        self.step *= 2


def slice_of(tick: Tick) -> Slice:
    """One turn of the loop as a slice."""
    return Slice(
        cues=_greatest({}, [(cue.name, cue.confidence) for cue in tick.cues]),
        rules={report.rule: report.verdict for report in tick.decision.reports if report.verdict in _SHOWN},
        command=None if tick.governed.command is None else verb(tick.governed.command),
        notes=tick.governed.notes,
        pose=tick.state.pose,
        speed=tick.state.velocity.speed,
        turn_rate=tick.state.velocity.angular,
        posture=tick.state.posture,
        things={cue.track_id: Thing(cue.name, cue.position) for cue in tick.cues if cue.position is not None},
    )


def merge(earlier: Slice | None, later: Slice | None) -> Slice | None:
    """Two neighbouring slices as one, in which nothing short is lost."""
    if earlier is None or later is None:
        return earlier or later
    weight = earlier.weight + later.weight
    return replace(
        later,
        cues=_greatest(earlier.cues, list(later.cues.items())),
        rules=_strongest(earlier.rules, later.rules),
        command=later.command or earlier.command,
        notes=tuple(dict.fromkeys((*earlier.notes, *later.notes)))[:8],
        speed=(earlier.speed * earlier.weight + later.speed * later.weight) / weight,
        turn_rate=(earlier.turn_rate * earlier.weight + later.turn_rate * later.weight) / weight,
        weight=weight,
    )


def _greatest(before: Mapping[str, float], news: list[tuple[str, float]]) -> dict[str, float]:
    merged = dict(before)
    for name, confidence in news:
        merged[name] = max(confidence, merged.get(name, 0.0))
    return merged


def _strongest(before: Mapping[str, Verdict], news: Mapping[str, Verdict]) -> dict[str, Verdict]:
    merged = dict(before)
    for rule, verdict in news.items():
        merged[rule] = max(verdict, merged.get(rule, Verdict.WAITING), key=_RANK.__getitem__)
    return merged
