"""AprilTags as cues: read in the pictures, and reported by the robot itself."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from agent_process import Event, agent

from simulator.fake_spot import FakeSpot

SCENE = """
name: tag
description: A tag on a wall ahead.
duration: 60 s
starts: when standing
surroundings:
  floor: {texture: tiles, centre: [2, 0], size: [12, 12]}
objects:
  - {kind: wall, name: wall, start: [2.6, 3], end: [2.6, -3]}
  - {kind: apriltag, name: tag, id: 350, position: [2.5, 0.3, 0.6], yaw: 180 deg, size: 0.3}
"""

# Once a second and a long memory, so that a loaded machine can keep up. Which of the two finds the tag first is open:
# neither rule may take from the other what it needs, as sitting down would take standing.
CONFIG = """
tracking: {forget after: 10 s}
detectors:
  tags: {model: fiducials, rate: 1 Hz}
  robot tags: {model: world objects}
cues:
  station: {detector: tags, label: tag 350}
  reported station: {detector: robot tags, label: tag 350}
  another: {detector: tags, label: tag 351}
  another reported: {detector: robot tags, label: tag 351}
rules:
  - name: bow to what the pictures show
    when: {cue: station, distance: 2 m .. 3 m, bearing: -20 deg .. 20 deg}
    do: {pose: {pitch: 8 deg, hold: 0.5 s}}
    priority: 9
  - name: lean to what the robot reports
    when: {cue: reported station, distance: 2 m .. 3 m, bearing: -20 deg .. 20 deg}
    do: {pose: {roll: 8 deg, hold: 0.5 s}}
    priority: 8
  - {name: never by picture, when: {cue: another}, do: stop, priority: 20}
  - {name: never by report, when: {cue: another reported}, do: stop, priority: 20}
"""
BOTH = {"bow to what the pictures show", "lean to what the robot reports"}


def test_a_tag_makes_rules_act_by_picture_and_by_report(tmp_path: Path) -> None:
    scene = tmp_path / "tag.yaml"
    scene.write_text(SCENE)
    with FakeSpot(scene) as spot, agent(spot, tmp_path, config=CONFIG) as running:
        acted: set[str] = set()

        def both_have_acted(event: Event) -> bool:
            acted.add(event.get("rule") or "")
            return acted >= BOTH

        running.wait_for(both_have_acted, timeout=60.0)
        # No rule is left to act, so the body is levelled at last.
        running.wait_for(lambda event: event["event"] == "decision" and event["rule"] is None)
        running.interrupt()
        assert running.end() == 0, running.stderr()
    log = [json.loads(line) for line in Path(running.events[-1]["log"]).read_text().splitlines()]
    decisions = [line for line in log if line["type"] == "decision"]
    tracks = [track for line in decisions for track in line["tracks"]]
    assert {(track["detector"], track["label"]) for track in tracks} == {("tags", "tag 350"), ("robot tags", "tag 350")}
    assert len({track["id"] for track in tracks if track["detector"] == "robot tags"}) == 1
    for track in tracks:
        assert (track["box"] is None) == (track["detector"] == "robot tags")
        assert track["position"]["x"] == pytest.approx(2.5, abs=0.2)
        assert track["position"]["y"] == pytest.approx(0.3, abs=0.2)
    assert {line["rule"] for line in decisions} == {None, *BOTH}
    poses = [line["command"] for line in log if line["type"] == "sent" and line["command"]["kind"] == "PoseBody"]
    assert any(pose["pitch"] > 0 for pose in poses)
    assert any(pose["roll"] > 0 for pose in poses)
    looked = [line["looked"] for line in decisions if line["frame"] is not None]
    assert {tuple(names) for names in looked} == {(), ("tags",)}, "frames between two looks are decided on, too"
    assert all(line["detections"] == [] for line in decisions if not line["looked"])
