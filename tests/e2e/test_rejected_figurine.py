"""A figurine on a table is no person: no rule acts on it, and the log says why. A real person beside it is one.

The governor takes the figurine for one nevertheless, since whoever rejects may be wrong.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from agent_process import agent

from simulator.fake_spot import FakeSpot

SCENE = """
name: figurine
description: A figurine on a box ahead; a person comes only when called.
duration: 300 s
starts: when standing
surroundings:
  floor: {texture: tiles, centre: [2, 0], size: [16, 12]}
objects:
  - {kind: wall, name: wall, start: [7, 6], end: [7, -6]}
  - {kind: box, name: table, position: [1.75, 0.3], yaw: 180 deg, size: [0.4, 0.6, 0.35], texture: crate}
  - {kind: person, name: figurine, position: [1.65, 0.3, 0.35], yaw: 180 deg, height: 0.17}
  - {kind: person, name: visitor, position: [4, -0.6], yaw: 180 deg, visible: []}
"""

# A long memory, so that a loaded machine can keep up.
CONFIG = """
tracking: {forget after: 10 s}
detectors:
  objects: {model: objects, rate: 4 Hz}
cues:
  person: {detector: objects, label: person, confidence: 0.45, keep distance: true}
rules:
  - name: bow to people
    when: {cue: person}
    do: {pose: {pitch: 8 deg, hold: 0.5 s}}
"""
REASON = r"no person in sight; person rejected: 0\.\d\d m tall at 1\.\d m; a person has at least 0\.40 m"


@pytest.mark.timeout(240)
def test_a_rule_acts_on_a_person_and_not_on_a_figurine_and_the_log_says_why(tmp_path: Path) -> None:
    (tmp_path / "figurine.yaml").write_text(SCENE)
    with FakeSpot(tmp_path / "figurine.yaml") as spot, agent(spot, tmp_path, config=CONFIG) as running:
        spot.wait_for(lambda _: len(rejections(running.runs)) >= 3, timeout=90.0, what="the figurine is rejected")
        spot.world.show("visitor")
        running.wait_for(lambda event: event.get("rule") == "bow to people", timeout=60.0)
        running.interrupt()
        assert running.end() == 0, running.stderr()

    rejected = rejections(running.runs)
    assert {one["detector"] for one in rejected} == {"objects"}
    assert {one["detection"]["label"] for one in rejected} == {"person"}
    decisions = decisions_of(running.runs)
    missed = [line for line in decisions if any(map(is_sure, line["rejected"])) and not line["cues"]]
    assert missed
    for line in missed:
        (report,) = line["rules"]
        assert report["verdict"] == "waiting"
        assert re.fullmatch(REASON, report["reason"])
    doubted = [cue for line in decisions for cue in line.get("doubted", ())]
    assert doubted
    assert all(cue["is_person"] and cue["distance"] < 2.5 for cue in doubted), "the governor keeps away from it"
    acted_on = [cue for line in decisions if line["rule"] for cue in line["cues"]]
    assert acted_on
    assert all(cue["distance"] > 2.5 for cue in acted_on), "the figurine is 1.65 m away, the visitor 4 m"


@pytest.mark.timeout(180)
def test_without_the_second_head_the_figurine_is_taken_for_a_person(tmp_path: Path) -> None:
    (tmp_path / "figurine.yaml").write_text(SCENE)
    config = CONFIG.replace("rate: 4 Hz", "rate: 4 Hz, plausibility: false")
    with FakeSpot(tmp_path / "figurine.yaml") as spot, agent(spot, tmp_path, config=config) as running:
        running.wait_for(lambda event: event.get("rule") == "bow to people", timeout=90.0)
        running.interrupt()
        assert running.end() == 0, running.stderr()
    assert rejections(running.runs) == []


def decisions_of(runs: Path) -> list[dict[str, Any]]:
    """The decisions so far; the last line of a log may be half written."""
    texts = [path.read_text().rpartition("\n")[0] for path in runs.glob("*/decisions.jsonl")]
    lines = [json.loads(line) for text in texts for line in text.splitlines()]
    return [line for line in lines if line["type"] == "decision"]


def rejections(runs: Path) -> list[dict[str, Any]]:
    return [one for line in decisions_of(runs) for one in line["rejected"]]


def is_sure(rejected: dict[str, Any]) -> bool:
    """Whether it would have been the cue; what is less sure than that explains nothing."""
    return bool(rejected["detection"]["score"] >= 0.45)
