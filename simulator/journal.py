"""What happened: calls, commands, and where the robot truly was."""

from __future__ import annotations

import json
import threading
from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

from simulator.entries import CallEntry, CommandEntry, Entry, EventEntry, SampleEntry, ViolationEntry

_KEPT = 100_000


_KINDS: Mapping[type, str] = {
    CommandEntry: "command",
    SampleEntry: "sample",
    EventEntry: "event",
    ViolationEntry: "violation",
    CallEntry: "rpc",
}


class Journal:
    """Collects entries from every thread; all of them are written to the file.

    The newest 100 000 calls of RPCs are kept, and the newest 100 000 of all else: a busy client pushes out no samples.

    Args:
        path: A file of one JSON object a line, written as things happen; ``None`` writes none.

    Raises:
        OSError: The file cannot be written.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._lock = threading.Lock()
        self._calls: Counter[str] = Counter()
        self._refusals: Counter[str] = Counter()
        self._listeners: tuple[Callable[[Entry], None], ...] = ()
        self.failure = ""
        """Why the file is not complete; empty while it is."""
        self._entries: deque[Entry] = deque(maxlen=_KEPT)
        self._rpcs: deque[CallEntry] = deque(maxlen=_KEPT)
        self._file: TextIO | None = path.open("w", encoding="utf-8", buffering=1) if path else None

    def count_call(self, method: str, outcome: str = "OK", refusals: Sequence[str] = ()) -> None:
        """Count a call of an RPC by its outcome: a gRPC status code's name, and the statuses that refuse in it."""
        with self._lock:
            self._calls[method if outcome == "OK" else f"{method} {outcome}"] += 1
            for refusal in refusals:
                self._refusals[f"{method} {refusal}"] += 1

    def add(self, entry: Entry) -> None:
        """Add an entry."""
        with self._lock:
            if isinstance(entry, CallEntry):
                self._rpcs.append(entry)
            else:
                self._entries.append(entry)
            if self._file:
                self._write({"kind": _KINDS[type(entry)], **asdict(entry)})
        for listener in self._listeners:
            listener(entry)

    def listen(self, listener: Callable[[Entry], None]) -> None:
        """Tell someone of every entry from now on, in the thread that adds it."""
        self._listeners = (*self._listeners, listener)

    @property
    def calls(self) -> dict[str, int]:
        """How often each RPC was called, as ``"Service/Method"``, with the outcome's name if it was not OK."""
        with self._lock:
            return dict(self._calls)

    @property
    def refusals(self) -> dict[str, int]:
        """How often an answer refused, as ``"Service/Method STATUS"``; failed calls are in :attr:`calls`."""
        with self._lock:
            return dict(self._refusals)

    @property
    def rpcs(self) -> list[CallEntry]:
        """Every call of an RPC, oldest first."""
        with self._lock:
            return list(self._rpcs)

    @property
    def commands(self) -> list[CommandEntry]:
        """Every command, oldest first."""
        return [entry for entry in self._copy() if isinstance(entry, CommandEntry)]

    @property
    def samples(self) -> list[SampleEntry]:
        """Every sample of the true robot, oldest first."""
        return [entry for entry in self._copy() if isinstance(entry, SampleEntry)]

    @property
    def violations(self) -> list[ViolationEntry]:
        """Everything that no client should have done, oldest first."""
        return [entry for entry in self._copy() if isinstance(entry, ViolationEntry)]

    @property
    def events(self) -> list[EventEntry]:
        """Every event, oldest first."""
        return [entry for entry in self._copy() if isinstance(entry, EventEntry)]

    def close(self) -> None:
        """Write the counts of calls and close the file."""
        with self._lock:
            self._write({"kind": "calls", "counts": dict(self._calls), "refusals": dict(self._refusals)})
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
