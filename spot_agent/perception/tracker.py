"""Identities across cameras: what two cameras see in one place is one thing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from spot_agent.cameras import Frame
from spot_agent.config import AgentConfig
from spot_agent.perception.camera_tracker import CameraTracker
from spot_agent.perception.localize import locate
from spot_agent.perception.motion import SAME_PLACE, see
from spot_agent.perception.track import Found, Sighting, Track

SAME_PLACE_GROWTH = 1.0  # m/s; how far a lost thing may have gone
# Two boxes of one label in one place, of which one holds this share of the other, are one thing found twice.
CONTAINED = 0.8


@dataclass(frozen=True, slots=True)
class _Kind:
    """What can be one thing: a label means something only together with the detector that gives it."""

    detector: str
    label: str


@dataclass(frozen=True, slots=True)
class _Key:
    camera: str
    kind: _Kind
    tracklet_id: int


class Tracker:
    """Turns each frame's detections into tracks.

    Args:
        config: Says which labels of which detectors matter, from which confidence on, and how long a lost thing is
            remembered.
    """

    def __init__(self, config: AgentConfig) -> None:
        self._config = config
        self._thresholds: dict[_Kind, float] = {}
        for cue in config.cues.values():
            kind = _Kind(cue.detector, cue.label)
            self._thresholds[kind] = min(cue.confidence, self._thresholds.get(kind, 1.0))
        self._cameras: dict[tuple[str, _Kind], CameraTracker] = {}
        self._tracks: dict[int, Track] = {}
        self._identities: dict[_Key, int] = {}
        self._newest: dict[str, float] = {}
        self._next_id = 1

    def update(self, found: Iterable[Found], frame: Frame) -> list[Track]:
        """Take in one frame.

        Args:
            found: What the detectors found in it.
            frame: The frame. Those of one camera come in the order of their times; an earlier one means that the
                robot's clock was set back, and everything is forgotten, for no age would be true any more.

        Returns:
            Every track that is not forgotten yet, the oldest identity first.
        """
        time = frame.times.acquired
        if time < self._newest.get(frame.camera, time):
            self._forget_everything()
        self._newest[frame.camera] = time
        touched: set[int] = set()
        # Who is known comes first, so that nobody new takes the identity of one who stands beside.
        keyed = [(_key(sighting), sighting) for sighting in self._sightings(list(found), frame)]
        for key, sighting in sorted(keyed, key=lambda pair: pair[0] not in self._identities):
            track_id = self._identities.get(key)
            if track_id is None or track_id not in self._tracks or track_id in touched:
                track_id = self._recognise(sighting, touched)
            touched.add(track_id)
            self._identities[key] = track_id
            self._tracks[track_id] = see(self._tracks.get(track_id), track_id, sighting)
        self._merge(touched)
        self._forget(time)
        return self.tracks

    @property
    def tracks(self) -> list[Track]:
        """Every track that is not forgotten yet, the oldest identity first."""
        return [self._tracks[track_id] for track_id in sorted(self._tracks)]

    def _sightings(self, found: Sequence[Found], frame: Frame) -> list[Sighting]:
        sightings = []
        for kind, threshold in self._thresholds.items():
            detections = [f.detection for f in found if _Kind(f.detector, f.detection.label) == kind]
            tracker = self._camera_tracker(frame.camera, kind, threshold)
            sightings += [
                Sighting(
                    camera=frame.camera,
                    time=frame.times.acquired,
                    tracklet_id=tracklet_id,
                    detector=kind.detector,
                    label=kind.label,
                    score=detection.score,
                    box=detection.box,
                    position=locate(detection, frame),
                )
                for detection, tracklet_id in tracker.update(detections, frame.times.acquired)
            ]
        return without_doubles(sightings)

    def _camera_tracker(self, camera: str, kind: _Kind, threshold: float) -> CameraTracker:
        if (camera, kind) not in self._cameras:
            tracking = self._config.tracking
            rate = self._config.cameras[camera].rate
            self._cameras[camera, kind] = CameraTracker(threshold, tracking.confirm, tracking.forget_after, rate)
        return self._cameras[camera, kind]

    def _recognise(self, sighting: Sighting, taken: set[int]) -> int:
        """The identity of a new tracklet: that of a track in its place, or a new one."""
        nearest, nearest_distance = None, float("inf")
        for track in self.tracks:
            place = track.predicted(sighting.time)
            if not _same_kind(track, sighting) or track.track_id in taken or place is None or sighting.position is None:
                continue
            distance = place.distance_to(sighting.position)
            reach = SAME_PLACE + SAME_PLACE_GROWTH * max(0.0, track.age(sighting.time))
            if distance < min(reach, nearest_distance):
                nearest, nearest_distance = track.track_id, distance
        if nearest is not None:
            return nearest
        self._next_id += 1
        return self._next_id - 1

    def _merge(self, touched: set[int]) -> None:
        """Give two tracks that turn out to be in one place the older identity."""
        for newer in sorted(touched, reverse=True):
            for older in self.tracks:
                if older.track_id < newer and older.track_id not in touched and self._one_thing(older, newer):
                    track = self._tracks.pop(newer)
                    self._tracks[older.track_id] = replace(
                        track, track_id=older.track_id, first_seen=min(older.first_seen, track.first_seen)
                    )
                    self._identities = {
                        key: older.track_id if track_id == newer else track_id
                        for key, track_id in self._identities.items()
                    }
                    break

    def _one_thing(self, older: Track, newer_id: int) -> bool:
        newer = self._tracks[newer_id]
        here, there = newer.position, older.predicted(newer.latest.time)
        if not _same_kind(older, newer) or here is None or there is None:
            return False
        # One camera that sees two boxes sees two things; only another camera's view can be the same thing.
        apart = older.latest.camera != newer.latest.camera
        return apart and here.distance_to(there) < SAME_PLACE

    def _forget_everything(self) -> None:
        for kept in (self._cameras, self._tracks, self._identities, self._newest):
            kept.clear()

    def _forget(self, now: float) -> None:
        kept = self._config.tracking.forget_after
        self._tracks = {key: track for key, track in self._tracks.items() if track.age(now) <= kept}
        self._identities = {key: track_id for key, track_id in self._identities.items() if track_id in self._tracks}


def without_doubles(sightings: Sequence[Sighting]) -> list[Sighting]:
    """Leave out what one camera found twice: the less sure of two boxes in one place that hold each other."""
    kept: list[Sighting] = []
    for sighting in sorted(sightings, key=lambda s: (-s.score, s.tracklet_id)):
        if not any(_same_thing(sighting, other) for other in kept):
            kept.append(sighting)
    return kept


def _key(sighting: Sighting) -> _Key:
    return _Key(sighting.camera, _Kind(sighting.detector, sighting.label), sighting.tracklet_id)


def _same_kind(one: Track | Sighting, other: Track | Sighting) -> bool:
    return one.label == other.label and one.detector == other.detector


def _same_thing(one: Sighting, other: Sighting) -> bool:
    if not _same_kind(one, other) or one.position is None or other.position is None:
        return False
    width = min(one.box.x_max, other.box.x_max) - max(one.box.x_min, other.box.x_min)
    height = min(one.box.y_max, other.box.y_max) - max(one.box.y_min, other.box.y_min)
    common = max(0.0, width) * max(0.0, height)
    contained = common >= CONTAINED * min(one.box.area, other.box.area)
    return contained and one.position.distance_to(other.position) < SAME_PLACE
