"""The demo as a new user runs it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import cv2
import pytest


@pytest.mark.timeout(240)
def test_the_demo_meets_every_expectation_and_tells_the_story(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "spot_agent", "demo", "--json", "--runs", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=230, check=False)
    events = [json.loads(line) for line in done.stdout.splitlines()]
    judged = events[-1]["expectations"]
    assert done.returncode == 0, (judged, done.stderr)
    assert len(judged) >= 6
    assert all(one["met"] for one in judged)

    acting = [event["rule"] for event in events if event["event"] == "decision" and event["rule"]]
    story = [rule for index, rule in enumerate(acting) if index == 0 or acting[index - 1] != rule]
    assert story[:2] == ["follow the visitor", "sit at a stop sign"]
    assert "stand up again" in story
    assert story[-1] == "follow the visitor"

    ended = next(event for event in events if event["event"] == "ended")
    picture = cv2.imread(ended["story"])
    assert picture.shape[1] >= 1200
    assert picture.std() > 10
    log = [json.loads(line) for line in Path(ended["log"]).read_text().splitlines()]
    decisions = [line for line in log if line["type"] == "decision"]
    assert len(decisions) > 200
    assert all(len(line["rules"]) == 5 for line in decisions)
