"""From tracks to the cues that config.yaml speaks of."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import replace

from behaviors import Cue, SE2Pose
from spot_agent.config import AgentConfig
from spot_agent.perception.track import Sighting, Track

# A thing that was sure enough once stays a cue while its confidence is above this share of what is asked.
HYSTERESIS = 0.6


class CueMaker:
    """Names tracks as config.yaml does, and says where they are as seen from the body.

    Args:
        config: Defines the cues.
    """

    def __init__(self, config: AgentConfig) -> None:
        self._cues = config.cues
        # Rules know a thing by what was not doubted of it, the governor by whatever was found.
        self._believed, self._found = _Sureness(), _Sureness()

    def cues(self, tracks: Sequence[Track], body: SE2Pose, now: float) -> list[Cue]:
        """Make the cues of one moment.

        Args:
            tracks: Everything that is tracked.
            body: The body in ``odom``.
            now: Robot time in seconds.

        Returns:
            The cues in the order of config.yaml, then of identities. What is doubted is a cue only where the robot
            must keep its distance from it.
        """
        self._believed.forget_all_but({track.track_id for track in tracks if track.believed is not None})
        self._found.forget_all_but({track.track_id for track in tracks})
        made = []
        for name, settings in self._cues.items():
            for track in tracks:
                if (track.detector, track.label) != (settings.detector, settings.label):
                    continue
                key = (name, track.track_id)
                is_sure = self._found.take_in(key, track.latest.score, settings.confidence)
                seen = track.believed
                if seen is not None and self._believed.take_in(key, seen.score, settings.confidence):
                    made.append(_cue(name, track, seen, body, now, settings.keep_distance))
                elif is_sure and settings.keep_distance:
                    made.append(replace(_cue(name, track, track.latest, body, now, is_person=True), doubted=True))
        return made


class _Sureness:
    """Remembers which tracks have once been sure enough for which cue."""

    def __init__(self) -> None:
        self._sure: set[tuple[str, int]] = set()

    def forget_all_but(self, track_ids: Collection[int]) -> None:
        """Forget the tracks that are gone."""
        self._sure = {key for key in self._sure if key[1] in track_ids}

    def take_in(self, key: tuple[str, int], score: float, confidence: float) -> bool:
        """Whether a cue's track is sure enough now."""
        is_sure = score >= confidence * (HYSTERESIS if key in self._sure else 1.0)
        if is_sure:
            self._sure.add(key)
        return is_sure


def _cue(name: str, track: Track, seen: Sighting, body: SE2Pose, now: float, is_person: bool) -> Cue:
    place = track.predicted(now)
    at = None if place is None else body.to_body(place)
    return Cue(
        name=name,
        track_id=track.track_id,
        confidence=seen.score,
        seen_for=max(0.0, seen.time - track.first_seen),
        # A frame of the future is as doubtful as one of the past: one of the two clocks was set.
        age=abs(now - seen.time),
        distance=None if at is None else math.hypot(at.x, at.y),
        bearing=None if at is None else math.atan2(at.y, at.x),
        position=place,
        is_person=is_person,
    )
