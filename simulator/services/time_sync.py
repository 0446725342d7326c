"""Tells clients how far their clock is from the robot's."""

from __future__ import annotations

import random
import threading
from collections import OrderedDict, deque
from dataclasses import dataclass

import grpc
from bosdyn.api import time_sync_pb2, time_sync_service_pb2_grpc

from simulator.robot.clock import RobotClock
from simulator.robot.randomness import hex_name, random_source
from simulator.robot.timestamps import to_duration, to_seconds, to_timestamp
from simulator.services.gate import reject

SAMPLES_NEEDED = 3
"""Round trips before the estimate is called good (undocumented)."""
_SAMPLES_KEPT = 25
_CLOCKS_KEPT = 1024
_State = time_sync_pb2.TimeSyncState


@dataclass(frozen=True, slots=True)
class Estimate:
    """One round trip: its length, and robot time minus client time, in seconds."""

    round_trip: float
    skew: float

    def to_proto(self) -> time_sync_pb2.TimeSyncEstimate:
        """As the API says it."""
        return time_sync_pb2.TimeSyncEstimate(
            round_trip_time=to_duration(self.round_trip), clock_skew=to_duration(self.skew)
        )


def estimate(trip: time_sync_pb2.TimeSyncRoundTrip) -> Estimate:
    """Estimate from one round trip as NTP does (RFC 5905, section 8)."""
    out = to_seconds(trip.server_rx) - to_seconds(trip.client_tx)
    back = to_seconds(trip.client_rx) - to_seconds(trip.server_tx)
    return Estimate(round_trip=max(0.0, out + back), skew=(out - back) / 2)


class ClockBook:
    """The clocks of all clients. Safe from every thread.

    Args:
        source: Where identifiers come from; the system's random numbers, if not given.
    """

    def __init__(self, source: random.Random | None = None) -> None:
        self._random = source or random_source(None, "clocks")
        self._lock = threading.Lock()
        self._clocks: OrderedDict[str, deque[Estimate]] = OrderedDict()
        self.ready = True
        """Whether the service answers; a test makes it not ready."""

    def update(self, identifier: str, sample: Estimate | None) -> list[Estimate]:
        """Add a sample of a clock and give all of its samples."""
        with self._lock:
            samples = self._clocks.setdefault(identifier, deque(maxlen=_SAMPLES_KEPT))
            self._clocks.move_to_end(identifier)
            if len(self._clocks) > _CLOCKS_KEPT:
                self._clocks.popitem(last=False)
            if sample is not None:
                samples.append(sample)
            return list(samples)

    def new_identifier(self) -> str:
        """A name for a clock that has none yet."""
        return hex_name(self._random)

    def is_synced(self, identifier: str) -> bool:
        """Whether times that come with this clock identifier can be believed."""
        with self._lock:
            return len(self._clocks.get(identifier, ())) >= SAMPLES_NEEDED

    def forget(self) -> None:
        """Forget every clock, as a reboot does."""
        with self._lock:
            self._clocks.clear()


class TimeSyncService(time_sync_service_pb2_grpc.TimeSyncServiceServicer):  # type: ignore[misc]  # generated
    """TimeSyncUpdate."""

    def __init__(self, clock: RobotClock, clocks: ClockBook) -> None:
        self._clock = clock
        self._clocks = clocks

    def TimeSyncUpdate(  # noqa: N802 - the name of the RPC
        self, request: time_sync_pb2.TimeSyncUpdateRequest, context: grpc.ServicerContext
    ) -> time_sync_pb2.TimeSyncUpdateResponse:
        """Take the client's last round trip, give the best estimate so far."""
        response = time_sync_pb2.TimeSyncUpdateResponse()
        has_trip = request.HasField("previous_round_trip") and request.previous_round_trip.HasField("client_rx")
        if has_trip and not request.clock_identifier:
            reject(response, "a round trip needs the clock_identifier that came with it")
            return response
        if not self._clocks.ready:
            response.state.status = _State.STATUS_SERVICE_NOT_READY
            return response
        response.clock_identifier = request.clock_identifier or self._clocks.new_identifier()
        sample = estimate(request.previous_round_trip) if has_trip else None
        samples = self._clocks.update(response.clock_identifier, sample)
        if sample is not None:
            response.previous_estimate.CopyFrom(sample.to_proto())
        self._fill(response.state, samples)
        return response

    def _fill(self, state: time_sync_pb2.TimeSyncState, samples: list[Estimate]) -> None:
        state.status = _State.STATUS_OK if len(samples) >= SAMPLES_NEEDED else _State.STATUS_MORE_SAMPLES_NEEDED
        if samples:
            best = min(samples, key=lambda sample: sample.round_trip)
            state.best_estimate.CopyFrom(best.to_proto())
            state.measurement_time.CopyFrom(to_timestamp(self._clock.now()))
