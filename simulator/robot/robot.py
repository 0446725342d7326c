"""The whole robot under one lock, stepped by a fixed tick."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace

from bosdyn.api import power_pb2, robot_state_pb2

from simulator.robot.behaviours import Hold, PlanarPose, Sit, setpoint
from simulator.robot.body import Setpoint, step
from simulator.robot.body_state import BodyState
from simulator.robot.clock import RobotClock
from simulator.robot.estop import CUT, NONE, EstopSystem
from simulator.robot.faults import FaultBook
from simulator.robot.frames import FixedFrames
from simulator.robot.lease import LeaseBook
from simulator.robot.power import MotorPower, PowerSystem
from simulator.robot.runner import CommandRunner

TICK = 0.01
"""Seconds between two steps of the body."""


@dataclass(frozen=True, slots=True)
class RobotSettings:
    """What differs from robot to robot.

    Attributes:
        start: Where it boots in the world, sitting.
        clock_skew: Robot time minus host time in seconds.
        lease_stale_after: Seconds without use after which others may acquire a lease (undocumented).
        longest_command: Seconds that an end_time may lie ahead (undocumented).
        frame_rate: Pictures a second that every camera takes.
        charge: Charge of the battery, 0 to 1.
        name: Nickname.
    """

    start: PlanarPose = field(default_factory=lambda: PlanarPose(0.0, 0.0, 0.0))
    clock_skew: float = 12.5
    lease_stale_after: float = 3.0
    longest_command: float = 600.0
    frame_rate: float = 15.0
    charge: float = 0.87
    name: str = "fake-spot"


@dataclass(frozen=True, slots=True)
class Moment:
    """The body at one moment.

    Attributes:
        uptime: Seconds since boot.
        time: Robot time in seconds since the epoch.
        body: The true body.
    """

    uptime: float
    time: float
    body: BodyState


class Robot:
    """State of the robot. Everything but ``moment`` and ``exposure`` must be touched under ``lock``.

    Args:
        settings: What differs from robot to robot.
    """

    def __init__(self, settings: RobotSettings | None = None) -> None:
        self.settings = settings or RobotSettings()
        start = self.settings.start
        self.lock = threading.RLock()
        self.clock = RobotClock(self.settings.clock_skew)
        self.frames = FixedFrames.at_boot(start.x, start.y, start.yaw)
        self.lease = LeaseBook(self.settings.lease_stale_after)
        self.estop = EstopSystem()
        self.power = PowerSystem()
        self.faults = FaultBook()
        self.runner = CommandRunner()
        self.charge = self.settings.charge
        self.cameras_frozen = False
        self.walked = 0.0
        body = BodyState(start.x, start.y, start.yaw)
        self._moment = Moment(0.0, self.clock.at(0.0), body)
        self._exposure = self._moment

    @property
    def moment(self) -> Moment:
        """The newest step."""
        return self._moment

    @property
    def exposure(self) -> Moment:
        """The moment of the newest picture: cameras run freely at their rate, asked or not."""
        return self._exposure

    @property
    def body(self) -> BodyState:
        """The true body after the newest step."""
        return self._moment.body

    def behavior_state(self) -> int:
        """What ``BehaviorState`` reports."""
        states = robot_state_pb2.BehaviorState
        body = self.body
        if body.is_sitting:
            return int(states.STATE_NOT_READY)
        if not body.is_standing:
            return int(states.STATE_TRANSITION)
        return int(states.STATE_STANDING if body.velocity.is_still else states.STATE_STEPPING)

    def stand_up(self) -> None:
        """Be on its feet with power at once, as no real robot can."""
        self.power.motors = MotorPower.ON
        self._moment = replace(self._moment, body=replace(self.body, stance=1.0))

    def tick(self, uptime: float) -> None:
        """Step everything by :data:`TICK` to a moment in seconds since boot."""
        with self.lock:
            now = self.clock.at(uptime)
            self._obey_estop(uptime)
            self.power.tick(uptime)
            self.runner.tick(now)
            self._move(uptime, now)

    def _obey_estop(self, uptime: float) -> None:
        level = self.estop.level(uptime)
        if level == CUT:
            self.power.cut(power_pb2.STATUS_ESTOPPED)
        elif level != NONE and self.power.is_on and not self.runner.wants_power_off:
            self.runner.abandon(Sit(then_power_off=True))

    def _move(self, uptime: float, now: float) -> None:
        body = self.body
        if self.power.is_on:
            wanted = setpoint(self.runner.behaviour, body)
        else:
            wanted = Setpoint(stance=0.0, powered=False)
            if self.runner.active is not None or not isinstance(self.runner.behaviour, Hold):
                self.runner.abandon(Hold())
        body = step(body, wanted, TICK)
        if self.runner.wants_power_off and body.is_sitting:
            self.runner.finish()
            self.power.cut(power_pb2.STATUS_OVERRIDDEN)
        rate = self.settings.frame_rate
        is_new_frame = not self.cameras_frozen and _frame(uptime, rate) != _frame(self._exposure.uptime, rate)
        self.walked += body.velocity.speed * TICK
        self._moment = Moment(uptime, now, body)
        if is_new_frame:
            self._exposure = self._moment


def _frame(uptime: float, rate: float) -> int:
    return int(uptime * rate + 1e-6)  # 0.29 * 100 is less than 29
