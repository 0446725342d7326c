"""Does to the robot what keepalive policies demand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bosdyn.api import power_pb2
from bosdyn.api.keepalive import keepalive_pb2

from simulator.robot.behaviours import Hold, Sit, Stand
from simulator.robot.keepalive import AUTO_RETURN, HALT, IMMEDIATE_MOTORS_OFF, MOTORS_OFF, ROBOT_OFF

if TYPE_CHECKING:
    from simulator.robot.robot import Robot

_NO_POWER = {MOTORS_OFF, IMMEDIATE_MOTORS_OFF, ROBOT_OFF}


class PolicyActions:
    """Carries out the policies of a robot whose lock is held."""

    def __init__(self) -> None:
        self._keeps_motors_off = False

    def tick(self, robot: Robot, uptime: float) -> None:
        """Take the actions that are due, and keep up those that last until the next check-in."""
        robot.keepalive.drop_disowned(robot.lease.holds)
        for action in robot.keepalive.due(uptime):
            _take(robot, action, uptime)
        controls = robot.keepalive.controls(uptime)
        self._hold_power(robot, keeps_off=bool(controls & _NO_POWER))
        if controls & {IMMEDIATE_MOTORS_OFF, ROBOT_OFF}:
            robot.power.cut(power_pb2.STATUS_KEEPALIVE_MOTORS_OFF)
        elif MOTORS_OFF in controls:
            if robot.power.is_on and not robot.runner.wants_power_off:
                robot.runner.abandon(Sit(then_power_off=True))
        elif HALT in controls:
            if not isinstance(robot.runner.behaviour, Hold | Stand | Sit):
                robot.runner.abandon(Hold())
        elif AUTO_RETURN not in controls and robot.auto_return.is_ordered_by_policy:
            robot.auto_return.stop(robot)
        if ROBOT_OFF in controls:
            robot.is_switched_off = True

    def _hold_power(self, robot: Robot, *, keeps_off: bool) -> None:
        if keeps_off != self._keeps_motors_off:  # else what a test has set would be overwritten
            self._keeps_motors_off = keeps_off
            robot.power.obstacles.keepalive = keeps_off


def _take(robot: Robot, action: keepalive_pb2.ActionAfter, uptime: float) -> None:
    kind = action.WhichOneof("action")
    if kind == "record_event":
        robot.data_buffer.events.extend(action.record_event.events)
    elif kind == "lease_stale":
        for lease in action.lease_stale.leases:
            robot.lease.make_stale(lease, uptime)
    elif kind == "auto_return":
        wanted = action.auto_return
        robot.auto_return.start(robot, list(wanted.leases), wanted.params, uptime, by_policy=True)
