"""The terminal's view put together for a given size: what has no room is left out, the least important first."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from spot_agent.reporting import terminal_parts as parts
from spot_agent.reporting.watch import Report

WIDE = 100  # columns from which the cameras stand beside the rules
TALLEST = 40  # lines; more would only spread the same things
FRAME = 2  # lines of a panel's border


def lay_out(title: str, report: Report | None, width: int, height: int) -> RenderableType:
    """Put the view together.

    Args:
        title: Of the run.
        report: What is known; ``None`` before the first turn of the loop.
        width: Columns of the terminal.
        height: Lines that may be used.

    Returns:
        What fits into that many columns and lines.
    """
    if report is None:
        return Text(f"{title}: waiting for the first picture …", style="dim", no_wrap=True, overflow="ellipsis")
    head: list[RenderableType] = [parts.line((title, "bold"), ("   ", ""), parts.rates(report)), *parts.banner(report)]
    robot = parts.robot(report.tick.state)
    decision = [*parts.acting(report), parts.governor(report)]
    left = max(3, min(height, TALLEST) - len(head) - len(robot) - len(decision) - 2 * FRAME)
    fixed: list[RenderableType] = [*head, _panel("robot", robot, width), _panel("decision", decision, width)]
    if width >= WIDE:
        return Group(*fixed, _beside(report, width, left))
    return Group(*fixed, *_stacked(report, width, left))


def _beside(report: Report, width: int, height: int) -> RenderableType:
    room, rules_width = max(1, height - FRAME), width * 3 // 5
    grid = Table.grid(expand=True)
    grid.add_column(width=rules_width)
    grid.add_column(width=width - rules_width)
    grid.add_row(
        _panel("rules", _rules(report, room, rules_width), rules_width, room),
        _panel("cameras", _camera_lines(report, room), width - rules_width, room),
    )
    return grid


def _stacked(report: Report, width: int, height: int) -> Sequence[RenderableType]:
    """Rules over cameras. The rules get what they need, but leave the cameras half if those need it."""
    room = height - 2 * FRAME
    if room < 2:
        return _rules(report, max(1, height), width)
    rules_needed, cameras_needed = max(1, len(report.tick.decision.reports)), len(_camera_lines(report, room))
    for_rules = min(rules_needed, max(room // 2, room - cameras_needed), room - 1)
    return [
        _panel("rules", _rules(report, for_rules, width), width, for_rules),
        _panel("cameras", _camera_lines(report, room - for_rules), width, room - for_rules),
    ]


def _rules(report: Report, room: int, width: int) -> Sequence[RenderableType]:
    """A row for each rule in the order of config.yaml; where there is no room, those stay that matter most."""
    reports = report.tick.decision.reports
    if not reports:
        return [parts.line(("config.yaml has no rules", "dim"))]
    fits = len(reports) <= room
    kept = sorted(parts.rule_order(report)[: room if fits else max(0, room - 1)])
    table = Table.grid(padding=(0, 1), expand=True)
    table.add_column(width=1)
    table.add_column(no_wrap=True, overflow="ellipsis", width=_names_width(report, width))
    table.add_column(no_wrap=True, overflow="ellipsis", width=12)
    table.add_column(no_wrap=True, overflow="ellipsis", ratio=1)
    for index in kept:
        each = reports[index]
        style = parts.VERDICT_STYLES[each.verdict]
        table.add_row(
            Text(parts.VERDICT_SIGNS[each.verdict], style=style), Text(each.rule, style=style),
            Text(each.verdict.value, style=style), Text(each.reason, style="" if style != "dim" else "dim"),
        )  # fmt: skip
    rest: list[RenderableType] = [] if fits else [parts.line((f"  and {len(reports) - len(kept)} rules more", "dim"))]
    return [table, *rest] if kept else rest


def _names_width(report: Report, width: int) -> int:
    """Columns for the rules' names: as many as the longest needs, a third of the width at most."""
    return max(8, min(width // 3, max(len(each.rule) for each in report.tick.decision.reports)))


def _camera_lines(report: Report, room: int) -> list[Text]:
    """Every camera with what it sees; where there is no room, the cameras that see a cue come first."""
    blocks = [parts.camera(camera) for camera in sorted(report.cameras, key=lambda camera: not camera.cues)]
    if not blocks:
        return [parts.line(("no picture yet", "dim"))]
    # Losing the line of other detections is the smallest loss.
    if sum(map(len, blocks)) > room:
        blocks = [[row for row in block if not row.plain.startswith("  found:")] for block in blocks]
    lines = [row for block in blocks for row in block]
    if len(lines) <= room:
        return lines
    return [*lines[: max(0, room - 1)], parts.line((f"and {len(lines) - max(0, room - 1)} lines more", "dim"))][:room]


def _panel(title: str, lines: Sequence[RenderableType], width: int, height: int | None = None) -> Panel:
    return Panel(
        Group(*lines), title=Text(title, style="dim"), title_align="left", border_style="dim", padding=(0, 1),
        width=width, height=None if height is None else height + FRAME,
    )  # fmt: skip
