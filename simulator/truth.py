"""The true robot, as no client can see it."""

from __future__ import annotations

from dataclasses import dataclass

from bosdyn.api import estop_pb2

from simulator.robot.robot import Robot
from simulator.scene.judge import Posture


@dataclass(frozen=True, slots=True)
class Truth:
    """The true robot at one moment.

    Attributes:
        uptime: Seconds since the robot booted.
        scene_time: Seconds of the scene; ``None`` before it starts or without one.
        x: World frame, metres.
        y: World frame, metres.
        yaw: World frame, radians.
        height: Of the body's origin over the ground, metres.
        roll: Of the body, radians.
        pitch: Of the body, radians.
        speed: Over the ground, m/s.
        turn_rate: Radians a second.
        posture: What its legs are doing; ``"off"`` without motor power.
        powered: Whether the motors have power.
        lease_owner: Name of the client that holds the body lease; ``None`` when nobody does.
        estop_level: Name of the stop level that holds.
    """

    uptime: float
    scene_time: float | None
    x: float
    y: float
    yaw: float
    height: float
    roll: float
    pitch: float
    speed: float
    turn_rate: float
    posture: Posture
    powered: bool
    lease_owner: str | None
    estop_level: str


def read_truth(robot: Robot, scene_time: float | None) -> Truth:
    """Read it."""
    with robot.lock:
        body, uptime = robot.body, robot.moment.uptime
        claim = robot.lease.claim("body")
        owner = claim.owner.client_name if claim and claim.owner else None
        return Truth(
            uptime=uptime,
            scene_time=scene_time,
            x=body.x,
            y=body.y,
            yaw=body.yaw,
            height=body.height,
            roll=body.attitude.roll,
            pitch=body.attitude.pitch,
            speed=body.velocity.speed,
            turn_rate=body.velocity.turn,
            posture=posture(robot),
            powered=robot.power.is_on,
            lease_owner=owner,
            estop_level=estop_pb2.EstopStopLevel.Name(robot.estop.level(uptime)),
        )


def posture(robot: Robot) -> Posture:
    """What the legs are doing."""
    if not robot.power.is_on:
        return "off"
    if robot.body.is_standing:
        return "standing"
    return "sitting" if robot.body.is_sitting else "changing"
