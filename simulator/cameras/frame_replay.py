"""Recorded frames in place of a camera: a folder of pictures, or a video."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from simulator.cameras.frame_files import Frames, open_frames
from simulator.cameras.picture_source import Pixels, Shot, Source
from simulator.errors import FramesError
from simulator.robot.frames import FrameEdge
from simulator.robot.robot import Moment

DEFAULT_SOURCE = "frontleft_fisheye_image"
# Optical axes in the body's: right is -y, down is -z, ahead is +x. So the picture is upright and looks ahead.
_LOOKING_AHEAD = np.array([[0.0, 0, 1, 0], [-1, 0, 0, 0], [0, -1, 0, 0], [0, 0, 0, 1]])


class FrameReplay:
    """Serves recorded frames as the robot's only camera. It begins with the first picture that is asked for.

    Nothing is known about the camera that recorded them, so the source has no camera model and no depth. A frame
    was taken, in robot time, when its turn came; a client that is slow skips frames and never falls behind.

    Args:
        path: A folder of JPEG or PNG files, in natural order of their names, or a video.
        rate: Frames a second; by default that of the video, or 10 for a folder.
        loop: Begin again after the last frame; else it stays, with the time at which it was taken.
        source_name: Name of the image source.

    Raises:
        FramesError: The path does not exist, holds no picture, cannot be read, or has no rate.
    """

    def __init__(
        self,
        path: str | Path,
        rate: float | None = None,
        *,
        loop: bool = True,
        source_name: str = DEFAULT_SOURCE,
    ) -> None:
        if rate is not None and not 0 < rate < 1000:
            raise FramesError(f"{path}: the rate must lie between 0 and 1000 frames a second, not {rate}")
        self._frames: Frames = open_frames(Path(path))
        self._rate = rate or self._frames.rate
        self._loop = loop
        first = self._frames.read(0)
        if first is None:
            raise FramesError(f"{path}: the first frame cannot be read")
        self._sources = (_source(source_name, first),)
        self._lock = threading.Lock()
        self._first_uptime: float | None = None
        self._ended_at: float | None = None
        self._index = -1
        self._shot: Shot | None = None

    @property
    def sources(self) -> Sequence[Source]:
        """The one source."""
        return self._sources

    @property
    def rate(self) -> float:
        """Frames a second."""
        return self._rate

    def has_ended(self, uptime: float) -> bool:
        """Whether the last frame has had its time. Never when it loops, or nothing was asked for yet."""
        with self._lock:
            if self._first_uptime is None or self._loop:
                return False
            count = self._frames.count
            return count is not None and uptime >= self._first_uptime + count / self._rate

    def shoot(self, sources: Sequence[Source], exposure: Moment) -> Mapping[str, Shot]:
        """Give the frame whose turn it is."""
        if not sources:
            return {}
        with self._lock:
            if self._first_uptime is None:
                self._first_uptime = exposure.uptime
            self._advance(int((exposure.uptime - self._first_uptime) * self._rate + 1e-6), exposure)
            if self._shot is None:
                raise FramesError(f"{self._frames.path}: no frame could be read")
            return {source.name: self._shot for source in sources}

    def _advance(self, index: int, exposure: Moment) -> None:
        count = self._frames.count
        if not self._loop and count is not None:
            index = min(index, count - 1)
        if index <= self._index:
            return
        pixels = self._read(index)
        if pixels is None and not self._loop:  # the end of a video shows only when it is reached
            index = (self._frames.count or 1) - 1
            pixels = self._frames.last
        if pixels is not None and index > self._index:
            self._shot = Shot(pixels, self._moment(index, exposure))
            self._index = index

    def _read(self, index: int) -> Pixels | None:
        pixels = self._frames.read(index if self._frames.count is None else index % self._frames.count)
        if pixels is None and self._loop and self._frames.count:
            pixels = self._frames.read(index % self._frames.count)
        return pixels

    def _moment(self, index: int, exposure: Moment) -> Moment:
        uptime = (self._first_uptime or 0.0) + index / self._rate
        return Moment(uptime, exposure.time - (exposure.uptime - uptime), exposure.body)


def _source(name: str, first: Pixels) -> Source:
    frame = name.removesuffix("_image")
    edges = (FrameEdge("head", "body", np.eye(4)), FrameEdge(frame, "head", _LOOKING_AHEAD))
    return Source(
        name=name,
        camera=frame.removesuffix("_fisheye"),
        is_depth=False,
        width=first.shape[1],
        height=first.shape[0],
        sensor_frame=frame,
        model=None,
        colour=True,
        edges=edges,
    )
