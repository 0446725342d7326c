"""The robot's time. Every age in this program is a difference of two robot times."""

from __future__ import annotations

import time
from typing import Protocol

from bosdyn.client.robot import Robot
from bosdyn.client.time_sync import TimeSyncError

NEVER_SYNCED = 0.0


class RobotClock(Protocol):
    """Tells robot time."""

    def now(self) -> float:
        """Robot time in seconds."""

    @property
    def synced(self) -> bool:
        """Whether it is known how the robot's clock differs from ours."""


class SyncedClock:
    """The robot's time by the SDK's time sync, which measures the offset again every minute.

    Args:
        robot: A robot whose time-sync thread runs.
    """

    def __init__(self, robot: Robot) -> None:
        self._endpoint = robot.time_sync.endpoint
        self._last = NEVER_SYNCED

    @property
    def synced(self) -> bool:
        """Whether time sync has been established."""
        return bool(self._endpoint.has_established_time_sync)

    def now(self) -> float:
        """Robot time in seconds; the last one known when there is no sync."""
        try:
            skew = self._endpoint.clock_skew
        except TimeSyncError:
            return self._last
        self._last = time.time() + skew.seconds + skew.nanos * 1e-9
        return self._last
