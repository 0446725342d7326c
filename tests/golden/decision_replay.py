"""Recorded cue streams through engine and governor, as text that can be compared byte for byte.

Each story in ``decisions/`` is three files: ``NAME.yaml`` with the rules, ``NAME.cues.jsonl`` with what was seen, one
line a moment, and ``NAME.decisions.jsonl`` with what was decided. After a change of behaviour that is meant, make the
last ones again and read the difference before committing it::

    python tests/golden/decision_replay.py
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from behaviors import Cue, Engine, Governor, Memory, Point2, Posture, RobotState, SE2Pose
from spot_agent.config import load_config

STORIES = Path(__file__).parent / "decisions"
MODELS = {"objects": ("person", "stop sign", "chair", "dog")}
DIGITS = 6  # of a figure; the last bits of a cosine differ between machines


def story_names() -> list[str]:
    return sorted(path.stem for path in STORIES.glob("*.yaml"))


def decisions_path(name: str) -> Path:
    return STORIES / f"{name}.decisions.jsonl"


def replay(name: str) -> str:
    """The decisions of a story, one line of JSON a moment."""
    config = load_config(STORIES / f"{name}.yaml", MODELS)
    engine, governor = Engine(config.rules), Governor(config.safety)
    memory: Memory | None = None
    lines = []
    for cues, state in read_story(STORIES / f"{name}.cues.jsonl"):
        outcome = engine.decide(cues, state, state.time, memory)
        memory = outcome.memory
        governed = governor.govern(outcome.decision, cues, state, state.time)
        record = {**plain(outcome.decision), "governed": plain(governed.command), "notes": list(governed.notes)}
        lines.append(json.dumps(record, ensure_ascii=False))
    return "\n".join(lines) + "\n"


def read_story(path: Path) -> Iterator[tuple[list[Cue], RobotState]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        moment = json.loads(line)
        state = {**moment["state"], "posture": Posture(moment["state"]["posture"])}
        state["pose"] = SE2Pose(**state.get("pose", {"x": 0.0, "y": 0.0, "yaw": 0.0}))
        yield [read_cue(cue) for cue in moment["cues"]], RobotState(**state)


def read_cue(record: dict[str, Any]) -> Cue:
    position = record.get("position")
    return Cue(**{**record, "position": None if position is None else Point2(**position)})


def plain(value: object) -> Any:
    """A dataclass as JSON holds it; a command also says which it is."""
    if is_dataclass(value) and not isinstance(value, type):
        content = {field.name: plain(getattr(value, field.name)) for field in fields(value)}
        return {"kind": type(value).__name__, **content} if type(value).__module__ == "behaviors.command" else content
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    if isinstance(value, Enum):
        return value.value
    return round(value, DIGITS) if isinstance(value, float) else value


def main() -> None:
    for name in story_names():
        decisions_path(name).write_text(replay(name), encoding="utf-8", newline="\n")
        sys.stdout.write(f"{decisions_path(name)}\n")


if __name__ == "__main__":
    main()
