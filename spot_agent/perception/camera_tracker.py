"""Identities within one camera: ByteTrack, one for each label of each detector."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import supervision
from trackers import ByteTrackTracker

from models import Detection


class CameraTracker:
    """Gives detections of one camera and label the identity that they had in the frame before.

    Args:
        confidence: Score from which a detection may start an identity; a lower one may only continue it.
        confirm: Looks in a row at which a thing must be seen before it counts.
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

    def update(self, detections: Sequence[Detection], time: float) -> list[tuple[Detection, int]]:
        """Match a frame's detections of this label.

        Args:
            detections: What was found.
            time: Robot time of the frame in seconds; it must rise.

        Returns:
            Each confirmed detection with its identity.
        """
        found = supervision.Detections(
            xyxy=np.array([d.box for d in detections], np.float32).reshape(-1, 4),
            confidence=np.array([d.score for d in detections], np.float32),
            class_id=np.zeros(len(detections), int),
            data={"index": np.arange(len(detections))},
        )
        tracked = self._tracker.update(found, timestamp=time)
        if tracked.tracker_id is None or len(tracked) == 0:
            return []
        indices = tracked.data["index"]
        return [
            (detections[int(index)], int(identity))
            for index, identity in sorted(zip(indices, tracked.tracker_id, strict=True))
            if identity >= 0
        ]
