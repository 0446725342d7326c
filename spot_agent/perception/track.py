"""A thing that keeps its identity across frames and cameras."""

from __future__ import annotations

from dataclasses import dataclass, field

from behaviors import Point2
from models import Box, Detection, Pose


@dataclass(frozen=True, slots=True)
class Found:
    """A detection, and who made it: two detectors may give the same label to different things.

    Attributes:
        detector: The detector's name in config.yaml.
        detection: What it found.
        doubted: Whether it was rejected: no rule may see it, and the governor must.
    """

    detector: str
    detection: Detection
    doubted: bool = False


@dataclass(frozen=True, slots=True)
class Rejected:
    """A detection that no rule sees, because it cannot be what the detector takes it for.

    Attributes:
        detector: The detector's name in config.yaml.
        detection: What it found.
        reason: Why it cannot be, for people, e.g. ``"0.21 m tall at 1.4 m; a person has at least 0.40 m"``.
    """

    detector: str
    detection: Detection
    reason: str


@dataclass(frozen=True, slots=True)
class Sighting:
    """One detection of one frame, with its identity within that camera.

    Attributes:
        camera: The camera that saw it; empty when the robot does not say which.
        time: When, in robot time.
        tracklet_id: Its identity within that camera, detector and label, from ByteTrack; the number of a fiducial.
        detector: Name of the detector that found it.
        label: What it is, in that detector's vocabulary.
        score: The detector's confidence.
        box: Where it is on the upright picture, in pixels; ``None`` for what the robot found by itself.
        position: Where it is in ``odom``; ``None`` when unknown.
        pose: A person's key-points on the upright picture; ``None`` where the detector gives none.
        direction: Where it points to on the upright picture, as ``Detection.direction``; ``None`` for nowhere.
        doubted: Whether it was rejected, or was so too short a time ago.
    """

    camera: str
    time: float
    tracklet_id: int
    detector: str
    label: str
    score: float
    box: Box | None
    position: Point2 | None
    pose: Pose | None = None
    direction: float | None = None
    doubted: bool = False


@dataclass(frozen=True, slots=True)
class Track:
    """A thing, as it is known now.

    Attributes:
        track_id: Its identity, counted from 1.
        label: What it is.
        first_seen: Robot time of its first sighting; of the first that was not doubted, if there is one.
        latest: Its newest sighting, doubted or not.
        position: Smoothed position in ``odom``; ``None`` when it was never measured.
        velocity: Smoothed velocity in ``odom``, m/s along x and y; zero when unknown.
        positioned_at: Robot time of the newest measured position; ``None`` when there is none.
        before_doubt: Its newest sighting that was not doubted, while ``latest`` is; ``None`` when there is none, or
            none that is not forgotten.
    """

    track_id: int
    label: str
    first_seen: float
    latest: Sighting
    position: Point2 | None = None
    velocity: Point2 = field(default_factory=lambda: Point2(0.0, 0.0))
    positioned_at: float | None = None
    before_doubt: Sighting | None = None

    @property
    def detector(self) -> str:
        """Name of the detector that finds it."""
        return self.latest.detector

    @property
    def believed(self) -> Sighting | None:
        """What rules know of it: its newest sighting that was not doubted. ``None`` makes the whole track doubted."""
        return self.before_doubt if self.latest.doubted else self.latest

    def age(self, now: float) -> float:
        """Seconds since its newest sighting."""
        return now - self.latest.time

    def predicted(self, now: float, horizon: float = 0.5) -> Point2 | None:
        """Where it is at ``now``, going on at its velocity for ``horizon`` seconds at most."""
        if self.position is None or self.positioned_at is None:
            return None
        ahead = max(0.0, min(horizon, now - self.positioned_at))
        return Point2(self.position.x + ahead * self.velocity.x, self.position.y + ahead * self.velocity.y)
