"""Reads frames by their index from a folder of pictures or from a video."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from simulator.errors import FramesError

FOLDER_RATE = 10.0
"""Frames a second of a folder of pictures, which says nothing about it."""
_SUFFIXES = (".jpg", ".jpeg", ".png")

Frame = NDArray[np.uint8]


class Frames(Protocol):
    """Frames by index. Not safe from several threads.

    Attributes:
        path: Where they come from.
        rate: Their own rate a second.
    """

    path: Path
    rate: float

    @property
    def count(self) -> int | None:
        """How many there are; ``None`` while that is not known."""

    @property
    def last(self) -> Frame | None:
        """The frame that was read last."""

    def read(self, index: int) -> Frame | None:
        """One frame, H×W×3 RGB ``uint8``; ``None`` beyond the end.

        Raises:
            FramesError: The frame cannot be read.
        """


def open_frames(path: Path) -> Frames:
    """Open a folder of pictures or a video.

    Raises:
        FramesError: The path does not exist, holds no picture, or cannot be read.
    """
    if path.is_dir():
        return FolderFrames(path)
    if path.is_file():
        return VideoFrames(path)
    raise FramesError(f"{path}: there is no such folder or video")


def natural_order(name: str) -> list[tuple[int, str]]:
    """Sort key by which frame2 comes before frame10."""
    return [(int(part), "") if part.isdigit() else (-1, part.lower()) for part in re.split(r"(\d+)", name)]


class FolderFrames:
    """The JPEG and PNG files of a folder, in natural order."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.rate = FOLDER_RATE
        pictures = (file for file in path.iterdir() if file.suffix.lower() in _SUFFIXES)
        self._files = sorted(pictures, key=lambda file: natural_order(file.name))
        if not self._files:
            raise FramesError(f"{path}: the folder holds no .jpg, .jpeg or .png file")
        for file in self._files:
            if not cv2.haveImageReader(str(file)):
                raise FramesError(f"{file}: is not a picture; remove it from the folder or replace it")
        self._last: Frame | None = None

    @property
    def count(self) -> int:
        """How many files there are."""
        return len(self._files)

    @property
    def last(self) -> Frame | None:
        """The frame that was read last."""
        return self._last

    def read(self, index: int) -> Frame | None:
        """Read one file."""
        if index >= len(self._files):
            return None
        picture = cv2.imread(str(self._files[index]), cv2.IMREAD_COLOR)
        if picture is None:
            raise FramesError(f"{self._files[index]}: cannot be decoded")
        self._last = _rgb(picture)
        return self._last


class VideoFrames:
    """The frames of a video. Reading forwards is cheap; reading backwards opens it again."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._count: int | None = None
        self._last: Frame | None = None
        self._open()
        self.rate = float(self._capture.get(cv2.CAP_PROP_FPS))
        if not 0 < self.rate < 1000:
            raise FramesError(f"{path}: the video does not tell its frame rate; give one")

    @property
    def count(self) -> int | None:
        """How many frames there are; known once the end was reached, for headers often tell it wrong."""
        return self._count

    @property
    def last(self) -> Frame | None:
        """The frame that was read last."""
        return self._last

    def read(self, index: int) -> Frame | None:
        """Read one frame."""
        if index < self._position:
            self._open()
        while self._position <= index:
            if not self._capture.grab():
                self._count = self._position
                return None
            self._position += 1
            # Every frame is retrieved: the last one must be at hand when the end comes.
            _, picture = self._capture.retrieve()
            self._last = _rgb(picture)
        return self._last

    def _open(self) -> None:
        self._capture = cv2.VideoCapture(str(self.path))
        self._position = 0
        if not self._capture.isOpened():
            raise FramesError(f"{self.path}: cannot be read as a video; give a folder of pictures or a video file")


def _rgb(picture: NDArray[np.uint8]) -> Frame:
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB), np.uint8)
