"""Calls the robot's tick at a fixed rate, on a clock that does not drift."""

from __future__ import annotations

import threading
from collections.abc import Callable

from simulator.robot.clock import RobotClock


class Ticker:
    """A thread that calls ``tick(uptime)`` for every multiple of the period, late ones at once and in order.

    Args:
        clock: Gives uptime.
        period: Seconds between two ticks.
        tick: What to call, with its nominal uptime in seconds.
    """

    def __init__(self, clock: RobotClock, period: float, tick: Callable[[float], None]) -> None:
        self._clock = clock
        self._period = period
        self._tick = tick
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="fake-spot-tick", daemon=True)

    def start(self) -> None:
        """Start ticking."""
        self._thread.start()

    def stop(self) -> None:
        """Stop ticking and wait for the thread."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        done = int(self._clock.uptime() / self._period)  # what was before the start is not made up for
        while not self._stop.is_set():
            due = int(self._clock.uptime() / self._period)
            while done < due and not self._stop.is_set():
                done += 1
                self._tick(done * self._period)
            self._stop.wait(max(0.0, (done + 1) * self._period - self._clock.uptime()))
