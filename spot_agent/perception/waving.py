"""Who waves: people's poses over time, each person's by itself."""

from __future__ import annotations

from collections.abc import Sequence

from models import Detection
from models.gestures import WaveWatch
from spot_agent.cameras import Frame
from spot_agent.config import PERSON, WAVING
from spot_agent.perception.track import Found, Track


class WaveSpotter:
    """Watches every track that has poses. It remembers two seconds of each, and forgets a track when it is gone."""

    def __init__(self) -> None:
        self._watches: dict[tuple[int, str], WaveWatch] = {}

    def look(self, tracks: Sequence[Track], frame: Frame) -> list[Found]:
        """Take in the poses that were seen in a frame.

        Args:
            tracks: Everything that is tracked, after the frame.
            frame: The frame.

        Returns:
            Who waves: for each the same box and pose as the person's, by the same detector.
        """
        known = {track.track_id for track in tracks}
        self._watches = {key: watch for key, watch in self._watches.items() if key[0] in known}
        found = [self._wave(track) for track in tracks if _in_frame(track, frame)]
        return [wave for wave in found if wave is not None]

    def forget(self) -> None:
        """Forget everybody."""
        self._watches.clear()

    def _wave(self, track: Track) -> Found | None:
        seen = track.latest
        if seen.pose is None or seen.box is None or seen.label != PERSON:
            return None
        # Each camera sees the arm from its own side: poses of two make no one movement.
        watch = self._watches.setdefault((track.track_id, seen.camera), WaveWatch())
        if not watch.update(seen.time, seen.pose):
            return None
        return Found(seen.detector, Detection(WAVING, seen.score, seen.box, seen.pose), doubted=seen.doubted)


def _in_frame(track: Track, frame: Frame) -> bool:
    return track.latest.camera == frame.camera and track.latest.time == frame.times.acquired
