"""The log of every decision: one JSON object a line, for people's own scripts and for telling why."""

from __future__ import annotations

import json
import math
import threading
from dataclasses import fields, is_dataclass
from enum import Enum
from pathlib import Path
from typing import Any, TextIO

from spot_agent.cameras import StreamCounts
from spot_agent.perception import Track
from spot_agent.robot import Sent
from spot_agent.runtime.news import News
from spot_agent.runtime.tick import Tick

LOG_NAME = "decisions.jsonl"
FORMAT_VERSION = 1


def to_json(value: object) -> Any:  # noqa: ANN401 - JSON is any of its types
    """Turn our value objects into what JSON can hold. A command carries its kind; figures keep four decimals."""
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value) and not isinstance(value, type):
        members = {field.name: to_json(getattr(value, field.name)) for field in fields(value)}
        if members.get("doubted") is False:  # a doubt is the exception, and told where there is one
            del members["doubted"]
        is_command = type(value).__module__ == "behaviors.command"
        return {"kind": type(value).__name__, **members} if is_command else members
    if isinstance(value, (list, tuple)):
        return [to_json(item) for item in value]
    if isinstance(value, float):
        return round(value, 4) if math.isfinite(value) else None
    return value


class DecisionLog:
    """A listener that writes ``decisions.jsonl``.

    The first line tells the format. A line of type ``decision`` follows for each turn of the loop, one of type
    ``sent`` for each command that went out, one named after its kind for each piece of news, such as ``swapped``, and
    one of type ``end``.

    Args:
        folder: Where to write it; the folder exists.
        config_file: Named in the first line.
    """

    def __init__(self, folder: Path, config_file: Path) -> None:
        self.path = folder / LOG_NAME
        self._lock = threading.Lock()
        self._file: TextIO | None = self.path.open("w", encoding="utf-8")
        self._write({"type": "start", "format": FORMAT_VERSION, "config": config_file.name})

    def on_tick(self, tick: Tick) -> None:
        """Write one decision."""
        frame = tick.frame
        self._write(
            {
                "type": "decision",
                "time": to_json(tick.time),
                "frame": None if frame is None else {"camera": frame.camera, **to_json(frame.times)},
                "looked": list(tick.looked),
                "stages": to_json(tick.stages),
                "detections": to_json(list(tick.detections)),
                "rejected": to_json(list(tick.rejected)),
                "tracks": [_track(track) for track in tick.tracks],
                "cues": to_json(list(tick.cues)),
                **({"doubted": to_json(list(tick.doubted))} if tick.doubted else {}),
                "robot": to_json(tick.state),
                "rule": tick.decision.rule,
                "target": tick.decision.track_id,
                "asked": to_json(tick.governed.asked),
                "passed": to_json(tick.governed.command),
                "governor": list(tick.governed.notes),
                "rules": to_json(tick.decision.reports),
                "watching": tick.watching,
            }
        )

    def on_sent(self, sent: Sent) -> None:
        """Write one command that went out."""
        self._write({"type": "sent", **to_json(sent), "command": to_json(sent.command)})

    def on_news(self, news: News) -> None:
        """Write what happened beside the loop."""
        told = to_json(news)
        self._write({"type": told.pop("kind"), **told})

    def on_end(self, counts: dict[str, StreamCounts]) -> None:
        """Write what became of the frames, and close the file."""
        self._write({"type": "end", "frames": {camera: to_json(count) for camera, count in counts.items()}})
        with self._lock:
            if self._file is not None:
                self._file.close()
                self._file = None

    def _write(self, line: dict[str, Any]) -> None:
        text = json.dumps(line, separators=(",", ":"), ensure_ascii=False)
        with self._lock:
            if self._file is not None:
                self._file.write(text + "\n")


def _track(track: Track) -> dict[str, Any]:
    return {
        "id": track.track_id,
        "detector": track.detector,
        "label": track.label,
        "camera": track.latest.camera,
        "seen": to_json(track.latest.time),
        "score": to_json(track.latest.score),
        "box": to_json(track.latest.box),
        "direction": to_json(track.latest.direction),
        "position": to_json(track.position),
        "velocity": to_json(track.velocity),
        **({"doubted": True} if track.latest.doubted else {}),
    }
