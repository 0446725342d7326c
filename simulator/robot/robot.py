"""The whole robot under one lock, stepped by a fixed tick."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from bosdyn.api import power_pb2, robot_state_pb2

from simulator.robot.auto_return import AutoReturn
from simulator.robot.battery import BatterySettings
from simulator.robot.behaviours import Hold, PlanarPose, Sit, setpoint
from simulator.robot.body import Setpoint, step
from simulator.robot.body_state import STILL, BodyState
from simulator.robot.clock import RobotClock
from simulator.robot.docks import Dock, DockingSystem
from simulator.robot.drift import Drift, DriftingFrames
from simulator.robot.estop import CUT, NONE, EstopSystem
from simulator.robot.faults import FaultBook
from simulator.robot.frames import FixedFrames
from simulator.robot.keepalive import KeepaliveSystem
from simulator.robot.lease import LeaseBook
from simulator.robot.payloads import PayloadBook
from simulator.robot.policy_actions import PolicyActions
from simulator.robot.power import MotorPower, PowerSystem
from simulator.robot.randomness import random_source
from simulator.robot.recordings import DataBuffer, LogBook
from simulator.robot.registry import ServiceRegistry
from simulator.robot.runner import CommandRunner

TICK = 0.01
"""Seconds between two steps of the body."""
_BLOCKED_SHARE = 0.2
StepLimit = Callable[[BodyState, BodyState, float, float, float], BodyState]
"""Shortens a step by what is solid: body before, body after, uptime, metres to keep, seconds of the step."""


@dataclass(frozen=True, slots=True)
class RobotSettings:
    """What differs from robot to robot.

    Attributes:
        start: Where it boots in the world, sitting.
        clock_skew: Robot time minus host time in seconds when it boots.
        clock_drift: By how many parts in a million its clock goes faster than the host's; negative: slower.
        lease_stale_after: Seconds without use after which others may acquire a lease (undocumented).
        longest_command: Seconds that an end_time may lie ahead (undocumented).
        frame_rate: Pictures a second that every camera takes.
        charge: Charge of the battery, 0 to 1.
        battery: How it runs down.
        name: Nickname.
        seed: Makes everything random repeatable; ``None`` takes the system's random numbers.
        stepped: Whether time passes only when it is told to.
        obstacle_distance: Metres that the body keeps from obstacles where a command asks for no padding (undocumented).
        odom_drift: How ``odom`` goes wrong.
        vision_drift: How ``vision`` goes wrong.
        dial_any_host: Whether calls to services of clients may leave this machine.
        authorise_payloads: Whether payloads are authorised as soon as they register, without an administrator.
        docks: The docks that there are.
        docked_at: Number of the dock in which the robot boots; ``None`` when it boots at ``start``.
    """

    start: PlanarPose = field(default_factory=lambda: PlanarPose(0.0, 0.0, 0.0))
    clock_skew: float = 12.5
    clock_drift: float = 0.0
    lease_stale_after: float = 3.0
    longest_command: float = 600.0
    frame_rate: float = 15.0
    charge: float = 0.87
    battery: BatterySettings = field(default_factory=BatterySettings)
    name: str = "fake-spot"
    seed: int | None = None
    stepped: bool = False
    obstacle_distance: float = 0.15
    odom_drift: Drift = field(default_factory=Drift)
    vision_drift: Drift = field(default_factory=Drift)
    dial_any_host: bool = False
    authorise_payloads: bool = False
    docks: tuple[Dock, ...] = ()
    docked_at: int | None = None

    @property
    def boot_place(self) -> PlanarPose:
        """Where it boots: in its dock, or at ``start``."""
        return next((dock.place for dock in self.docks if dock.id == self.docked_at), self.start)


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
        limit_step: What is solid around it; nothing, if not given.
    """

    def __init__(self, settings: RobotSettings | None = None, limit_step: StepLimit | None = None) -> None:
        self.settings = settings or RobotSettings()
        start, seed = self.settings.boot_place, self.settings.seed
        self._limit_step = limit_step
        drifts = self.settings.odom_drift, self.settings.vision_drift
        self._drift = DriftingFrames(*drifts, random_source(seed, "drift"))
        self.lock = threading.RLock()
        clock_drift = self.settings.clock_drift
        self.clock = RobotClock(self.settings.clock_skew, stepped=self.settings.stepped, drift=clock_drift)
        self.frames = FixedFrames.at_boot(start.x, start.y, start.yaw)
        self.lease = LeaseBook(self.settings.lease_stale_after, random_source(seed, "lease"))
        self.estop = EstopSystem(random_source(seed, "estop"))
        self.power = PowerSystem()
        self.faults = FaultBook()
        self.registry = ServiceRegistry()
        self.payloads = PayloadBook(authorise_at_once=self.settings.authorise_payloads)
        self.data_buffer, self.logs = DataBuffer(), LogBook()
        self.keepalive, self.policy_actions = KeepaliveSystem(), PolicyActions()
        self.auto_return = AutoReturn()
        self.docking = DockingSystem(self.settings.docks, self.settings.docked_at)
        self.power.obstacles.docked = self.docking.docked is not None
        self.ir_emits = True
        self.runner = CommandRunner()
        self.charge = self.settings.charge
        self.cameras_frozen = False
        self.is_switched_off = False
        self.walked = 0.0
        self.is_blocked = False
        """Whether something solid keeps the body from going on."""
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

    def fall(self) -> int:
        """Lie on the floor at once, with power and with a behaviour fault; gives the fault's number."""
        self.runner.abandon(Hold())
        self._moment = replace(self._moment, body=replace(self.body, stance=0.0, velocity=STILL))
        return self.faults.raise_behavior_fault(robot_state_pb2.BehaviorFault.CAUSE_FALL, self.clock.now())

    def tick(self, uptime: float) -> None:
        """Step everything by :data:`TICK` to a moment in seconds since boot."""
        with self.lock:
            self.clock.step_to(uptime)
            now = self.clock.at(uptime)
            self._obey_estop(uptime)
            self._listen_for_services(uptime, now)
            self.policy_actions.tick(self, uptime)
            self.docking.tick(self, now)
            self.auto_return.tick(self, uptime)
            self.power.tick(uptime)
            self.runner.tick(now)
            self._move(uptime, now)

    def _obey_estop(self, uptime: float) -> None:
        level = self.estop.level(uptime)
        if level == CUT:
            self.power.cut(power_pb2.STATUS_ESTOPPED)
        elif level != NONE and self.power.is_on and not self.runner.wants_power_off:
            self.runner.abandon(Sit(then_power_off=True))

    def _listen_for_services(self, uptime: float, now: float) -> None:
        for service in self.registry.silent(uptime):
            self.faults.trigger(service.liveness_fault, now)

    def _move(self, uptime: float, now: float) -> None:
        body = self.body
        if self.power.is_on:
            wanted = setpoint(self.runner.behaviour, body, now)
        else:
            wanted = Setpoint(stance=0.0, powered=False)
            if self.runner.active is not None or not isinstance(self.runner.behaviour, Hold):
                self.runner.abandon(Hold())
        body = self._stopped_by_solids(body, step(body, wanted, TICK), uptime)
        if self.runner.wants_power_off and body.is_sitting:
            self.runner.finish()
            self.power.cut(power_pb2.STATUS_OVERRIDDEN)
        rate = self.settings.frame_rate
        is_new_frame = not self.cameras_frozen and _frame(uptime, rate) != _frame(self._exposure.uptime, rate)
        self._wear(body)
        self._moment = Moment(uptime, now, body)
        if is_new_frame:
            self._exposure = self._moment

    def _stopped_by_solids(self, before: BodyState, after: BodyState, uptime: float) -> BodyState:
        if self._limit_step is None:
            return after
        active = self.runner.active
        asked = active.order.avoidance if active else None
        margin = self.settings.obstacle_distance if asked is None else asked
        limited = self._limit_step(before, after, uptime, margin, TICK)
        wanted = math.hypot(after.x - before.x, after.y - before.y)
        self.is_blocked = math.hypot(limited.x - before.x, limited.y - before.y) < _BLOCKED_SHARE * wanted
        return limited

    def _wear(self, body: BodyState) -> None:
        metres = body.velocity.speed * TICK
        self.walked += metres
        used = self.settings.battery.drain(TICK, metres, powered=self.power.is_on)
        gained = self.settings.battery.gain(TICK) if self.power.obstacles.on_charger else 0.0
        self.charge = min(max(0.0, self.charge - used + gained), max(1.0, self.charge))
        self.frames = self._drift.after(self.frames, body, metres)


def _frame(uptime: float, rate: float) -> int:
    return int(uptime * rate + 1e-6)  # 0.29 * 100 is less than 29
