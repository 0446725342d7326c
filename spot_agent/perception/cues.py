"""From tracks to the cues that config.yaml speaks of."""

from __future__ import annotations

import math
from collections.abc import Sequence

from behaviors import Cue, SE2Pose
from spot_agent.config import AgentConfig
from spot_agent.perception.track import Track

# A thing that was sure enough once stays a cue while its confidence is above this share of what is asked.
HYSTERESIS = 0.6


class CueMaker:
    """Names tracks as config.yaml does, and says where they are as seen from the body.

    Args:
        config: Defines the cues.
    """

    def __init__(self, config: AgentConfig) -> None:
        self._cues = config.cues
        self._sure: set[tuple[str, int]] = set()

    def cues(self, tracks: Sequence[Track], body: SE2Pose, now: float) -> list[Cue]:
        """Make the cues of one moment.

        Args:
            tracks: Everything that is tracked.
            body: The body in ``odom``.
            now: Robot time in seconds.

        Returns:
            The cues in the order of config.yaml, then of identities.
        """
        made = []
        sure: set[tuple[str, int]] = set()
        for name, settings in self._cues.items():
            for track in tracks:
                if (track.detector, track.label) != (settings.detector, settings.label):
                    continue
                key = (name, track.track_id)
                needed = settings.confidence * (HYSTERESIS if key in self._sure else 1.0)
                if track.latest.score < needed:
                    continue
                sure.add(key)
                made.append(_cue(name, track, body, now, settings.keep_distance))
        self._sure = sure | {key for key in self._sure if key[1] in {track.track_id for track in tracks}}
        return made


def _cue(name: str, track: Track, body: SE2Pose, now: float, is_person: bool) -> Cue:
    place = track.predicted(now)
    seen = None if place is None else body.to_body(place)
    return Cue(
        name=name,
        track_id=track.track_id,
        confidence=track.latest.score,
        seen_for=max(0.0, track.latest.time - track.first_seen),
        # A frame of the future is as doubtful as one of the past: one of the two clocks was set.
        age=abs(track.age(now)),
        distance=None if seen is None else math.hypot(seen.x, seen.y),
        bearing=None if seen is None else math.atan2(seen.y, seen.x),
        position=place,
        is_person=is_person,
    )
