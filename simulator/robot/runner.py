"""Runs one command at a time, and remembers how the earlier ones ended."""

from __future__ import annotations

from dataclasses import dataclass

from bosdyn.api import basic_command_pb2

from simulator.robot.behaviours import Behaviour, FollowTrajectory, GoTo, Hold, Sit, Stand, Walk
from simulator.robot.commands import Order

_Status = basic_command_pb2.RobotCommandFeedbackStatus
_REMEMBERED = 4096  # about seven minutes of a velocity command every 0.1 s


@dataclass(slots=True)
class CommandRecord:
    """A command that was accepted.

    Attributes:
        command_id: The number that its sender was given.
        order: What it asked for.
        status: A ``RobotCommandFeedbackStatus.Status``.
    """

    command_id: int
    order: Order
    status: int = _Status.STATUS_PROCESSING


class CommandRunner:
    """The active command and the records of earlier ones. Not locked: its owner holds the lock."""

    def __init__(self) -> None:
        self.behaviour: Behaviour = Hold()
        self._active: CommandRecord | None = None
        self._records: dict[int, CommandRecord] = {}
        self._next_id = 1

    @property
    def active(self) -> CommandRecord | None:
        """The command that governs the legs, if it has not ended."""
        return self._active

    def accept(self, order: Order) -> CommandRecord:
        """Make an order the active one; it overrides the one before, unless it leaves the legs alone."""
        record = CommandRecord(self._next_id, order)
        self._next_id += 1
        self._records[record.command_id] = record
        self._records.pop(record.command_id - _REMEMBERED, None)
        if order.behaviour is not None:
            self._end(_Status.STATUS_COMMAND_OVERRIDDEN)
            self._active, self.behaviour = record, order.behaviour
        return record

    def find(self, command_id: int) -> CommandRecord | None:
        """The record of a command; ``None`` when its number is unknown or too old."""
        return self._records.get(command_id)

    def finish(self) -> None:
        """The active command has done all that it asked for; its status stays as it is."""
        self._active, self.behaviour = None, Hold()

    def abandon(self, behaviour: Behaviour) -> None:
        """Override whatever is active by the robot's own will."""
        self._end(_Status.STATUS_COMMAND_OVERRIDDEN)
        self.behaviour = behaviour

    def restart(self) -> None:
        """Stop what is active and forget every command."""
        self.abandon(Hold())
        self._records.clear()

    def tick(self, now: float) -> None:
        """End the active command when its time is over: the robot then stands still."""
        active = self._active
        if active is None or active.order.end_time is None or now < active.order.end_time:
            return
        self._end(_Status.STATUS_COMMAND_TIMED_OUT)
        if isinstance(self.behaviour, Walk | GoTo | FollowTrajectory):
            self.behaviour = Stand(self.behaviour.attitude)

    @property
    def wants_power_off(self) -> bool:
        """Whether power shall be cut once the robot sits."""
        return isinstance(self.behaviour, Sit) and self.behaviour.then_power_off

    def _end(self, status: int) -> None:
        if self._active is not None:
            self._active.status = int(status)
            self._active = None
