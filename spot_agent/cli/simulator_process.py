"""A fake Spot in a process of its own, as somebody else's would be."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from spot_agent.errors import AgentError

READY_TIMEOUT = 120.0  # s; the first start compiles the renderer
STOP_TIMEOUT = 10.0  # s


@dataclass(frozen=True, slots=True)
class Expectation:
    """One thing that the scene expects, and what truly happened."""

    text: str
    met: bool
    measured: str


@dataclass(frozen=True, slots=True)
class ReadyAddress:
    """Where the fake Spot listens."""

    host: str
    port: int
    ca_file: Path


class SimulatorProcess:
    """Runs ``spot-agent simulate`` for as long as the ``with`` statement lasts.

    Args:
        arguments: What to simulate: a scene or ``--frames``, and any other options but port and output.
    """

    def __init__(self, arguments: Sequence[str]) -> None:
        self._command = [sys.executable, "-m", "spot_agent", "simulate", *arguments, "--port", "0", "--json"]
        self._process: subprocess.Popen[str] | None = None
        self._known = threading.Condition()
        self._ready: ReadyAddress | None = None
        self._failure: str | None = None
        self._expectations: tuple[Expectation, ...] | None = None
        self._ended = False

    def __enter__(self) -> Self:
        """Start it; Ctrl-C reaches only this process, which then ends the other in good order."""
        self._process = subprocess.Popen(  # noqa: S603 - our own command line
            self._command, stdout=subprocess.PIPE, text=True, start_new_session=True
        )
        threading.Thread(target=self._read, args=(self._process,), name="simulator output", daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop it."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(STOP_TIMEOUT)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def wait_until_ready(self) -> ReadyAddress:
        """Wait until clients can connect.

        Raises:
            AgentError: It has ended, or does not start.
        """
        with self._known:
            self._known.wait_for(lambda: self._ready is not None or self._ended, READY_TIMEOUT)
            if self._ready is None:
                raise AgentError(self._failure or "the fake Spot did not start")
            return self._ready

    @property
    def pid(self) -> int:
        """The process's number; 0 when it does not run."""
        return 0 if self._process is None else self._process.pid

    @property
    def scene_over(self) -> bool:
        """Whether the scene has been judged, or the simulator has ended."""
        with self._known:
            return self._expectations is not None or self._ended

    @property
    def expectations(self) -> tuple[Expectation, ...]:
        """What the scene expected.

        Raises:
            AgentError: The scene was not judged.
        """
        with self._known:
            if self._expectations is None:
                raise AgentError(self._failure or "the scene ended before it could be judged")
            return self._expectations

    def _read(self, process: subprocess.Popen[str]) -> None:
        for line in process.stdout or ():
            self._take(json.loads(line))
        with self._known:
            self._ended = True
            self._known.notify_all()

    def _take(self, event: dict[str, Any]) -> None:
        with self._known:
            match event["event"]:
                case "ready":
                    self._ready = ReadyAddress(event["host"], event["port"], Path(event["ca"]))
                case "scene ended":
                    self._expectations = tuple(
                        Expectation(item["expectation"], item["met"], item["measured"])
                        for item in event["expectations"]
                    )
                case "error":
                    self._failure = event["message"]
            self._known.notify_all()
