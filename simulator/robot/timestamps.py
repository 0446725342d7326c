"""Seconds to and from protobuf's Timestamp and Duration."""

from __future__ import annotations

from google.protobuf.duration_pb2 import Duration
from google.protobuf.timestamp_pb2 import Timestamp

_NANOSECONDS = 1_000_000_000


def to_timestamp(seconds: float) -> Timestamp:
    """A Timestamp from seconds since the epoch (to the nanosecond; a float resolves about 0.2 µs today)."""
    whole, nanos = divmod(round(seconds * _NANOSECONDS), _NANOSECONDS)
    return Timestamp(seconds=whole, nanos=nanos)


def to_duration(seconds: float) -> Duration:
    """A Duration from seconds; both fields carry the sign, as protobuf wants it."""
    sign = -1 if seconds < 0 else 1
    whole, nanos = divmod(round(abs(seconds) * _NANOSECONDS), _NANOSECONDS)
    return Duration(seconds=sign * whole, nanos=sign * nanos)


def to_seconds(stamp: Timestamp | Duration) -> float:
    """Seconds of a Timestamp or a Duration."""
    return float(stamp.seconds + stamp.nanos / _NANOSECONDS)
