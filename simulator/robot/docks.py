"""Docks: where they stand, and how the robot gets onto one."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bosdyn.api import lease_pb2, power_pb2
from bosdyn.api.docking import docking_pb2

from simulator.robot.behaviours import Behaviour, GoTo, Hold, PlanarPose, Sit, Stand
from simulator.robot.frames import compose

if TYPE_CHECKING:
    from simulator.robot.robot import Robot

FIRST_DOCK, LAST_DOCK = 500, 586
"""Numbers of docks, which are those of their fiducials (undocumented; 586 is the last of family 36h11)."""
PREP_DISTANCE = 1.0
"""Metres before the dock where the robot gets ready (undocumented)."""
DOCK_RANGE = 4.0
"""Metres from which a dock's fiducial is found (undocumented)."""
_State = docking_pb2.DockState
_Prep = docking_pb2
_Feedback = docking_pb2.DockingCommandFeedbackResponse


@dataclass(frozen=True, slots=True)
class Dock:
    """A dock of type ``SPOT_DOCK``.

    Attributes:
        id: Its number, as on its fiducial.
        place: Footprint of a robot that sits in it, in the world.
    """

    id: int
    place: PlanarPose

    @property
    def prep_pose(self) -> PlanarPose:
        """Where the robot gets ready, facing the dock."""
        return compose(self.place, PlanarPose(-PREP_DISTANCE, 0.0, 0.0))


@dataclass(slots=True)
class DockingRun:
    """A docking command that was accepted.

    Attributes:
        command_id: The number that its sender was given.
        dock: Where to.
        lease: With which it moves the robot.
        end_time: Robot time when it is given up.
        steps: What is still to be done.
        goal: The status of success.
        leaves: Whether it begins in a dock.
        status: A ``DockingCommandFeedbackResponse.Status``.
    """

    command_id: int
    dock: Dock
    lease: lease_pb2.Lease
    end_time: float
    steps: list[Behaviour]
    goal: int
    leaves: bool
    status: int = int(_Feedback.STATUS_IN_PROGRESS)

    @property
    def is_under_way(self) -> bool:
        """Whether it has not ended."""
        return bool(self.status == _Feedback.STATUS_IN_PROGRESS)


