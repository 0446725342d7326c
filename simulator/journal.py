"""What happened: calls, commands, and where the robot truly was."""

from __future__ import annotations

import json
import threading
from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

_KEPT = 100_000


@dataclass(frozen=True, slots=True)
class CommandEntry:
    """A command that a client sent.

    Attributes:
        time: Scene time in seconds; ``None`` before the scene starts.
        client: Name of the client.
        command: What it asked for, such as ``"stand_request"``.
        status: Name of the answer's status.
        message: Why it was refused, in words.
        lease_status: Name of the lease's status.
    """

    time: float | None
    client: str
    command: str
    status: str
    message: str = ""
    lease_status: str = ""

    @property
    def accepted(self) -> bool:
        """Whether the robot obeyed."""
        return self.status == "STATUS_OK"


@dataclass(frozen=True, slots=True)
class PersonEntry:
    """Where a person of the scene stood: name, and metres in the world."""

    name: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class SampleEntry:
    """The true robot, and the people, at one moment of scene time (seconds; metres, radians, m/s)."""

    time: float
    x: float
    y: float
    yaw: float
    height: float
    speed: float
    turn_rate: float
    posture: str
    powered: bool
    people: tuple[PersonEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class EventEntry:
    """Something that happened once, such as the start of the scene."""

    time: float | None
    name: str
    detail: str = ""


Entry = CommandEntry | SampleEntry | EventEntry
_KINDS: Mapping[type, str] = {CommandEntry: "command", SampleEntry: "sample", EventEntry: "event"}


class Journal:
    """Collects entries from every thread; the newest 100 000 are kept, all of them are written to the file.

    Args:
        path: A file of one JSON object a line, written as things happen; ``None`` writes none.

    Raises:
        OSError: The file cannot be written.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._lock = threading.Lock()
        self._calls: Counter[str] = Counter()
        self._entries: deque[Entry] = deque(maxlen=_KEPT)
        self._file: TextIO | None = path.open("w", encoding="utf-8", buffering=1) if path else None

    def count_call(self, method: str, outcome: str = "OK") -> None:
        """Count a call of an RPC by its outcome: a gRPC status code's name."""
        with self._lock:
            self._calls[method if outcome == "OK" else f"{method} {outcome}"] += 1

    def add(self, entry: Entry) -> None:
        """Add an entry."""
        with self._lock:
            self._entries.append(entry)
            self._write({"kind": _KINDS[type(entry)], **asdict(entry)})

    @property
    def calls(self) -> dict[str, int]:
        """How often each RPC was called, as ``"Service/Method"``, with the outcome's name if it was not OK."""
        with self._lock:
            return dict(self._calls)

    @property
    def commands(self) -> list[CommandEntry]:
        """Every command, oldest first."""
        return [entry for entry in self._copy() if isinstance(entry, CommandEntry)]

    @property
    def samples(self) -> list[SampleEntry]:
        """Every sample of the true robot, oldest first."""
        return [entry for entry in self._copy() if isinstance(entry, SampleEntry)]

    @property
    def events(self) -> list[EventEntry]:
        """Every event, oldest first."""
        return [entry for entry in self._copy() if isinstance(entry, EventEntry)]

    def close(self) -> None:
        """Write the counts of calls and close the file."""
        with self._lock:
            self._write({"kind": "calls", "counts": dict(self._calls)})
            if self._file:
                self._file.close()
                self._file = None

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _copy(self) -> list[Entry]:
        with self._lock:
            return list(self._entries)

    def _write(self, record: Mapping[str, Any]) -> None:
        if self._file:
            self._file.write(json.dumps(record) + "\n")
