"""The parts of the terminal's view, as lines of text; pure functions of a report."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from rich.text import Text

from behaviors import Posture, RobotState, Verdict
from spot_agent.reporting.phrases import is_refusal, phrase, place, worded_news
from spot_agent.reporting.watch import CameraReport, Report
from spot_agent.runtime.news import NewsKind

VERDICT_STYLES = {
    Verdict.ACTING: "bold green",
    Verdict.OUTRANKED: "yellow",
    Verdict.COOLING_DOWN: "cyan",
    Verdict.SPENT: "blue",
    Verdict.WAITING: "dim",
}
VERDICT_SIGNS = {
    Verdict.ACTING: "▶",
    Verdict.OUTRANKED: "△",
    Verdict.COOLING_DOWN: "◷",
    Verdict.SPENT: "✓",
    Verdict.WAITING: "·",
}


def line(*parts: tuple[str, str] | str | Text) -> Text:
    """One line that is cut with an ellipsis where it does not fit."""
    return Text.assemble(*parts, no_wrap=True, overflow="ellipsis")


def banner(report: Report) -> list[Text]:
    """Why the agent only watches, why the robot refuses, and news; empty when there is none of these."""
    lines = []
    if report.news is not None:
        failed = report.news.kind in (NewsKind.SWAP_FAILED, NewsKind.CONFIG_IGNORED)
        lines.append(line((f" {worded_news(report.news)} ", "bold black on yellow" if failed else "bold cyan")))
    if report.tick.watching is not None:
        lines.append(line((f" ONLY WATCHING: {report.tick.watching} ", "bold black on yellow")))
    if report.send_error is not None:
        lines.append(line((f" NOT ACCEPTED: {report.send_error} ", "bold white on red")))
    if report.tick.state.faults:
        lines.append(line((f" FAULT: {', '.join(report.tick.state.faults)} ", "bold white on red")))
    return lines


def acting(report: Report) -> list[Text]:
    """Which rule acts and why, and what is sent."""
    decision, governed = report.tick.decision, report.tick.governed
    reason = next((each.reason for each in decision.reports if each.verdict is Verdict.ACTING), "")
    if decision.rule is None:
        first = line(("no rule acts", "bold"))
    else:
        first = line((f"▶ {decision.rule}", "bold green"), ("  because ", "dim"), reason)
    return [first, line(("command  ", "dim"), (phrase(governed.command), "bold"))]


def governor(report: Report) -> Text:
    """What the governor reduced or refused."""
    notes = report.tick.governed.notes
    if not notes:
        return line(("governor nothing to reduce", "dim"))
    style = "bold red" if any(map(is_refusal, notes)) else "yellow"
    return line(("governor ", "dim"), ("; ".join(notes), style))


def robot(state: RobotState) -> list[Text]:
    """The robot: lamps, then pose and motion."""
    pose, velocity = state.pose, state.velocity
    charge = "?" if state.battery is None else f"{state.battery:.0%}"
    low = state.battery is None or state.battery < 0.2
    return [
        line(
            *_lamp("power", state.powered), *_lamp("lease", state.lease_held), *_lamp("E-Stop", state.estop_alive),
            *_lamp("time", state.time_synced), ("battery ", "dim"), (charge, "bold red" if low else "bold"),
        ),
        line(
            (state.posture.value, "bold" if state.posture is not Posture.UNKNOWN else "bold red"),
            ("  at ", "dim"), f"({pose.x:.2f}, {pose.y:.2f}) m, {math.degrees(pose.yaw):+.0f} deg",
            ("  speed ", "dim"), f"{velocity.speed:.2f} m/s, {math.degrees(velocity.angular):+.0f} deg/s",
        ),
    ]  # fmt: skip


def _lamp(name: str, is_on: bool) -> tuple[tuple[str, str], ...]:
    return (("● " if is_on else "○ ", "green" if is_on else "bold red"), (f"{name}  ", "" if is_on else "bold red"))


def rates(report: Report) -> Text:
    """Loop rate and reaction in a line."""
    reaction = report.reaction
    spread = "no command yet" if reaction is None else f"{reaction.p50:.0f} / {reaction.p95:.0f} ms"
    return line(
        (f"{report.since_start:.1f} s", "bold"), ("   loop ", "dim"), (f"{report.frame_rate:.1f} frames/s", "bold"),
        ("   camera to command p50/p95 ", "dim"), (spread, "bold"),
    )  # fmt: skip


def camera(report: CameraReport) -> list[Text]:
    """One camera: its rate, then a line for each cue, then other detections in one line."""
    lost = "" if report.counts is None else f"  {report.counts.dropped} dropped"
    lost += "" if report.counts is None or not report.counts.failed else f"  {report.counts.failed} failed"
    lines = [line((report.name, "bold cyan"), f"  {report.rate:.1f} frames/s", (lost, "dim"))]
    for cue in report.cues:
        name = f"  {cue.name} #{cue.track_id}"
        where = place(cue) or "distance unknown"
        stale = f"  {cue.age:.1f} s ago" if cue.age > 0.5 else ""
        lines.append(line((name, "bold"), f"  {cue.confidence:.0%}  {where}", (stale, "dim")))
    others = _counted(found.label for found in report.detections)
    if others:
        lines.append(line((f"  found: {others}", "dim")))
    return lines


def _counted(labels: Iterable[str]) -> str:
    counts: dict[str, int] = {}
    for label in labels:
        counts[label] = counts.get(label, 0) + 1
    return ", ".join(label if count == 1 else f"{count} {label}" for label, count in counts.items())


def rule_order(report: Report) -> Sequence[int]:
    """Indices of the rules, those first that matter most when not all have room."""
    rank = list(VERDICT_STYLES)
    reports = report.tick.decision.reports
    return sorted(range(len(reports)), key=lambda index: (rank.index(reports[index].verdict), index))
