"""The lines of the journal.

Every entry begins with ``robot_time``: seconds since the epoch on the robot's clock, which is not the host's.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CommandEntry:
    """A command that a client sent.

    Attributes:
        robot_time: Seconds on the robot's clock.
        time: Scene time in seconds; ``None`` before the scene starts.
        client: Name of the client.
        command: What it asked for, such as ``"stand_request"``.
        status: Name of the answer's status.
        message: Why it was refused, in words.
        lease_status: Name of the lease's status.
        motion: ``"none"``, ``"posture"`` or ``"travel"``: how it makes the robot move.
        ends_in: Seconds from its arrival to its end; ``None`` when it has none.
        speed: m/s that it asks for; ``None`` when it asks for no speed.
    """

    robot_time: float
    time: float | None
    client: str
    command: str
    status: str
    message: str = ""
    lease_status: str = ""
    motion: str = "none"
    ends_in: float | None = None
    speed: float | None = None

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

    robot_time: float
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

    robot_time: float
    time: float | None
    name: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ViolationEntry:
    """Something that no client should do; see ``docs/simulator.md``."""

    robot_time: float
    time: float | None
    rule: str
    client: str
    detail: str


@dataclass(frozen=True, slots=True)
class CallEntry:
    """A call of an RPC, at its end; one that is answered by a stream, at its start.

    Attributes:
        robot_time: Seconds on the robot's clock.
        time: Scene time in seconds; ``None`` before the scene starts.
        client: Name that the client gives itself; empty where the robot does not read the request: when it has no
            such service, or when a client's own service answers.
        method: ``"Service/Method"``; of a client's own service, ``"Service/Method of name"``.
        outcome: Name of the gRPC status code: ``"OK"``, or why there is no answer.
        refusal: The statuses with which the answer refuses, with commas between them; empty when it does not.
    """

    robot_time: float
    time: float | None
    client: str
    method: str
    outcome: str = "OK"
    refusal: str = ""


Entry = CommandEntry | SampleEntry | EventEntry | ViolationEntry | CallEntry
