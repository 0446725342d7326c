"""What happened: calls, commands, and where the robot truly was."""

from __future__ import annotations

import json
import threading
from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

from simulator.entries import CommandEntry, Entry, EventEntry, SampleEntry

_KEPT = 100_000


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
        self.failure = ""
        """Why the file is not complete; empty while it is."""
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
        if not self._file:
            return
        try:
            self._file.write(json.dumps(record) + "\n")
        except OSError as error:  # a full disk must not stop the robot
            self.failure = f"the journal ends early: {error}"
            self._file = None
