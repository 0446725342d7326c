"""What the cameras showed at a moment of a run."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from models import Box
from spot_agent.cameras import Frame
from spot_agent.perception import Track
from spot_agent.reporting.annotate import annotate
from spot_agent.reporting.mark import Emphasis, Mark
from spot_agent.reporting.mark_drawing import draw_marks
from spot_agent.reporting.palette import Palette
from spot_agent.reporting.phrases import verb
from spot_agent.reporting.story import Moment, MomentKind
from spot_agent.runtime.tick import Tick

THUMBNAIL_SIDE = 480  # pixels
PAPER = 238  # grey value


class Sights:
    """Keeps each camera's newest frame, and makes moments of them.

    Args:
        palette: Colours of the cues' names.
    """

    def __init__(self, palette: Palette) -> None:
        self._palette = palette
        self._newest: dict[str, Tick] = {}
        # The first drawing loads a font, which takes far longer than the loop may wait.
        draw_marks(np.zeros((48, 64, 3), np.uint8), [Mark(Box(8, 8, 40, 40), "x", "x", None, Emphasis.CUE)])

    def add(self, tick: Tick) -> None:
        """Take in one turn of the loop."""
        if tick.frame is not None and tick.looked:
            self._newest[tick.frame.camera] = tick

    def moment(self, tick: Tick, before: Tick | None, time: float, kind: MomentKind) -> Moment | None:
        """Make a moment; ``None`` while no camera has shown anything.

        Args:
            tick: What happens.
            before: The turn of the loop before; ``None`` for the first.
            time: Seconds since the start.
            kind: Why it is worth a picture.
        """
        sight = self._best(tick)
        if sight is None or sight.frame is None:
            return None
        picture = annotate(
            _on_paper(sight.frame),
            tracks_in(sight.frame, sight.tracks),
            sight.detections,
            # The frame may be some turns old; distances belong to it, the target to now.
            sight.cues,
            tick.decision.track_id,
            palette=self._palette,
            max_side=THUMBNAIL_SIDE,
        )
        return Moment(time, kind, _caption(tick, before, kind), sight.frame.camera, picture)

    def _best(self, tick: Tick) -> Tick | None:
        """The turn whose frame shows this moment: that of the camera which sees the target, else the newest."""
        target = next((track for track in tick.tracks if track.track_id == tick.decision.track_id), None)
        if target is not None and target.latest.camera in self._newest:
            return self._newest[target.latest.camera]
        if tick.frame is not None and tick.looked:
            return tick
        return max(self._newest.values(), key=lambda sight: sight.time, default=None)


def tracks_in(frame: Frame, tracks: Sequence[Track]) -> list[Track]:
    """Those tracks whose newest sighting is in this very frame."""
    return [
        track for track in tracks if track.latest.camera == frame.camera and track.latest.time == frame.times.acquired
    ]


def _on_paper(frame: Frame) -> NDArray[np.uint8]:
    """The frame's picture, bright instead of black where an upright picture shows nothing of the sensor's."""
    if frame.upright.quarter_turns is not None:
        return frame.image
    width, height = frame.upright.sensor_size
    corners = np.array([[0, 0], [width - 1, 0], [width - 1, height - 1], [0, height - 1]], np.float64)
    seen = corners @ frame.upright.to_upright[:, :2].T + frame.upright.to_upright[:, 2]
    right, bottom = frame.image.shape[1] - 1, frame.image.shape[0] - 1
    rim = np.array([[0, 0], [right, 0], [right, bottom], [0, bottom]])
    picture = frame.image.copy()
    # A point within both outlines lies within neither: that is how OpenCV fills several.
    cv2.fillPoly(picture, [rim.astype(np.int32), np.round(seen).astype(np.int32)], (PAPER,) * 3)
    return picture


def _caption(tick: Tick, before: Tick | None, kind: MomentKind) -> str:
    """What happens at a moment, in a line."""
    if kind is MomentKind.SEEN and before is not None:
        known = {cue.track_id for cue in before.cues}
        return f"sees {', '.join(dict.fromkeys(cue.name for cue in tick.cues if cue.track_id not in known))}"
    if kind is MomentKind.STEADY:
        return f"still: {_caption(tick, before, MomentKind.COMMAND)}"
    command = tick.governed.command
    if kind is MomentKind.RULE_ENDED and before is not None and command is None:
        return f"'{before.decision.rule}' is over"
    if tick.decision.rule is None:
        return "no rule acts" if command is None else f"no rule acts → {verb(command)}"
    return f"{tick.decision.rule} → {verb(command)}"
