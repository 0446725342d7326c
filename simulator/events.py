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
class FaultBegan:
    """Something that was planned has gone wrong; ``seconds`` is how long it lasts, if it ends."""

    fault: str
    seconds: float | None


@dataclass(frozen=True, slots=True)
class FaultEnded:
    """It is all right again."""

    fault: str


@dataclass(frozen=True, slots=True)
class Violated:
    """A client did what no client should do."""

    time: float | None
    rule: str
    client: str
    detail: str


@dataclass(frozen=True, slots=True)
class ViolationCount:
    """How often a rule was violated, and how the first time."""

    rule: str
    count: int
    first: str


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
        violations: The rules that clients violated.
    """

    seconds: float
    calls: int
    accepted: int
    refused: int
    distance: float
    journal_failure: str = ""
    violations: tuple[ViolationCount, ...] = ()


@dataclass(frozen=True, slots=True)
class CallCount:
    """How often one RPC was called.

    Attributes:
        method: Such as ``"ImageService/GetImage"``.
        calls: All of its calls.
        refusals: Those that were refused, by the name of the status.
    """

    method: str
    calls: int
    refusals: dict[str, int]


@dataclass(frozen=True, slots=True)
class ProgramEnded:
    """A program that was run against the fake Spot has ended; ``exit_code`` is as a shell would give it."""

    exit_code: int
    calls: tuple[CallCount, ...]


@dataclass(frozen=True, slots=True)
class Stepped:
    """A stepped clock has gone on by some seconds, and everything has happened; ``uptime`` is seconds since boot."""

    seconds: float
    uptime: float


@dataclass(frozen=True, slots=True)
class Stopped:
    """The simulator has stopped."""

    summary: Summary


SimulatorEvent: TypeAlias = (
    Ready
    | SceneStarted
    | SceneEnded
    | FramesEnded
    | FaultBegan
    | FaultEnded
    | Violated
    | ProgramEnded
    | Stepped
    | Stopped
)
