"""What a running simulator tells."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from simulator.scene.judge import Verdict


@dataclass(frozen=True, slots=True)
class Ready:
    """Clients can connect: ``ca_file`` is what they must trust."""

    host: str
    port: int
    ca_file: Path


@dataclass(frozen=True, slots=True)
class SceneStarted:
    """Scene time has begun."""

    scene: str


@dataclass(frozen=True, slots=True)
class SceneEnded:
    """The scene is over; what was expected of the robot, and whether it was met."""

    scene: str
    verdicts: tuple[Verdict, ...]


@dataclass(frozen=True, slots=True)
class FramesEnded:
    """The last recorded frame has been served; from now on it only grows old."""


@dataclass(frozen=True, slots=True)
class Summary:
    """A run in figures.

    Attributes:
        seconds: How long it ran.
        calls: RPCs that were answered.
        accepted: Robot commands that were obeyed.
        refused: Robot commands that were refused.
        distance: Metres that the robot walked.
        journal_failure: Why the journal's file is not complete; empty if it is.
    """

    seconds: float
    calls: int
    accepted: int
    refused: int
    distance: float
    journal_failure: str = ""


@dataclass(frozen=True, slots=True)
class Stopped:
    """The simulator has stopped."""

    summary: Summary


SimulatorEvent: TypeAlias = Ready | SceneStarted | SceneEnded | FramesEnded | Stopped
