"""What the rules and the governor know about the robot."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from behaviors.geometry import SE2Pose, SE2Velocity


class Posture(StrEnum):
    """How the body is held, as the robot itself reports it."""

    SITTING = "sitting"
    STANDING = "standing"
    STEPPING = "stepping"
    CHANGING = "changing"  # between two postures
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class RobotState:
    """The robot at one moment. Every safety fact defaults to its unsafe value: what is not known is not so.

    Attributes:
        time: Robot time of the state, in seconds since the epoch of the robot's clock.
        pose: The body in the ``odom`` frame.
        velocity: The body's velocity in the body frame.
        posture: How the body is held.
        powered: Whether the motors have power.
        lease_held: Whether this agent holds the body lease.
        estop_alive: Whether our E-Stop endpoint answers and no E-Stop is pressed.
        time_synced: Whether robot time can be converted to ours.
        battery: State of charge, 0 to 1; ``None`` when the robot has not said.
        faults: Names of active faults that forbid motion.
        obstacle_ahead: Metres of free floor ahead of the body's front edge; ``None`` when nothing measures it.
    """

    time: float
    pose: SE2Pose = field(default_factory=lambda: SE2Pose(0.0, 0.0, 0.0))
    velocity: SE2Velocity = field(default_factory=SE2Velocity)
    posture: Posture = Posture.UNKNOWN
    powered: bool = False
    lease_held: bool = False
    estop_alive: bool = False
    time_synced: bool = False
    battery: float | None = None
    faults: tuple[str, ...] = ()
    obstacle_ahead: float | None = None
