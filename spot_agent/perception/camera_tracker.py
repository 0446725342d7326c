"""Identities within one camera: ByteTrack, one for each label of each detector."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import supervision
from trackers import ByteTrackTracker

from spot_agent.perception.track import Found


@dataclass(frozen=True, slots=True)
class _Doubt:
    """A thing that was rejected: when it was last found, and in how many looks it has passed since."""

    time: float
    passed: int


class CameraTracker:
    """Gives detections of one camera and label the identity that they had in the frame before.

    Args:
        confidence: Score from which a detection may start an identity; a lower one may only continue it.
        confirm: Looks in a row at which a thing must be seen before it counts. One that was rejected counts again
            once it has passed in as many.
        forget_after: Seconds that an identity is kept without a detection.
        rate: Looks per second of the detector through the camera; it is told of these alone.
    """

    def __init__(self, confidence: float, confirm: int, forget_after: float, rate: float) -> None:
        self._tracker = ByteTrackTracker(
            # ByteTrack counts its buffer in frames of 30 Hz, whatever the real rate is.
            lost_track_buffer=max(1, round(forget_after * 30)),
            frame_rate=rate,
            track_activation_threshold=confidence,
            high_conf_det_threshold=confidence,
            minimum_consecutive_frames=confirm,
        )
        self._confirm, self._forget_after = confirm, forget_after
        self._doubts: dict[int, _Doubt] = {}

    def update(self, found: Sequence[Found], time: float) -> list[tuple[Found, int]]:
        """Match a frame's detections of this label.

        Args:
            found: What was found.
            time: Robot time of the frame in seconds; it must rise.

        Returns:
            Each confirmed detection with its identity; doubted if it was rejected, or was so too short a time ago.
        """
        boxes = supervision.Detections(
            xyxy=np.array([one.detection.box for one in found], np.float32).reshape(-1, 4),
            confidence=np.array([one.detection.score for one in found], np.float32),
            class_id=np.zeros(len(found), int),
            data={"index": np.arange(len(found))},
        )
        tracked = self._tracker.update(boxes, timestamp=time)
        self._doubts = {key: doubt for key, doubt in self._doubts.items() if time - doubt.time <= self._forget_after}
        if tracked.tracker_id is None or len(tracked) == 0:
            return []
        indices = tracked.data["index"]
        return [
            (self._judged(found[int(index)], int(identity), time), int(identity))
            for index, identity in sorted(zip(indices, tracked.tracker_id, strict=True))
            if identity >= 0
        ]

    def _judged(self, found: Found, identity: int, time: float) -> Found:
        before = self._doubts.pop(identity, None)
        if not found.doubted and (before is None or before.passed + 1 >= self._confirm):
            return found
        self._doubts[identity] = _Doubt(time, 0 if found.doubted or before is None else before.passed + 1)
        return replace(found, doubted=True)