class DockingSystem:
    """The docks, and the way onto them. Not locked: its owner holds the lock.

    Args:
        docks: Every dock.
        docked_at: Number of the dock in which the robot boots, if it does.

    Raises:
        ValueError: There is no dock of that number.
    """

    def __init__(self, docks: tuple[Dock, ...], docked_at: int | None) -> None:
        if docked_at is not None and docked_at not in [dock.id for dock in docks]:
            raise ValueError(f"docked_at is {docked_at}, but the docks are {[dock.id for dock in docks]}")
        self.docks = docks
        self.docked = next((dock for dock in docks if dock.id == docked_at), None)
        self._runs: dict[int, DockingRun] = {}
        self._current: DockingRun | None = None
        self._behaviour: Behaviour | None = None

    def find(self, dock_id: int, robot: Robot) -> Dock | None:
        """A dock by its number, if its fiducial is near enough to be found."""
        for dock in self.docks:
            distance = math.hypot(dock.place.x - robot.body.x, dock.place.y - robot.body.y)
            if dock.id == dock_id and distance <= DOCK_RANGE:
                return dock
        return None

    def run(self, command_id: int) -> DockingRun | None:
        """A command by its number."""
        return self._runs.get(command_id)

    def state(self) -> docking_pb2.DockState:
        """As the API says it."""
        current, docked = self._current, self.docked
        if current is not None:
            onto = current.goal == _Feedback.STATUS_DOCKED or not current.leaves
            status = _State.DOCK_STATUS_DOCKING if onto else _State.DOCK_STATUS_UNDOCKING
            return _State(status=status, dock_type=docking_pb2.DOCK_TYPE_SPOT_DOCK, dock_id=current.dock.id)
        if docked is None:
            return _State(status=_State.DOCK_STATUS_UNDOCKED)
        return _State(
            status=_State.DOCK_STATUS_DOCKED,
            dock_type=docking_pb2.DOCK_TYPE_SPOT_DOCK,
            dock_id=docked.id,
            power_status=_State.LINK_STATUS_CONNECTED,
        )

    def begin(self, dock: Dock, prep: int, lease: lease_pb2.Lease, end_time: float) -> DockingRun:
        """Accept a command; it overrides the one before."""
        if self._current is not None:
            self._current.status = int(_Feedback.STATUS_OLD_DOCKING_COMMAND)
        steps, goal = self._plan(dock, prep)
        number, leaves = len(self._runs) + 1, self.docked is not None and bool(steps)
        run = DockingRun(number, dock, lease, end_time, steps, goal, leaves)
        self._runs[run.command_id] = run
        self._current, self._behaviour = run, None
        return run

    def tick(self, robot: Robot, now: float) -> None:
        """Go on with the command that is under way."""
        run = self._current
        if run is None:
            return
        if not run.is_under_way:
            self._current = None
            return
        failure = self._failure(run, robot, now)
        if failure is not None:
            run.status, self._current = int(failure), None
            robot.power.obstacles.docked = self.docked is not None
            if robot.runner.behaviour is self._behaviour:
                robot.runner.abandon(Hold())
            return
        if self._behaviour is not None and _is_done(self._behaviour, robot):
            run.steps.pop(0)
            self._behaviour = None
        if not run.steps:
            self._succeed(run, robot)
        elif self._behaviour is None:
            self._behaviour = run.steps[0]
            robot.runner.abandon(self._behaviour)
            robot.power.obstacles.docked = False
            if isinstance(self._behaviour, GoTo):
                self.docked = None

    def _plan(self, dock: Dock, prep: int) -> tuple[list[Behaviour], int]:
        to_prep: list[Behaviour] = [Stand(), GoTo(dock.prep_pose)]
        onto: list[Behaviour] = [GoTo(dock.place), Sit()]
        if prep in (_Prep.PREP_POSE_ONLY_POSE, _Prep.PREP_POSE_UNDOCK):
            return to_prep, int(_Feedback.STATUS_AT_PREP_POSE)
        if self.docked == dock:
            return [], int(_Feedback.STATUS_DOCKED)
        if prep == _Prep.PREP_POSE_SKIP_POSE:
            return [Stand(), *onto], int(_Feedback.STATUS_DOCKED)
        return [*to_prep, *onto], int(_Feedback.STATUS_DOCKED)

    def _failure(self, run: DockingRun, robot: Robot, now: float) -> int | None:
        if now >= run.end_time:
            return int(_Feedback.STATUS_ERROR_COMMAND_TIMED_OUT)
        if not robot.lease.holds(run.lease):
            return int(_Feedback.STATUS_ERROR_LEASE)
        if self._behaviour is not None and robot.runner.behaviour is not self._behaviour:
            return int(_Feedback.STATUS_OLD_DOCKING_COMMAND)
        is_settling = self._behaviour is None and robot.runner.wants_power_off  # by its E-Stop, for example
        if run.steps and (not robot.power.is_on or robot.faults.behavior or is_settling):
            return int(_Feedback.STATUS_ERROR_SYSTEM)
        return None

    def _succeed(self, run: DockingRun, robot: Robot) -> None:
        run.status, self._current, self._behaviour = run.goal, None, None
        if run.goal == _Feedback.STATUS_DOCKED:
            self.docked = run.dock
            robot.power.obstacles.docked = True
            robot.power.cut(power_pb2.STATUS_OVERRIDDEN)
        robot.runner.finish()


def _is_done(behaviour: Behaviour, robot: Robot) -> bool:
    if isinstance(behaviour, GoTo):
        return behaviour.is_reached(robot.body)
    return robot.body.is_sitting if isinstance(behaviour, Sit) else robot.body.is_standing
