"""The view of a run for pipes, logs and CI: a line whenever something changes."""

from __future__ import annotations

import math
from dataclasses import dataclass

from rich.console import Console

from behaviors import Posture, RuleReport, Verdict
from spot_agent.cameras import StreamCounts
from spot_agent.reporting.phrases import kind_of, phrase, place, verb, worded_news
from spot_agent.reporting.watch import Watch
from spot_agent.robot import Sent
from spot_agent.runtime.news import News
from spot_agent.runtime.tick import Tick


@dataclass(frozen=True, slots=True)
class _Situation:
    """What must change for a new line."""

    rule: str | None
    target: int | None
    command: str
    cues: frozenset[tuple[str, int]]
    notes: frozenset[str]
    posture: Posture
    lamps: tuple[bool, ...]
    faults: tuple[str, ...]
    watching: str | None


class PlainView:
    """A listener that prints only changes, with seconds since the start.

    Args:
        console: Where to print.
        title: Of the run; printed first, unless it is empty.
    """

    def __init__(self, console: Console, title: str = "") -> None:
        self._console = console
        self._watch = Watch()
        self._start: float | None = None
        self._before: _Situation | None = None
        self._told: dict[str, Verdict] = {}  # of each rule, what was printed last
        self._error: str | None = None
        if title:
            self._print(title)

    def on_tick(self, tick: Tick) -> None:
        """Print what has changed since the turn before."""
        self._watch.on_tick(tick)
        self._start = tick.time if self._start is None else self._start
        now, before = _situation(tick), self._before
        if now == before:
            return
        self._before = now
        lines = _changes(tick, now, before)
        # Verdicts may change with every picture; they are only worth a line together with what acts or is seen.
        if before is None or (now.rule, now.cues) != (before.rule, before.cues):
            lines += [f"  {report.rule}: {report.verdict.value}: {report.reason}" for report in self._news(tick)]
        for words in lines:
            self._print(f"{tick.time - self._start:8.2f} s  {words}")

    def on_sent(self, sent: Sent) -> None:
        """Print a command that the robot did not accept, once for each reason."""
        self._watch.on_sent(sent)
        if sent.error is not None and sent.error != self._error:
            since = 0.0 if self._start is None else sent.started - self._start
            self._print(f"{since:8.2f} s  NOT ACCEPTED: {verb(sent.command)}: {sent.error}")
        self._error = sent.error

    def on_news(self, news: News) -> None:
        """Print what happened beside the loop."""
        since = 0.0 if self._start is None else news.time - self._start
        self._print(f"{since:8.2f} s  {worded_news(news)}")

    def on_end(self, counts: dict[str, StreamCounts]) -> None:
        """Print what became of the frames, and how fast the reaction was."""
        self._watch.on_end(counts)
        for camera, count in sorted(counts.items()):
            self._print(f"{camera}: {count.received} frames, {count.dropped} dropped, {count.failed} failed")
        report = self._watch.report
        if report is None:
            return
        self._print(f"{report.since_start:.1f} s, at the end {report.frame_rate:.1f} frames/s")
        if report.reaction is not None:
            spread = f"p50 {report.reaction.p50:.0f} ms, p95 {report.reaction.p95:.0f} ms"
            self._print(f"camera to command: {spread} ({report.reaction.count} commands)")

    def _news(self, tick: Tick) -> list[RuleReport]:
        """Reports of rules that do not act, and whose verdict is not the one that was printed last."""
        before = self._told
        self._told = {report.rule: report.verdict for report in tick.decision.reports}
        return [
            report
            for report in tick.decision.reports
            if report.verdict not in (Verdict.ACTING, before.get(report.rule))
        ]

    def _print(self, words: str) -> None:
        self._console.print(words, markup=False, highlight=False, emoji=False, soft_wrap=True)


def _situation(tick: Tick) -> _Situation:
    state = tick.state
    return _Situation(
        rule=tick.decision.rule,
        target=tick.decision.track_id,
        command=verb(tick.governed.command),
        cues=frozenset((cue.name, cue.track_id) for cue in tick.cues),
        notes=frozenset(map(kind_of, tick.governed.notes)),
        posture=state.posture,
        lamps=(state.powered, state.lease_held, state.estop_alive, state.time_synced),
        faults=state.faults,
        watching=tick.watching,
    )


def _changes(tick: Tick, now: _Situation, before: _Situation | None) -> list[str]:
    """A line for each thing that differs."""
    lines = []
    if now.watching is not None and (before is None or now.watching != before.watching):
        lines.append(f"ONLY WATCHING: {now.watching}")
    if before is None or (now.posture, now.lamps, now.faults) != (before.posture, before.lamps, before.faults):
        lines.append(_robot(tick))
    if before is None or now.cues != before.cues:
        lines.append(_sight(tick))
    if before is None or (now.rule, now.target, now.command) != (before.rule, before.target, before.command):
        lines.append(_action(tick))
    if now.notes and (before is None or now.notes != before.notes):
        lines += [f"  governor: {note}" for note in tick.governed.notes]
    return lines


def _robot(tick: Tick) -> str:
    state, names = tick.state, ("power", "lease", "E-Stop", "time sync")
    on = zip(names, (state.powered, state.lease_held, state.estop_alive, state.time_synced), strict=True)
    missing = [name for name, is_on in on if not is_on]
    charge = "battery unknown" if state.battery is None else f"battery {state.battery:.0%}"
    pose = f"at ({state.pose.x:.2f}, {state.pose.y:.2f}) m, {math.degrees(state.pose.yaw):+.0f} deg"
    facts = [f"robot: {state.posture.value}", pose, charge]
    facts += [f"without {', '.join(missing)}"] if missing else []
    facts += [f"FAULT: {', '.join(state.faults)}"] if state.faults else []
    return ", ".join(facts)


def _sight(tick: Tick) -> str:
    seen = []
    for cue in tick.cues:
        where = place(cue)
        seen.append(f"{cue.name} #{cue.track_id} {cue.confidence:.0%}" + (f" ({where})" if where else ""))
    camera = "" if tick.frame is None else f" [{tick.frame.camera}]"
    return f"sees {', '.join(seen) or 'nothing'}{camera}"


def _action(tick: Tick) -> str:
    reason = next((report.reason for report in tick.decision.reports if report.verdict is Verdict.ACTING), "")
    command = phrase(tick.governed.command)
    if tick.decision.rule is None:
        return f"no rule acts → {command}"
    return f"{tick.decision.rule} → {command}, because {reason}"
