"""Drawing on camera pictures what was found in them."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from behaviors import Cue
from models import Box, Detection
from spot_agent.perception import Track
from spot_agent.reporting.mark import Emphasis, Mark
from spot_agent.reporting.mark_drawing import draw_marks
from spot_agent.reporting.palette import Palette


def annotate(
    frame_image: NDArray[np.uint8],
    tracks_in_this_camera: Sequence[Track],
    detections: Sequence[Detection],
    cues: Sequence[Cue],
    acting_track_id: int | None,
    *,
    palette: Palette | None = None,
    max_side: int | None = None,
) -> NDArray[np.uint8]:
    """Draw tracks and detections on a copy of a picture.

    A track that is a cue gets a box with its name, identity, score and distance; the one that the acting rule acts
    on gets a bolder one. What is no cue gets a faint box. Labels are legible when the picture is shown 300 pixels
    wide, and stay within the picture.

    Args:
        frame_image: The upright picture, H×W×3 RGB or H×W grey, ``uint8``; it is not changed.
        tracks_in_this_camera: Tracks whose newest sighting is in this picture.
        detections: Everything that was found in it.
        cues: What the rules saw.
        acting_track_id: Identity of what the acting rule acts on; ``None`` if nothing.
        palette: Colours of the cues' names, to keep them from picture to picture.
        max_side: Shrink the picture before drawing so that no side is longer, in pixels.

    Returns:
        The picture with the marks, H'×W'×3 RGB, ``uint8``.
    """
    picture, scale = _shrunk(_as_rgb(frame_image), max_side)
    marks = _marks(tracks_in_this_camera, detections, cues, acting_track_id, palette or Palette())
    return draw_marks(picture, [mark.scaled(scale) for mark in marks])


def _as_rgb(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    if picture.ndim == 2:
        return np.repeat(picture[:, :, np.newaxis], 3, axis=2)
    return np.repeat(picture, 3, axis=2) if picture.shape[2] == 1 else picture


def _shrunk(picture: NDArray[np.uint8], max_side: int | None) -> tuple[NDArray[np.uint8], float]:
    height, width = picture.shape[:2]
    if max_side is None or max(height, width) <= max_side:
        return picture, 1.0
    scale = max_side / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8), scale


def _marks(
    tracks: Sequence[Track],
    detections: Sequence[Detection],
    cues: Sequence[Cue],
    acting_track_id: int | None,
    palette: Palette,
) -> list[Mark]:
    """What to draw: the faint ones first, the target last and so on top."""
    by_track: dict[int, list[Cue]] = {}
    for cue in cues:
        by_track.setdefault(cue.track_id, []).append(cue)
    shown = [track for track in tracks if track.track_id in by_track]
    taken = {_key(track.latest.label, track.latest.box) for track in shown if track.latest.box is not None}
    marks = [_faint(found) for found in detections if _key(found.label, found.box) not in taken]
    for track in sorted(shown, key=lambda track: track.track_id == acting_track_id):
        # What the robot found by itself has no place in a picture.
        if track.latest.box is not None:
            is_target = track.track_id == acting_track_id
            marks.append(_mark(track, track.latest.box, by_track[track.track_id], is_target, palette))
    return marks


def _key(label: str, box: Box) -> tuple[str, int, int, int, int]:
    return label, round(box.x_min), round(box.y_min), round(box.x_max), round(box.y_max)


def _faint(found: Detection) -> Mark:
    return Mark(found.box, f"{found.label} {found.score:.0%}", "", None, Emphasis.FAINT)


def _mark(track: Track, box: Box, cues: Sequence[Cue], is_target: bool, palette: Palette) -> Mark:
    names = " / ".join(dict.fromkeys(cue.name for cue in cues))
    distance = "" if cues[0].distance is None else f"  {cues[0].distance:.1f} m"
    emphasis = Emphasis.TARGET if is_target else Emphasis.CUE
    title = f"{names} #{track.track_id}"
    detail = f"{track.latest.score:.0%}{distance}"
    return Mark(box, title, detail, palette[cues[0].name], emphasis, track.latest.direction)
