"""How long each stage takes, from the camera to the command."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from spot_agent.cameras import StreamCounts
from spot_agent.robot import Sent
from spot_agent.runtime.tick import Tick

KEPT = 10_000  # newest values of each stage; at 10 frames/s the last quarter of an hour


@dataclass(frozen=True, slots=True)
class Quantiles:
    """How a duration is spread.

    Attributes:
        count: Values that it is made of.
        p50: Median in ms.
        p95: 95th percentile in ms.
        p99: 99th percentile in ms.
    """

    count: int
    p50: float
    p95: float
    p99: float

    @classmethod
    def of(cls, milliseconds: Iterable[float]) -> Quantiles | None:
        """Compute them, linear between neighbouring values (NumPy's default); ``None`` without any value."""
        values = np.fromiter(milliseconds, np.float64)
        if not len(values):
            return None
        p50, p95, p99 = np.percentile(values, (50, 95, 99))
        return cls(len(values), float(p50), float(p95), float(p99))


@dataclass(frozen=True, slots=True)
class Latencies:
    """How long each stage took; ``None`` for a stage that has not happened.

    Attributes:
        transfer: From the robot's taking the picture to the response's arrival.
        decode: Until the picture was decoded and upright.
        wait: Until the loop took it.
        detect: Until the detectors were done.
        track: Until tracks were made.
        decide: Until the decision was made and governed.
        send: From the start of sending a command until the robot had accepted it.
        total: From taking the picture until the robot had accepted the command that was decided on it.
    """

    transfer: Quantiles | None
    decode: Quantiles | None
    wait: Quantiles | None
    detect: Quantiles | None
    track: Quantiles | None
    decide: Quantiles | None
    send: Quantiles | None
    total: Quantiles | None


class LatencyMeter:
    """A listener that measures every stage. It keeps the newest 10,000 values of each."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._values: dict[str, deque[float]] = {stage: deque(maxlen=KEPT) for stage in Latencies.__slots__}

    def on_tick(self, tick: Tick) -> None:
        """Take in the stages of one frame; a turn without a frame, or with one at which nobody looked, has none."""
        if tick.frame is None or tick.stages is None or not tick.looked:
            return
        times, stages = tick.frame.times, tick.stages
        with self._lock:
            self._add("transfer", times.received - times.acquired)
            self._add("decode", times.decoded - times.received)
            self._add("wait", stages.taken - times.decoded)
            self._add("detect", stages.detected - stages.taken)
            self._add("track", stages.tracked - stages.detected)
            self._add("decide", stages.decided - stages.tracked)

    def on_sent(self, sent: Sent) -> None:
        """Take in one command; one that the robot did not accept counts for nothing."""
        if sent.accepted is None:
            return
        with self._lock:
            self._add("send", sent.accepted - sent.started)
            if sent.cause is not None:
                self._add("total", sent.accepted - sent.cause)

    def on_end(self, counts: dict[str, StreamCounts]) -> None:
        """Nothing: what was measured stays."""

    def summary(self) -> Latencies:
        """What was measured so far."""
        with self._lock:
            values = {stage: list(kept) for stage, kept in self._values.items()}
        return Latencies(**{stage: Quantiles.of(kept) for stage, kept in values.items()})

    def reaction(self) -> Quantiles | None:
        """The total alone; cheap enough to ask for several times a second."""
        with self._lock:
            values = list(self._values["total"])
        return Quantiles.of(values)

    def _add(self, stage: str, seconds: float) -> None:
        self._values[stage].append(seconds * 1000.0)
