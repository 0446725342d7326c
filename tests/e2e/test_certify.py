"""``spot-agent models certify`` as a person runs it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
VIDEO = ROOT / "tests" / "data" / "videos" / "pedestrians.mp4"
RULES = """
cues:
  person: {detector: objects, label: person, confidence: 0.45}
rules:
  - {name: greet, when: {cue: person, seen for: 0.5 s}, do: {pose: {pitch: 12 deg}}}
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "rules.yaml"
    path.write_text(RULES, encoding="utf-8")
    return path


def certify(*arguments: object) -> tuple[int, dict[str, Any]]:
    command = [sys.executable, "-m", "spot_agent", "models", "certify", *map(str, arguments), "--json"]
    result = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    events = [json.loads(line) for line in result.stdout.splitlines()]
    assert events, result.stderr
    return result.returncode, {event["event"]: event for event in events}


def changed_model(folder: Path, before: str, after: str) -> Path:
    shutil.copytree(ROOT / "models" / "zoo" / "objects", folder)
    card = folder / "card.yaml"
    text = card.read_text(encoding="utf-8")
    assert before in text
    card.write_text(text.replace(before, after), encoding="utf-8")
    return folder


def test_the_same_model_passes(config: Path) -> None:
    status, events = certify(
        "objects", "--against", "objects", "--on", VIDEO, "--limit", 4, "-c", config, "--slower", 9
    )
    assert status == 0, events
    certificate = events["certificate"]
    assert certificate["passed"] is True
    (footage,) = certificate["footage"]
    assert footage["moments"] == footage["same_decision"] == 40
    assert footage["cues"][0]["both"] > 30


def test_one_that_misses_people_does_not(config: Path, tmp_path: Path) -> None:
    blind = changed_model(tmp_path / "objects", "threshold: 0.3", "threshold: 0.8")
    status, events = certify(blind, "--against", "objects", "--on", VIDEO, "--limit", 4, "-c", config, "--slower", 9)
    assert status == 6
    objections = " ".join(events["certificate"]["objections"])
    assert "cue 'person': the new model misses it" in objections
    assert "may not take the place of objects" in events["error"]["message"]


def test_footage_without_a_cue_proves_nothing_for_it(config: Path) -> None:
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace("rules:", "  sign: {detector: objects, label: stop sign}\nrules:"), encoding="utf-8")
    status, events = certify(
        "objects", "--against", "objects", "--on", VIDEO, "--limit", 2, "-c", config, "--slower", 9
    )
    assert status == 6
    (objection,) = events["certificate"]["objections"]
    assert objection.startswith("cue 'sign': the old model sees it nowhere in what was shown")


TAGS = """
cameras: {frontleft: {rate: 10 Hz}, frontright: {rate: 5 Hz}}
detectors:
  tags: {model: fiducials, rate: 5 Hz}
  robot tags: {model: world objects}
cues:
  station: {detector: tags, label: tag 350}
  reported station: {detector: robot tags, label: tag 350}
rules:
  - {name: bow, when: {cue: station}, do: {pose: {pitch: 8 deg, hold: 0.5 s}}, priority: 2}
  - {name: sit, when: {cue: reported station, seen for: 1 s}, do: sit, priority: 1}
"""
TAG_SCENE = """
name: tag
description: A tag on a wall ahead.
duration: 30 s
starts: when standing
surroundings:
  floor: {texture: tiles, centre: [2, 0], size: [12, 12]}
objects:
  - {kind: wall, name: wall, start: [2.6, 3], end: [2.6, -3]}
  - {kind: apriltag, name: tag, id: 350, position: [2.5, 0.3, 0.6], yaw: 180 deg, size: 0.3}
"""


def test_detectors_of_other_kinds_look_as_when_the_agent_runs(tmp_path: Path) -> None:
    config, scene = tmp_path / "tags.yaml", tmp_path / "scene.yaml"
    config.write_text(TAGS, encoding="utf-8")
    scene.write_text(TAG_SCENE, encoding="utf-8")
    arguments = ("--on", scene, "--limit", 3, "-c", config, "--slower", 9)
    status, events = certify("fiducials", "--against", "fiducials", *arguments)
    assert status == 0, events
    (footage,) = events["certificate"]["footage"]
    assert footage["moments"] == 45, "10 Hz and 5 Hz for 3 s"
    (cue,) = footage["cues"]
    assert (cue["cue"], cue["moments"]) == ("station", 30), "5 Hz through both cameras"
    assert cue["both"] >= 12, "one of the cameras sees it at each of its 15 looks, and the first ones confirm it"
    assert [rule["rule"] for rule in footage["rules"]] == ["bow", "sit"], "the robot's own report counts, too"

    status, events = certify("fiducials", "--against", "world objects", *arguments)
    assert status == 2
    assert "what the robot itself reports" in events["error"]["message"]


@pytest.mark.parametrize(("arguments", "words"), [
    (("objects", "--against", "zebras"), "no detector of config.yaml uses the model 'zebras'; in use: objects"),
    (("objcts", "--against", "objects"), "did you mean 'objects'"),
    (("objects", "--against", "objects", "--on", "no/such/video.mp4"), "no/such/video.mp4: there is no such file"),
    (("objects", "--against", "objects", "--on", "lobyb"), "lob"),
])  # fmt: skip
def test_mistakes_are_explained(config: Path, arguments: tuple[str, ...], words: str) -> None:
    status, events = certify(*arguments, "-c", config)
    assert status == 2
    assert words in events["error"]["message"]
