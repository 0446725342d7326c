"""AutoReturn: walk back along the way that the robot came."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bosdyn.api import lease_pb2
from bosdyn.api.auto_return import auto_return_pb2

from simulator.robot.behaviours import GoTo, Hold, PlanarPose
from simulator.robot.frames import footprint
from simulator.robot.timestamps import to_seconds

if TYPE_CHECKING:
    from simulator.robot.robot import Robot

STEP = 0.25
"""Metres between two places that the robot remembers (undocumented)."""
_REMEMBERED = 400
_LEASE_OK = lease_pb2.LeaseUseResult.STATUS_OK


@dataclass(slots=True)
class _Run:
    """One way back.

    Attributes:
        start: Where it began.
        max_displacement: Metres from there that it may go.
        ends_at: Uptime in seconds when it is given up.
        leases: With which it moves the robot.
        by_policy: Whether a keepalive policy has ordered it.
        behaviour: What it has made the robot do last.
    """

    start: PlanarPose
    max_displacement: float
    ends_at: float
    leases: Sequence[lease_pb2.Lease]
    by_policy: bool
    behaviour: GoTo | None = None


class AutoReturn:
    """Remembers the robot's way and leads it back. Not locked: its owner holds the lock.

    Nothing starts it but a client or a keepalive policy: the fake Spot does not judge its own radio link.
    """

    def __init__(self) -> None:
        self.configuration = auto_return_pb2.ConfigureRequest()
        """The last one that was accepted."""
        self._trail: deque[PlanarPose] = deque(maxlen=_REMEMBERED)
        self._run: _Run | None = None

    @property
    def is_ordered_by_policy(self) -> bool:
        """Whether it leads the robot because a policy said so."""
        return self._run is not None and self._run.by_policy

    def forget(self) -> None:
        """Forget the way."""
        self._trail.clear()

    def start(
        self,
        robot: Robot,
        leases: Sequence[lease_pb2.Lease],
        params: auto_return_pb2.Params,
        uptime: float,
        *,
        by_policy: bool = False,
    ) -> bool:
        """Begin to walk back. False when a lease is not good or the robot cannot walk."""
        good = [robot.lease.use(lease, lease.resource, uptime).status == _LEASE_OK for lease in leases]
        is_ready = robot.power.is_on and not robot.runner.wants_power_off and not robot.faults.behavior
        if not all(good) or not good or not is_ready:
            return False
        seconds = to_seconds(params.max_duration) if params.HasField("max_duration") else math.inf
        self._run = _Run(footprint(robot.body), params.max_displacement, uptime + seconds, leases, by_policy)
        self.tick(robot, uptime)
        return True

    def stop(self, robot: Robot) -> None:
        """End it; the robot stands still."""
        if self._run is not None and robot.runner.behaviour is self._run.behaviour:
            robot.runner.abandon(Hold())
        self._run = None

    def tick(self, robot: Robot, uptime: float) -> None:
        """Lead the robot a little further back, or remember where it is."""
        run = self._run
        if run is None:
            self._remember(footprint(robot.body))
            return
        overridden = robot.runner.behaviour is not run.behaviour if run.behaviour else False
        if overridden or not robot.power.is_on or not all(map(robot.lease.holds, run.leases)):
            self._run = None
            return
        if uptime >= run.ends_at or _distance(run.start, footprint(robot.body)) >= run.max_displacement:
            self.stop(robot)
            return
        self._lead(robot, run)

    def _lead(self, robot: Robot, run: _Run) -> None:
        here = footprint(robot.body)
        while self._trail and _distance(self._trail[-1], here) < STEP / 2:
            self._trail.pop()
        if not self._trail:
            self.stop(robot)
        elif run.behaviour is None or run.behaviour.goal != self._trail[-1]:
            run.behaviour = GoTo(self._trail[-1])
            robot.runner.abandon(run.behaviour)

    def _remember(self, place: PlanarPose) -> None:
        if not self._trail or _distance(self._trail[-1], place) >= STEP:
            self._trail.append(place)


def problem(params: auto_return_pb2.Params) -> str:
    """What is wrong with parameters, in words; empty when nothing is."""
    if not params.max_displacement > 0:
        return "max_displacement must be positive"
    if params.HasField("max_duration") and to_seconds(params.max_duration) <= 0:
        return "max_duration must be positive"
    return ""


def _distance(a: PlanarPose, b: PlanarPose) -> float:
    return math.hypot(a.x - b.x, a.y - b.y)
