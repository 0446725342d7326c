"""The agent as a process of its own, as its user starts it."""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from simulator.fake_spot import FakeSpot

Event = dict[str, Any]

LOGIN = {"BOSDYN_CLIENT_USERNAME": "tester", "BOSDYN_CLIENT_PASSWORD": "a secret that must not show"}

CONFIG = """
cues:
  person: {label: person, confidence: 0.45, keep distance: true}
rules:
  - name: follow the visitor
    when: {cue: person, distance: < 8 m, seen for: 0.2 s}
    do: {follow: {distance: 2 m, speed: 0.8 m/s}}
"""

SCENE = """
name: visitor
description: A person stands far ahead.
duration: 60 s
starts: when standing
surroundings:
  floor: {texture: tiles, centre: [2, 0], size: [16, 12]}
objects:
  - {kind: wall, name: wall, start: [9, 6], end: [9, -6]}
  - kind: person
    name: visitor
    motion:
      - {at: 0 s, position: [5.5, 0.3], yaw: 180 deg}
      - {at: 60 s, position: [5.5, 0.2], yaw: 180 deg}
"""


class AgentProcess:
    """``spot-agent run --json`` against a fake Spot."""

    def __init__(self, process: subprocess.Popen[str], runs: Path) -> None:
        self.process, self.runs = process, runs
        self.events: list[Event] = []
        self._queue: queue.Queue[Event | None] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._queue.put(json.loads(line))
        self._queue.put(None)

    def wait_for(self, condition: Callable[[Event], bool], timeout: float = 30.0) -> Event:
        """The next event that fulfils a condition."""
        deadline = time.monotonic() + timeout
        while True:
            event = self._queue.get(timeout=max(0.01, deadline - time.monotonic()))
            assert event is not None, f"the agent has ended: {self.stderr()}"
            self.events.append(event)
            if condition(event):
                return event

    def interrupt(self) -> None:
        self.process.send_signal(signal.SIGINT)

    def end(self, timeout: float = 40.0) -> int:
        """Wait for its end; returns its exit status."""
        status = self.process.wait(timeout)
        while (event := self._queue.get(timeout=5.0)) is not None:
            self.events.append(event)
        return status

    def stderr(self) -> str:
        return (self.runs / "stderr.txt").read_text()


@contextmanager
def agent(
    spot: FakeSpot, folder: Path, *arguments: str, config: str = CONFIG, port: int | None = None
) -> Iterator[AgentProcess]:
    """Start the agent; it is killed at the end if it still runs. What it said is printed if anything fails."""
    runs = folder / "runs"
    runs.mkdir()
    config_file = folder / "config.yaml"
    config_file.write_text(config)
    command = [
        sys.executable, "-m", "spot_agent", "run", "--hostname", spot.host, "--port", str(port or spot.port),
        "--ca", str(spot.ca_file), "--config", str(config_file), "--runs", str(runs), "--json", *arguments,
    ]  # fmt: skip
    with (runs / "stderr.txt").open("w") as errors:
        process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=errors,
            stdin=subprocess.DEVNULL,
            text=True,
            env={**os.environ, **LOGIN},
        )
    running = AgentProcess(process, runs)
    try:
        yield running
    except BaseException:
        sys.stderr.write(f"the agent's exit status: {process.poll()}; its stderr:\n{running.stderr()}")
        raise
    finally:
        process.kill()
        process.wait()


def scene_file(folder: Path) -> Path:
    path = folder / "visitor.yaml"
    path.write_text(SCENE)
    return path
