"""The network between the clients and the robot."""

from __future__ import annotations

import math
import random
import threading
import time
from dataclasses import dataclass

from simulator.robot.randomness import random_source


@dataclass(frozen=True, slots=True)
class LinkSettings:
    """How good the network is.

    Attributes:
        latency: Seconds that each message takes, either way.
        jitter: Up to so many seconds more, evenly distributed.
        bandwidth: Bytes a second that the robot can send, to all clients together.
    """

    latency: float = 0.0
    jitter: float = 0.0
    bandwidth: float = math.inf

    @property
    def is_perfect(self) -> bool:
        """Whether messages take no time at all."""
        return self.latency == 0.0 and self.jitter == 0.0 and math.isinf(self.bandwidth)


class Link:
    """Delays messages, in the host's time even where the robot's is stepped. Safe from every thread.

    Args:
        settings: How good the network is.
        source: Where the jitter comes from; the system's random numbers, if not given.
    """

    def __init__(self, settings: LinkSettings, source: random.Random | None = None) -> None:
        self._settings = settings
        self._random = source or random_source(None, "link")
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._free_at = 0.0

    def request(self) -> None:
        """Wait as long as a request is on its way."""
        if not self._settings.is_perfect:
            self._closed.wait(self._flight())

    def answer(self, size: int) -> None:
        """Wait as long as an answer of some bytes is on its way, behind those that are being sent."""
        if self._settings.is_perfect:
            return
        with self._lock:
            now = time.monotonic()
            self._free_at = max(self._free_at, now) + size / self._settings.bandwidth
            queued = self._free_at - now
        self._closed.wait(queued + self._flight())

    def close(self) -> None:
        """Let every message arrive at once."""
        self._closed.set()

    def _flight(self) -> float:
        return self._settings.latency + self._random.uniform(0.0, self._settings.jitter)
