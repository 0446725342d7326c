"""The configuration that docs/gestures.md shows: right as it stands, and with every kind of gesture."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from behaviors import Cue, Engine, Posture, RobotState, Sit, Stop, Walk
from models.gestures import GESTURES
from spot_agent.config import WAVING, AgentConfig, check_config

DOCS = Path(__file__).parents[2] / "docs" / "gestures.md"
STANDING = RobotState(time=0.0, posture=Posture.STANDING)


@pytest.fixture
def config(tmp_path: Path) -> AgentConfig:
    (example,) = re.findall(r"^```yaml\n(.*?)^```", DOCS.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    path = tmp_path / "config.yaml"
    path.write_text(example, encoding="utf-8")
    checked = check_config(path)
    assert checked.warnings == ()
    return checked.config


def cue(name: str, *, seen_for: float = 1.0) -> Cue:
    return Cue(name, 1, 0.5, seen_for, 0.1, distance=5.0, bearing=0.3)


@pytest.mark.parametrize(("name", "command"), [("hands up", Stop), ("sends left", Sit), ("waving", Walk)])
def test_each_gesture_starts_its_rule_once_it_is_seen_long_enough(
    config: AgentConfig, name: str, command: type[object]
) -> None:
    engine = Engine(config.rules)
    person = cue("person")
    early = engine.decide([person, cue(name, seen_for=0.2)], STANDING, 0.0, None)
    assert early.decision.rule is None
    later = engine.decide([person, cue(name, seen_for=0.6)], STANDING, 0.4, early.memory)
    assert later.decision.rule is not None
    assert isinstance(later.decision.command, command)


def test_raised_hands_outrank_all_else(config: AgentConfig) -> None:
    cues = [cue("person"), cue("hands up"), cue("sends left"), cue("waving")]
    assert Engine(config.rules).decide(cues, STANDING, 0.0, None).decision.rule == "freeze for raised hands"


@pytest.mark.parametrize("label", [*(gesture.label for gesture in GESTURES), WAVING])
def test_every_gesture_can_be_a_cue(tmp_path: Path, label: str) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(
        "detectors: {people: {model: people, rate: 5 Hz}}\n"
        f"cues: {{sign: {{label: {label}}}}}\n"
        "rules: [{name: sit, when: {cue: sign}, do: sit}]\n",
        encoding="utf-8",
    )
    assert check_config(path).config.cues["sign"].label == label
