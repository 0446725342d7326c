"""How the battery runs down."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BatterySettings:
    """How long a full battery lasts.

    Attributes:
        idle_runtime: Seconds without motor power (Boston Dynamics' data sheet: 180 minutes of standby).
        standing_runtime: Seconds with motor power, without a step (undocumented).
        walking_charge: Share of the charge for each metre walked, on top of standing. At 1 m/s it makes the
            90 minutes of average runtime of the data sheet.
        charging_time: Seconds to fill an empty battery in a dock (undocumented; the data sheet says 120 minutes
            at most).
    """

    idle_runtime: float = 180 * 60.0
    standing_runtime: float = 120 * 60.0
    walking_charge: float = 1 / (90 * 60.0) - 1 / (120 * 60.0)
    charging_time: float = 120 * 60.0

    def drain(self, seconds: float, metres: float, *, powered: bool) -> float:
        """Share of the charge that is used up in a time and over a distance."""
        runtime = self.standing_runtime if powered else self.idle_runtime
        return seconds / runtime + metres * self.walking_charge

    def gain(self, seconds: float) -> float:
        """Share of the charge that is added in a time on a charger."""
        return seconds / self.charging_time


EVERLASTING = BatterySettings(float("inf"), float("inf"), 0.0)
"""A battery that keeps its charge."""
