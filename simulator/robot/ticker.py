"""Calls the robot's tick: at a fixed rate on a clock that does not drift, or when it is told to."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable

from simulator.errors import StepError
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


class Stepper:
    """Calls ``tick(uptime)`` when it is told to, for every multiple of the period.

    Args:
        period: Seconds between two ticks.
        tick: What to call, with its uptime in seconds.
    """

    def __init__(self, period: float, tick: Callable[[float], None]) -> None:
        self._period = period
        self._tick = tick
        self._done = 0
        self._lock = threading.Lock()

    def step(self, seconds: float) -> None:
        """Tick as often as fits into a time, to the nearest tick; callers on several threads wait for each other.

        Raises:
            StepError: The time is negative or not finite.
        """
        if not (math.isfinite(seconds) and seconds >= 0):
            raise StepError(f"the world cannot be stepped by {seconds} s; give seconds from 0 on")
        with self._lock:
            for _ in range(round(seconds / self._period)):
                self._done += 1
                self._tick(self._done * self._period)
