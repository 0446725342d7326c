"""What is known of a run while it goes on, gathered for whoever shows it."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from behaviors import Cue
from models import Detection
from spot_agent.cameras import StreamCounts
from spot_agent.reporting.latency import LatencyMeter, Quantiles
from spot_agent.robot import Sent
from spot_agent.runtime.news import News
from spot_agent.runtime.tick import Tick

RATE_WINDOW = 3.0  # s
NEWS_SHOWN = 30.0  # s


@dataclass(frozen=True, slots=True)
class CameraReport:
    """One camera now.

    Attributes:
        name: Of the camera.
        rate: Frames per second that were looked at, over the last three seconds.
        counts: What became of its frames; ``None`` while nobody tells.
        detections: What was found in its newest frame.
        cues: Cues whose newest sighting is this camera's.
    """

    name: str
    rate: float
    counts: StreamCounts | None
    detections: Sequence[Detection]
    cues: Sequence[Cue]


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that a view shows.

    Attributes:
        tick: The newest turn of the loop.
        since_start: Seconds since the first one.
        cameras: In the order of their names.
        frame_rate: Frames per second of all cameras together.
        reaction: Time from a picture to the accepted command.
        send_error: Why the robot did not accept the newest command; ``None`` when it did.
        news: What happened lately beside the loop; ``None`` when nothing did.
    """

    tick: Tick
    since_start: float
    cameras: tuple[CameraReport, ...]
    frame_rate: float
    reaction: Quantiles | None
    send_error: str | None
    news: News | None = None


class Watch:
    """A listener that gathers reports. Its parts are bounded, and no call takes long."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._latency = LatencyMeter()
        self._start: float | None = None
        self._newest: Tick | None = None
        self._sights: dict[str, Tick] = {}
        self._looked_at: dict[str, deque[float]] = {}
        self._counts: dict[str, StreamCounts] = {}
        self._send_error: str | None = None
        self._news: News | None = None

    def on_tick(self, tick: Tick) -> None:
        """Take in one turn of the loop."""
        with self._lock:
            self._start = tick.time if self._start is None else self._start
            self._newest = tick
            self._counts = dict(tick.counts)
            if tick.frame is not None and tick.looked:
                self._sights[tick.frame.camera] = tick
                self._looked_at.setdefault(tick.frame.camera, deque(maxlen=256)).append(tick.time)

    def on_sent(self, sent: Sent) -> None:
        """Take in one command."""
        self._latency.on_sent(sent)
        with self._lock:
            self._send_error = sent.error

    def on_news(self, news: News) -> None:
        """Take in what happened beside the loop."""
        with self._lock:
            self._news = news

    def on_end(self, counts: dict[str, StreamCounts]) -> None:
        """Take in what became of the frames."""
        with self._lock:
            self._counts = dict(counts)

    @property
    def report(self) -> Report | None:
        """The newest report; ``None`` before the loop's first turn."""
        reaction = self._latency.reaction()
        with self._lock:
            if self._newest is None or self._start is None:
                return None
            cameras = tuple(self._camera(name) for name in sorted(self._sights.keys() | self._counts.keys()))
            rate = sum(camera.rate for camera in cameras)
            since = self._newest.time - self._start
            is_new = self._news is not None and self._newest.time - self._news.time < NEWS_SHOWN
            news = self._news if is_new else None
            return Report(self._newest, since, cameras, rate, reaction, self._send_error, news)

    def _camera(self, name: str) -> CameraReport:
        newest, sight = self._newest, self._sights.get(name)
        counts = self._counts.get(name)
        if newest is None or sight is None:
            return CameraReport(name, 0.0, counts, (), ())
        seen_here = {track.track_id for track in newest.tracks if track.latest.camera == name}
        cues = [cue for cue in newest.cues if cue.track_id in seen_here]
        return CameraReport(name, self._rate(name, newest.time), counts, sight.detections, cues)

    def _rate(self, name: str, now: float) -> float:
        times = [time for time in self._looked_at[name] if now - time <= RATE_WINDOW]
        if len(times) < 2 or now <= times[0]:
            return 0.0
        return (len(times) - 1) / (now - times[0])
