"""Identities across cameras: what two cameras see in one place is one thing."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from spot_agent.cameras import Frame
from spot_agent.config import AgentConfig
from spot_agent.perception.motion import SAME_PLACE, merge, see
from spot_agent.perception.sighter import Kind, Labels, Sighter
from spot_agent.perception.track import Found, Rejected, Sighting, Track
from spot_agent.perception.waving import WaveSpotter

SAME_PLACE_GROWTH = 1.0  # m/s; how far a lost thing may have gone


@dataclass(frozen=True, slots=True)
class _Key:
    camera: str
    kind: Kind
    tracklet_id: int


class Tracker:
    """Turns each frame's detections, and what the robot itself reports, into tracks.

    Args:
        config: Says which labels of which detectors matter, from which confidence on, and how long a lost thing is
            remembered.
    """

    def __init__(self, config: AgentConfig) -> None:
        self._sighter = Sighter(config)
        self._waves = WaveSpotter()
        self._tracks: dict[int, Track] = {}
        self._identities: dict[_Key, int] = {}
        self._newest: dict[str, float] = {}
        self._next_id = 1

    def update(
        self,
        found: Iterable[Found],
        frame: Frame,
        looked: Collection[str] | None = None,
        rejected: Iterable[Rejected] = (),
    ) -> list[Track]:
        """Take in one frame.

        Args:
            found: What the detectors found in it.
            frame: The frame. Those of one camera come in the order of their times; an earlier one means that the
                robot's clock was set back, and everything is forgotten, for no age would be true any more.
            looked: The detectors that looked at it; ``None`` means all. What the others find is not missing in it.
            rejected: What they found and cannot be. If the robot keeps its distance from such things it is tracked
                too, as doubted.

        Returns:
            Every track that is not forgotten yet, the oldest identity first.
        """
        time, found = frame.times.acquired, list(found)
        found += [Found(one.detector, one.detection, doubted=True) for one in rejected]
        if time < self._newest.get(frame.camera, time):
            self._forget_everything()
        self._newest[frame.camera] = time
        touched = self._take_in(self._sighter.sightings(found, frame, looked, Labels.IN_ONE_PICTURE))
        found += self._waves.look(self.tracks, frame)
        touched |= self._take_in(self._sighter.sightings(found, frame, looked, Labels.OVER_TIME))
        self._merge(touched)
        self._forget(time)
        return self.tracks

    def take_in(self, reported: Iterable[Sighting]) -> list[Track]:
        """Take in what the robot reports to have found by itself, all of it at once.

        Args:
            reported: What it has seen since the last time.

        Returns:
            Every track that is not forgotten yet, the oldest identity first.
        """
        self._take_in(reported)
        return self.tracks

    @property
    def tracks(self) -> list[Track]:
        """Every track that is not forgotten yet, the oldest identity first."""
        return [self._tracks[track_id] for track_id in sorted(self._tracks)]

    def _take_in(self, sightings: Iterable[Sighting]) -> set[int]:
        """Give each sighting to its track; returns the tracks' identities."""
        touched: set[int] = set()
        # Who is known comes first, so that nobody new takes the identity of one who stands beside.
        keyed = [(_key(sighting), sighting) for sighting in sightings]
        for key, sighting in sorted(keyed, key=lambda pair: pair[0] not in self._identities):
            track_id = self._identities.get(key)
            if track_id is None or track_id not in self._tracks or track_id in touched:
                track_id = self._recognise(sighting, touched)
            touched.add(track_id)
            self._identities[key] = track_id
            self._tracks[track_id] = see(self._tracks.get(track_id), track_id, sighting)
        return touched

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
                    self._tracks[older.track_id] = merge(older, self._tracks.pop(newer))
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
        self._sighter.forget()
        self._waves.forget()
        for kept in (self._tracks, self._identities, self._newest):
            kept.clear()

    def _forget(self, now: float) -> None:
        kept = [track for track in self.tracks if track.age(now) <= self._kept(track.latest)]
        self._tracks = {track.track_id: self._doubt(track, now) for track in kept}
        self._identities = {key: track_id for key, track_id in self._identities.items() if track_id in self._tracks}

    def _doubt(self, track: Track, now: float) -> Track:
        """Forget what was not doubted of a track as if nothing had been seen since."""
        if track.before_doubt is None or now - track.before_doubt.time <= self._kept(track.before_doubt):
            return track
        return replace(track, before_doubt=None)

    def _kept(self, sighting: Sighting) -> float:
        return self._sighter.kept(Kind(sighting.detector, sighting.label), sighting.camera)


def _key(sighting: Sighting) -> _Key:
    # What the robot itself has found is one thing, through whichever camera.
    camera = "" if sighting.box is None else sighting.camera
    return _Key(camera, Kind(sighting.detector, sighting.label), sighting.tracklet_id)


def _same_kind(one: Track | Sighting, other: Track | Sighting) -> bool:
    return one.label == other.label and one.detector == other.detector
