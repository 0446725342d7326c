"""Every kind of detector at once, each on its own cameras and at its own rate, before one scene."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

from agent_process import agent

from simulator.fake_spot import FakeSpot

CARDS = Path(__file__).parents[2] / "models" / "cards" / "printed"
SCENE = """
name: everything
description: A person gives signs between a printed card and a tag.
duration: 120 s
starts: when standing
surroundings:
  floor: {texture: tiles, centre: [2, 0], size: [16, 12]}
objects:
  - {kind: wall, name: wall, start: [5, 4], end: [5, -4]}
  - {kind: apriltag, name: tag, id: 350, position: [2.6, 0.8, 0.6], yaw: 190 deg, size: 0.3}
  - {kind: board, name: card, picture: sit.png, position: [2.2, -0.7, 0.6], yaw: 170 deg, width: 0.21, height: 0.297}
  - kind: person
    name: visitor
    position: [4.2, 0]
    yaw: 180 deg
    gestures:
      - {gesture: both arms raised, between: [1 s, 50 s]}
"""

CONFIG = """
detectors:
  objects: {model: objects, rate: 2 Hz, cameras: [frontright]}
  people: {model: people, rate: 3 Hz}
  cards: {model: cards, rate: 3 Hz, cameras: [frontleft]}
  tags: {model: fiducials, rate: 3 Hz, cameras: [frontright]}
  robot tags: {model: world objects, rate: 3 Hz}
cues:
  somebody: {detector: objects, label: person, confidence: 0.4, keep distance: true}
  person: {detector: people, label: person, confidence: 0.3, keep distance: true}
  hands up: {detector: people, label: both arms raised, confidence: 0.2}
  sit card: {detector: cards, label: sit, confidence: 0.4}
  station: {detector: tags, label: tag 350}
  reported station: {detector: robot tags, label: tag 350}
rules:
  - {name: sit for the card, when: {cue: sit card}, do: sit, priority: 9}
"""
EVERY_CUE = {"somebody", "person", "hands up", "sit card", "station", "reported station"}


def test_they_all_find_what_is_theirs(tmp_path: Path) -> None:
    scene = tmp_path / "everything.yaml"
    scene.write_text(SCENE)
    shutil.copy(CARDS / "sit.png", tmp_path)
    with FakeSpot(scene) as spot, agent(spot, tmp_path, "--watch", config=CONFIG) as running:
        spot.stand_up()
        spot.wait_for(lambda _: cues_of(running.runs) >= EVERY_CUE, timeout=60.0, what="every cue is seen")
        running.interrupt()
        assert running.end() == 0, running.stderr()
    decisions = log_lines(running.runs)
    looked = Counter(
        (line["frame"]["camera"], name) for line in decisions if line.get("frame") for name in line["looked"]
    )
    assert not looked["frontleft", "objects"]
    assert not looked["frontright", "cards"]
    assert not looked["frontleft", "tags"]
    assert all(looked[camera, "people"] for camera in ("frontleft", "frontright"))
    assert any(line.get("rule") == "sit for the card" for line in decisions)


def log_lines(runs: Path) -> list[dict[str, Any]]:
    """What the log tells so far; its last line may be half written."""
    texts = [path.read_text().rpartition("\n")[0] for path in runs.glob("*/decisions.jsonl")]
    return [json.loads(line) for text in texts for line in text.splitlines()]


def cues_of(runs: Path) -> set[str]:
    """The names of all cues that the log has told of so far."""
    return {cue["name"] for line in log_lines(runs) for cue in line.get("cues", ())}
