"""What a run tells other programs: the log of every decision, and one event for each change."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from synthetic_run import SyntheticRun

from behaviors import PoseBody, Posture, SE2Pose, Stop, WalkTo
from spot_agent.cameras import StreamCounts
from spot_agent.reporting import DecisionLog, EventView
from spot_agent.reporting.decision_log import to_json
from spot_agent.robot import Sent


def lines_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    run = SyntheticRun(duration=14.0)
    log = DecisionLog(tmp_path_factory.mktemp("run"), Path("some/where/config.yaml"))
    for tick in run.ticks():
        log.on_tick(tick)
        if tick.governed.command is not None:
            log.on_sent(run.sent(tick))
    log.on_end({"frontleft": StreamCounts(received=70, dropped=2)})
    return lines_of(log.path)


def test_it_begins_with_its_format_and_ends_with_the_frames(log: list[dict[str, Any]]) -> None:
    assert log[0] == {"type": "start", "format": 1, "config": "config.yaml"}
    assert log[-1]["type"] == "end"
    assert log[-1]["frames"]["frontleft"] == {"received": 70, "repeated": 0, "dropped": 2, "failed": 0}
    assert {line["type"] for line in log[1:-1]} == {"decision", "sent"}


def test_every_turn_has_a_line_that_says_why(log: list[dict[str, Any]]) -> None:
    decisions = [line for line in log if line["type"] == "decision"]
    assert len(decisions) == 140
    for line in decisions:
        assert next(report["rule"] for report in line["rules"]) == "sit at the stop sign"
        assert all(report["verdict"] and report["reason"] for report in line["rules"])
    followed = next(line for line in decisions if line["rule"] == "follow the person")
    assert followed["asked"]["kind"] == "Walk"
    assert followed["target"] == followed["tracks"][0]["id"] == followed["cues"][0]["track_id"]
    assert followed["tracks"][0]["label"] == "person"
    assert followed["frame"]["camera"] in ("frontleft", "frontright")
    assert len(followed["detections"]) >= 3
    assert followed["robot"]["posture"] in list(Posture)


def test_what_was_sent_names_its_command_and_its_cause(log: list[dict[str, Any]]) -> None:
    sent = [line for line in log if line["type"] == "sent"]
    assert {line["command"]["kind"] for line in sent} >= {"Stand", "Walk", "Sit"}
    assert all(line["accepted"] > line["started"] > line["cause"] for line in sent)


def test_after_its_end_it_takes_nothing_more(tmp_path: Path) -> None:
    log = DecisionLog(tmp_path, Path("config.yaml"))
    log.on_end({})
    log.on_sent(Sent(Stop(), 1.0, None, None, "too late"))
    log.on_end({})
    assert [line["type"] for line in lines_of(log.path)] == ["start", "end"]


def test_a_turn_without_a_frame(tmp_path: Path) -> None:
    (tick,) = list(SyntheticRun(duration=0.1, frames=False, empty=True, watching="the lease is held by tablet").ticks())
    log = DecisionLog(tmp_path, Path("config.yaml"))
    log.on_tick(tick)
    log.on_end({})
    line = lines_of(log.path)[1]
    assert (line["frame"], line["stages"], line["tracks"], line["cues"]) == (None, None, [], [])
    assert line["watching"] == "the lease is held by tablet"


def test_figures_keep_four_decimals_and_what_is_no_number_is_null() -> None:
    assert to_json(PoseBody(0.123456, math.nan, math.inf)) == {
        "kind": "PoseBody", "roll": 0.1235, "pitch": None, "yaw": None, "height": 0.0,
    }  # fmt: skip
    goal = to_json(WalkTo(SE2Pose(1.0, 2.0, 3.0), 0.5, 0.6))
    assert goal["goal"] == {"x": 1.0, "y": 2.0, "yaw": 3.0}, "only commands have a kind"
    assert to_json((Posture.SITTING, [True, None, "text", 3])) == ["sitting", [True, None, "text", 3]]


class Events(list[tuple[str, dict[str, Any]]]):
    def __call__(self, event: str, text: str | None, **members: Any) -> None:
        assert text is None
        json.dumps(members)
        self.append((event, members))


def test_one_event_for_each_change_and_none_without_one() -> None:
    events = Events()
    view = EventView(events)
    ticks = list(SyntheticRun(duration=14.0).ticks())
    for tick in ticks:
        view.on_tick(tick)
    assert 3 <= len(events) < len(ticks) / 3
    assert next(members["rule"] for _, members in events if members["rule"]) in (
        "follow the person",
        "look at the person",
    )
    before = len(events)
    view.on_tick(replace(ticks[-1], time=ticks[-1].time + 1.0))
    assert len(events) == before
    view.on_tick(replace(ticks[-1], watching="the lease was taken by tablet"))
    assert events[-1][1]["watching"] == "the lease was taken by tablet"


def test_a_refused_command_is_an_event_and_an_accepted_one_is_none() -> None:
    events = Events()
    view = EventView(events)
    view.on_sent(Sent(Stop(), 1.0, 1.1, None, None))
    assert events == []
    view.on_sent(Sent(Stop(), 1.0, None, None, "LeaseUseError"))
    assert events == [("refused", {"time": 1.0, "command": {"kind": "Stop"}, "error": "LeaseUseError"})]
    view.on_end({})
    assert len(events) == 1
