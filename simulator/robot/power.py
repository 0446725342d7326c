"""Motor power, and what stands in its way."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from bosdyn.api import power_pb2

POWER_ON_SECONDS = 1.0
"""Time from the command until the motors have power (undocumented)."""
_REMEMBERED = 256


class MotorPower(Enum):
    """State of the motors' power; the values are those of ``PowerState.MotorPowerState``."""

    OFF = 1
    ON = 2
    POWERING_ON = 3
    POWERING_OFF = 4


@dataclass(slots=True)
class Obstacles:
    """What keeps a robot from powering on or walking; a test sets it.

    Attributes:
        shore_power: The charger is plugged in.
        battery_missing: There is no battery.
        docked: It sits in its dock.
        keepalive: A keepalive policy has cut the motors.
    """

    shore_power: bool = False
    battery_missing: bool = False
    docked: bool = False
    keepalive: bool = False

    @property
    def on_charger(self) -> bool:
        """Whether a charger or a dock feeds it."""
        return self.shore_power or self.docked


@dataclass(frozen=True, slots=True)
class PowerReceipt:
    """Answer to a power command: its number and a ``PowerCommandStatus``."""

    command_id: int
    status: int


class PowerSystem:
    """Switches the motors. Not locked: its owner holds the lock."""

    def __init__(self) -> None:
        self.motors = MotorPower.OFF
        self.obstacles = Obstacles()
        self._statuses: dict[int, int] = {}
        self._pending: int | None = None
        self._ready_at = 0.0

    @property
    def is_on(self) -> bool:
        """Whether the motors have power."""
        return self.motors in (MotorPower.ON, MotorPower.POWERING_OFF)

    def switch_on(self, uptime: float, *, estopped: bool, faulted: bool) -> PowerReceipt:
        """Begin to power the motors, unless something stands in the way."""
        refusal = self._refusal(estopped=estopped, faulted=faulted)
        if refusal is not None:
            return self._receipt(refusal)
        if self.motors is MotorPower.ON:
            return self._receipt(power_pb2.STATUS_SUCCESS)
        if self.motors is MotorPower.POWERING_ON:
            return self._receipt(power_pb2.STATUS_COMMAND_IN_PROGRESS)
        self.motors = MotorPower.POWERING_ON
        self._ready_at = uptime + POWER_ON_SECONDS
        receipt = self._receipt(power_pb2.STATUS_IN_PROGRESS)
        self._pending = receipt.command_id
        return receipt

    def switch_off(self) -> PowerReceipt:
        """Cut power at once, whatever the robot does."""
        self.cut(power_pb2.STATUS_OVERRIDDEN)
        return self._receipt(power_pb2.STATUS_SUCCESS)

    def refuse(self, status: int) -> PowerReceipt:
        """Answer a command that this robot cannot obey."""
        return self._receipt(status)

    def cut(self, pending_becomes: int) -> None:
        """Cut power; a command that was under way ends with the given status."""
        self.motors = MotorPower.OFF
        self._settle(pending_becomes)

    def tick(self, uptime: float) -> None:
        """Finish what is under way."""
        if self.motors is MotorPower.POWERING_ON and uptime >= self._ready_at:
            self.motors = MotorPower.ON
            self._settle(power_pb2.STATUS_SUCCESS)

    def status(self, command_id: int) -> int | None:
        """Status of a command; ``None`` when its number is unknown."""
        return self._statuses.get(command_id)

    def _refusal(self, *, estopped: bool, faulted: bool) -> int | None:
        reasons = (
            (estopped, power_pb2.STATUS_ESTOPPED),
            (self.obstacles.shore_power, power_pb2.STATUS_SHORE_POWER_CONNECTED),
            (self.obstacles.battery_missing, power_pb2.STATUS_BATTERY_MISSING),
            (self.obstacles.keepalive, power_pb2.STATUS_KEEPALIVE_MOTORS_OFF),
            (faulted, power_pb2.STATUS_FAULTED),
        )
        return next((int(status) for applies, status in reasons if applies), None)

    def _settle(self, status: int) -> None:
        if self._pending is not None:
            self._statuses[self._pending] = int(status)
            self._pending = None

    def _receipt(self, status: int) -> PowerReceipt:
        command_id = max(self._statuses, default=0) + 1
        self._statuses[command_id] = int(status)
        self._statuses.pop(command_id - _REMEMBERED, None)
        return PowerReceipt(command_id, int(status))
