"""What people read in a terminal, a pipe or a log."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest
from rich.console import Console
from synthetic_run import RULES, START, SyntheticRun

from behaviors import RuleReport, Verdict
from spot_agent.cameras import StreamCounts
from spot_agent.reporting import PlainView, TerminalView
from spot_agent.reporting.terminal_layout import lay_out
from spot_agent.reporting.watch import Report, Watch

COUNTS = {"frontleft": StreamCounts(100, 0, 7, 0), "frontright": StreamCounts(90, 0, 0, 2)}


def report_at(seconds: float, run: SyntheticRun | None = None) -> Report:
    run, watch = run or SyntheticRun(frames=True), Watch()
    for tick in run.ticks():
        if tick.time - START > seconds + 0.01:
            break
        watch.on_tick(replace(tick, counts=COUNTS))
        watch.on_sent(run.sent(tick))
    report = watch.report
    assert report is not None
    return report


def lines_of(report: Report | None, width: int, height: int) -> list[str]:
    console = Console(file=io.StringIO(), record=True, width=width, height=height, force_terminal=True)
    console.print(lay_out("lobby", report, width, height))
    return console.export_text().rstrip("\n").split("\n")


@pytest.mark.parametrize("size", [(80, 23), (100, 30), (120, 39), (200, 60), (60, 20)])
@pytest.mark.parametrize("rules", [4, 24])
@pytest.mark.parametrize("watching", [None, "the lease is held by a tablet"])
def test_fits_the_terminal(size: tuple[int, int], rules: int, watching: str | None) -> None:
    raw = RULES + [
        {"name": f"a rule with a rather long name {index}", "when": {"cue": "person"}, "do": "stop"}
        for index in range(rules - 4)
    ]
    lines = lines_of(report_at(12.0, SyntheticRun(raw_rules=raw, watching=watching)), *size)
    assert len(lines) <= size[1]
    assert max(map(len, lines)) <= size[0]


@pytest.mark.parametrize("size", [(80, 23), (120, 39)])
def test_tells_what_acts_and_why_and_why_others_do_not(size: tuple[int, int]) -> None:
    text = "\n".join(lines_of(report_at(9.0), *size))
    assert re.search(r"▶ follow the person +because person #1", text)
    assert re.search(r"command +walk 0\.\d\d m/s", text)
    assert re.search(r"governor person #1 is \d\.\d m away", text)
    assert "no stop sign in sight" in text
    assert "outranked" in text
    for lamp in ("● power", "● lease", "● E-Stop", "● time", "battery 82%", "stepping"):
        assert lamp in text
    assert re.search(r"frontright +\d\.\d frames/s", text)
    assert "7 dropped" in text
    assert re.search(r"person #1 +86% +\d\.\d m, \d+ deg", text)
    assert "120" in text


def test_the_reaction_and_the_rate_are_shown_in_full_where_there_is_room() -> None:
    first = lines_of(report_at(9.0), 120, 39)[0]
    assert "120 / 120 ms" in first
    assert "9.8 frames/s" in first


def test_only_watching_is_prominent() -> None:
    lines = lines_of(report_at(9.0, SyntheticRun(watching="the lease is held by a tablet")), 80, 23)
    assert lines[1].strip() == "ONLY WATCHING: the lease is held by a tablet"


def test_lamps_go_out_and_faults_and_refusals_show() -> None:
    report = report_at(9.0)
    state = replace(report.tick.state, lease_held=False, battery=None, faults=("FALL",))
    governed = replace(report.tick.governed, notes=("refused: the lease is not ours",))
    report = replace(report, tick=replace(report.tick, state=state, governed=governed), send_error="RpcError: gone")
    text = "\n".join(lines_of(report, 100, 30))
    for words in (
        "○ lease",
        "battery ?",
        "FAULT: FALL",
        "refused: the lease is not ours",
        "NOT ACCEPTED: RpcError: gone",
    ):
        assert words in text


def test_of_many_rules_the_acting_one_is_never_left_out() -> None:
    report = report_at(9.0)
    waiting = tuple(RuleReport(f"rule {index}", Verdict.WAITING, "no ball in sight") for index in range(30))
    decision = replace(report.tick.decision, reports=(*waiting, *report.tick.decision.reports))
    text = "\n".join(lines_of(replace(report, tick=replace(report.tick, decision=decision)), 80, 23))
    assert re.search(r"▶ follow the person +acting", text)
    assert "rules more" in text


def test_waits_for_the_first_turn() -> None:
    assert lines_of(None, 80, 23) == ["lobby: waiting for the first picture …"]


def test_a_colour_of_names_with_brackets_is_not_markup() -> None:
    report = report_at(9.0)
    decision = replace(report.tick.decision, rule="[red]x[/red]")
    text = "\n".join(lines_of(replace(report, tick=replace(report.tick, decision=decision)), 80, 23))
    assert "[red]x[/red]" in text


def test_the_live_view_shows_its_last_report_when_it_ends() -> None:
    out = io.StringIO()
    run = SyntheticRun(6.0)
    with TerminalView(Console(file=out, force_terminal=True, width=80, height=24), "lobby") as view:
        for tick in run.ticks():
            view.on_tick(tick)
            view.on_sent(run.sent(tick))
        view.on_end(COUNTS)
    assert "follow the person" in out.getvalue()


def plain_lines(run: SyntheticRun) -> list[str]:
    out = io.StringIO()
    view = PlainView(Console(file=out, width=80), "lobby")
    for tick in run.ticks():
        view.on_tick(tick)
        view.on_sent(run.sent(tick))
    view.on_end(COUNTS)
    return out.getvalue().splitlines()


def test_plain_prints_only_changes() -> None:
    lines = plain_lines(SyntheticRun(11.0))
    assert lines[0] == "lobby"
    assert sum("follow the person → walk" in line for line in lines) == 1
    assert sum("sees person #1" in line for line in lines) == 1
    assert len(lines) < 30


def test_plain_tells_the_reasons_the_governor_and_the_end() -> None:
    text = "\n".join(plain_lines(SyntheticRun(14.0)))
    assert re.search(r" 3\.00 s  follow the person → walk .*, because person #1", text)
    assert re.search(r"12\.00 s  sit at the stop sign → sit, because stop sign #2", text)
    assert "follow the person: outranked: 'sit at the stop sign' acts (priority 20 to 5)" in text
    assert "governor: speed limited to 0.8 m/s" in text
    assert "frontleft: 100 frames, 7 dropped, 0 failed" in text
    assert "camera to command: p50 120 ms, p95 120 ms" in text


def test_plain_says_when_it_only_watches() -> None:
    lines = plain_lines(SyntheticRun(1.0, watching="the lease is held by a tablet"))
    assert "ONLY WATCHING: the lease is held by a tablet" in lines[1]
    assert sum("ONLY WATCHING" in line for line in lines) == 1


def test_plain_says_once_that_a_command_was_not_accepted() -> None:
    out, run = io.StringIO(), SyntheticRun(1.0)
    view = PlainView(Console(file=out, width=80))
    for tick in run.ticks():
        view.on_tick(tick)
        view.on_sent(replace(run.sent(tick), accepted=None, error="NoTimeSyncError: later"))
    assert out.getvalue().count("NOT ACCEPTED: stand: NoTimeSyncError: later") == 1


def test_plain_prints_each_line_whole_without_codes() -> None:
    lines = plain_lines(SyntheticRun(14.0))
    assert max(map(len, lines)) > 80
    assert not any("\x1b" in line for line in lines)


def test_a_config_without_rules_says_so() -> None:
    report = report_at(1.0)
    decision = replace(report.tick.decision, reports=())
    text = "\n".join(lines_of(replace(report, tick=replace(report.tick, decision=decision)), 80, 23))
    assert "config.yaml has no rules" in text


def test_plain_does_not_print_verdicts_that_change_with_every_picture() -> None:
    out, tick = io.StringIO(), next(iter(SyntheticRun(0.1).ticks()))
    view = PlainView(Console(file=out, width=80))
    for index in range(20):
        verdict = (Verdict.WAITING, Verdict.OUTRANKED)[index % 2]
        decision = replace(tick.decision, reports=(RuleReport("greet", verdict, f"reason {index}"),))
        view.on_tick(replace(tick, decision=decision))
    assert out.getvalue().count("greet") == 1
