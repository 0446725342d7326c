"""What clients have sent to the robot's data buffer, and the logs that they have asked for."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from bosdyn.api import data_buffer_pb2
from bosdyn.api.log_status import log_status_pb2

from simulator.robot.timestamps import to_duration, to_timestamp

CONCURRENT_LOGS = 4
"""Retroactive and concurrent logs that may run at once (undocumented)."""
RETRO_SECONDS = 2.0
"""Time that it takes to gather a retroactive log (undocumented)."""
_KEPT = 10_000
_Log = log_status_pb2.LogStatus


class DataBuffer:
    """The newest of everything that was recorded. Not locked: its owner holds the lock.

    Attributes:
        texts: Text messages.
        comments: Operators' comments.
        events: Events, those of keepalive policies included.
        blobs: How many blobs came, by their channel; their bytes are dropped.
        ticks: How many signal ticks came, by the number of their schema.
    """

    def __init__(self) -> None:
        self.texts: deque[data_buffer_pb2.TextMessage] = deque(maxlen=_KEPT)
        self.comments: deque[data_buffer_pb2.OperatorComment] = deque(maxlen=_KEPT)
        self.events: deque[data_buffer_pb2.Event] = deque(maxlen=_KEPT)
        self.blobs: dict[str, int] = {}
        self.ticks: dict[int, int] = {}
        self._schemas: dict[bytes, int] = {}

    def register_schema(self, schema: data_buffer_pb2.SignalSchema) -> int:
        """Number of a schema; the same schema keeps its number."""
        key = schema.SerializeToString(deterministic=True)
        number = self._schemas.setdefault(key, len(self._schemas) + 1)
        self.ticks.setdefault(number, 0)
        return number


@dataclass(slots=True)
class Log:
    """A log that a client has asked for; all times are uptime in seconds."""

    id: str
    kind: int
    started_at: float
    ends_at: float
    event_key: str = ""
    terminated_at: float | None = None

    def is_active(self, uptime: float) -> bool:
        """Whether it still gathers data."""
        return self.terminated_at is None and uptime < self.ends_at

    def describe(self, uptime: float, epoch: float) -> log_status_pb2.LogStatus:
        """As the API says it; ``epoch`` is robot time at uptime 0."""
        if self.terminated_at is not None:
            status = _Log.STATUS_TERMINATED
        else:
            status = _Log.STATUS_IN_PROGRESS if self.is_active(uptime) else _Log.STATUS_DONE
        end = self.ends_at if self.terminated_at is None else self.terminated_at
        return _Log(
            id=self.id,
            status=status,
            type=self.kind,
            start_time=to_timestamp(epoch + self.started_at),
            end_time=to_timestamp(epoch + end),
            run_time=to_duration(min(uptime, end) - self.started_at),
            event_key=self.event_key,
        )


class LogBook:
    """Every log. Not locked: its owner holds the lock."""

    def __init__(self) -> None:
        self._logs: dict[str, Log] = {}

    def find(self, log_id: str) -> Log | None:
        """A log by its id."""
        return self._logs.get(log_id)

    def active(self, uptime: float, *kinds: int) -> list[Log]:
        """Logs that still gather data, of these kinds or of any."""
        return [log for log in self._logs.values() if log.is_active(uptime) and (not kinds or log.kind in kinds)]

    def start(self, kind: int, uptime: float, seconds: float, event_key: str = "") -> Log:
        """Start a log that ends by itself after some seconds."""
        log = Log(f"log-{len(self._logs) + 1}", kind, uptime, uptime + seconds, event_key)
        self._logs[log.id] = log
        return log
