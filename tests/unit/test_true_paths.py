"""Where everybody truly was, read from the simulator's journal."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest

from spot_agent.cli.true_paths import read_true_paths


def sample(x: float, y: float, yaw: float, **people: tuple[float, float]) -> dict[str, Any]:
    there = [{"name": name, "x": place[0], "y": place[1]} for name, place in people.items()]
    return {"kind": "sample", "x": x, "y": y, "yaw": yaw, "people": there}


def test_paths_are_told_in_the_frame_in_which_the_robot_booted(tmp_path: Path) -> None:
    journal = tmp_path / "simulator.jsonl"
    entries = [
        {"kind": "event", "name": "scene started"},
        sample(1.0, 2.0, math.pi / 2, visitor=(1.0, 5.0)),
        {"kind": "command", "command": "stand_request"},
        sample(1.0, 3.0, 0.0, visitor=(0.0, 5.0), dog=(2.0, 2.0)),
    ]
    journal.write_text("".join(json.dumps(entry) + "\n" for entry in entries))
    robot, visitor, dog = read_true_paths(journal)
    assert [robot.name, visitor.name, dog.name] == ["Spot", "visitor", "dog"]
    assert robot.points == (pytest.approx((0.0, 0.0)), pytest.approx((1.0, 0.0)))
    assert visitor.points == (pytest.approx((3.0, 0.0)), pytest.approx((3.0, 1.0)))
    assert dog.points == (pytest.approx((0.0, -1.0)),)


def test_no_journal_tells_nothing(tmp_path: Path) -> None:
    assert read_true_paths(tmp_path / "simulator.jsonl") == ()


def test_a_journal_whose_last_line_was_cut_off_tells_the_rest(tmp_path: Path) -> None:
    journal = tmp_path / "simulator.jsonl"
    journal.write_text(json.dumps(sample(0.0, 0.0, 0.0)) + "\n" + '{"kind": "sam')
    (robot,) = read_true_paths(journal)
    assert robot.points == ((0.0, 0.0),)


def test_a_journal_without_samples_tells_nothing(tmp_path: Path) -> None:
    journal = tmp_path / "simulator.jsonl"
    journal.write_text('{"kind": "event", "name": "booted"}\n')
    assert read_true_paths(journal) == ()
