"""How a track takes up a sighting: where its thing is now, how fast it goes, and whether it is doubted."""

from __future__ import annotations

from dataclasses import replace

from behaviors import Point2
from spot_agent.perception.track import Sighting, Track

# A person's two cameras disagree by up to 0.3 m, and ByteTrack's new identities come while the robot turns.
SAME_PLACE = 0.7  # m
POSITION_GAIN = 0.6  # share of a new position in the smoothed one
VELOCITY_GAIN = 0.25
MAX_VELOCITY = 3.0  # m/s; faster than a person runs is a jump of the measurement


def see(track: Track | None, track_id: int, sighting: Sighting) -> Track:
    """The track after one more sighting."""
    if track is None:
        positioned_at = None if sighting.position is None else sighting.time
        return Track(track_id, sighting.label, sighting.time, sighting, sighting.position, positioned_at=positioned_at)
    latest = sighting if sighting.time >= track.latest.time else track.latest
    is_first = track.believed is None and not sighting.doubted
    seen = replace(track, latest=latest, first_seen=sighting.time if is_first else track.first_seen)
    seen = _believe(seen, track.believed, None if sighting.doubted else sighting)
    if sighting.position is None:
        return seen
    if track.position is None or track.positioned_at is None:
        return replace(seen, position=sighting.position, positioned_at=sighting.time)
    return _move(seen, track.position, track.positioned_at, sighting)


def merge(older: Track, newer: Track) -> Track:
    """One track of two that are one thing: where the newer one is, with the identity of the older one."""
    counted = [track for track in (older, newer) if track.believed is not None] or [older, newer]
    merged = replace(newer, track_id=older.track_id, first_seen=min(track.first_seen for track in counted))
    return _believe(merged, older.believed, newer.believed)


def _believe(track: Track, *believed: Sighting | None) -> Track:
    """The track with the newest of these sightings, which were not doubted, as what rules know of it."""
    if not track.latest.doubted:
        return replace(track, before_doubt=None)
    newest = max((one for one in believed if one is not None), key=lambda one: one.time, default=None)
    return replace(track, before_doubt=newest)


def _move(track: Track, before: Point2, before_time: float, sighting: Sighting) -> Track:
    """Blend a newly measured position into the track (an alpha-beta filter in each axis)."""
    elapsed = sighting.time - before_time
    measured = sighting.position
    expected = track.predicted(sighting.time)
    if measured is None or expected is None or elapsed <= 0.0:
        return track
    if measured.distance_to(expected) > SAME_PLACE + MAX_VELOCITY * elapsed:
        return track  # a jump; if it is true, the time since the last good position will soon allow it
    off_x, off_y = measured.x - expected.x, measured.y - expected.y
    position = Point2(expected.x + POSITION_GAIN * off_x, expected.y + POSITION_GAIN * off_y)
    gain = VELOCITY_GAIN / max(elapsed, 0.05)
    velocity = Point2(track.velocity.x + gain * off_x, track.velocity.y + gain * off_y)
    if Point2(0.0, 0.0).distance_to(velocity) > MAX_VELOCITY:
        velocity = Point2(0.0, 0.0)
    return replace(track, position=position, velocity=velocity, positioned_at=sighting.time)
