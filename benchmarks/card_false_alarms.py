"""Sequences of frames that show no card, and what is found in them nevertheless.

Frames are photographs or parts of them: those of a video with pedestrians and four parts of it, enlarged; views that
wander over photos; and views that turn within four panoramas, which no model of this product has learned from. Every
sequence is shown in colour and in grey by turns.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from models import Detector
from models.cards.backgrounds import SHIPPED
from models.cards.make_backgrounds import fisheye_view
from spot_agent.perception import Found
from spot_agent.perception.camera_tracker import CameraTracker

TESTS = Path(__file__).parents[1] / "tests" / "data"
SIMULATOR = Path(__file__).parents[1] / "simulator" / "data" / "panoramas"
RATE = 5.0
"""Frames per second, as the agent looks."""
FORGET_AFTER = 1.0
CONFIDENCES = (0.5, 0.6, 0.7, 0.8)
"""What a cue in config.yaml may ask for; each is counted."""
SIZE = (640, 480)
"""Width and height of a frame in pixels."""
_WANDERING_FRAMES = 140
_TURN_STEP = 1.0
"""Degrees between frames of a turning view."""
_SPELL = 20
"""Frames for which a sequence stays in colour, then in grey."""

Frames = Iterator[NDArray[np.uint8]]


@dataclass(frozen=True)
class FalseAlarms:
    """What was found where there is nothing.

    Attributes:
        source: What was looked at.
        confidence: What a cue asks for.
        frames: How many.
        single: Detections of that confidence in single frames.
        confirmed_in_2: Identities that were confirmed by two frames in a row.
        confirmed_in_3: By three.
    """

    source: str
    confidence: float
    frames: int
    single: int
    confirmed_in_2: int
    confirmed_in_3: int


def count_false_alarms(detector: Detector, videos: Path | None) -> list[FalseAlarms]:
    """Look at every sequence.

    Args:
        detector: What looks.
        videos: Folder with ``vtest.avi`` of OpenCV's samples; ``None`` takes the clip of it that comes with the tests.
    """
    video = TESTS / "videos" / "pedestrians.mp4" if videos is None else videos / "vtest.avi"
    sources: list[tuple[str, list[Frames]]] = [
        (f"{video.name}: whole frames, and four parts enlarged", [_video(video, part) for part in (None, 0, 1, 2, 3)]),
        ("views wandering over photos", [_wandering(photo) for photo in _photos()]),
        ("views turning in panoramas", [_turning(path, pitch) for path in _panoramas() for pitch in (0.0, -25.0)]),
    ]
    return [alarms for name, sequences in sources for alarms in _count(detector, name, sequences)]


def _count(detector: Detector, source: str, sequences: list[Frames]) -> list[FalseAlarms]:
    looks = [_look(detector, sequence) for sequence in sequences]
    return [
        FalseAlarms(
            source, confidence, *(sum(column) for column in zip(*(look[confidence] for look in looks), strict=True))
        )
        for confidence in CONFIDENCES
    ]


def _look(detector: Detector, sequence: Frames) -> dict[float, tuple[int, int, int, int]]:
    """Follow what is found in one sequence, as the agent does: a tracker for each label.

    Returns:
        For each confidence: frames, detections, and identities that were confirmed by two and by three frames in a row.
    """
    trackers = {
        (confidence, confirm, label): CameraTracker(confidence, confirm, FORGET_AFTER, RATE)
        for confidence in CONFIDENCES
        for confirm in (2, 3)
        for label in detector.labels
    }
    identities: set[tuple[float, int, str, int]] = set()
    scores: list[float] = []
    frames = 0
    for frame in sequence:
        shown = (
            frame if frames % (2 * _SPELL) < _SPELL else np.asarray(cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY), np.uint8)
        )
        found = detector.detect([shown])[0]
        frames += 1
        scores += [one.score for one in found]
        for key, tracker in trackers.items():
            own = [Found(key[2], one) for one in found if one.label == key[2]]
            identities |= {(*key, number) for _, number in tracker.update(own, frames / RATE)}
    confirmed = Counter(identity[:2] for identity in identities)
    return {
        confidence: (
            frames,
            sum(score >= confidence for score in scores),
            confirmed[confidence, 2],
            confirmed[confidence, 3],
        )
        for confidence in CONFIDENCES
    }


def _video(path: Path, part: int | None) -> Frames:
    """Give the frames of a video, or one quarter of each, enlarged."""
    reader = cv2.VideoCapture(str(path))
    while (read := reader.read())[0]:
        frame = np.asarray(cv2.cvtColor(read[1], cv2.COLOR_BGR2RGB), np.uint8)
        if part is not None:
            rows, columns = frame.shape[0] // 2, frame.shape[1] // 2
            top, left = part // 2 * rows, part % 2 * columns
            frame = frame[top : top + rows, left : left + columns]
        yield np.asarray(cv2.resize(frame, SIZE), np.uint8)
    reader.release()


def _photos() -> list[NDArray[np.uint8]]:
    """Photos that the model has not learned from: those of the tests (the video's apart), and the test backgrounds."""
    own = [path for path in sorted((TESTS / "photos").glob("*.jpg")) if not path.name.startswith("pedestrians")]
    others = [path for path in sorted((SHIPPED / "test").glob("*.jpg")) if not path.name.startswith("panorama")]
    kept = own + [path for path in others if path.name not in {photo.name for photo in own}]
    return [np.asarray(cv2.imread(str(path), cv2.IMREAD_COLOR_RGB), np.uint8) for path in kept]


def _wandering(photo: NDArray[np.uint8]) -> Frames:
    """Move a view of half a photo's size over it in a slow loop, nearer and farther."""
    height, width = photo.shape[:2]
    for number in range(_WANDERING_FRAMES):
        turn = 2 * np.pi * number / _WANDERING_FRAMES
        share = 0.65 + 0.25 * np.cos(2 * turn)
        columns, rows = width * share, height * share
        left, top = (width - columns) * (0.5 + 0.5 * np.cos(turn)), (height - rows) * (0.5 + 0.5 * np.sin(turn))
        x, y = SIZE[0] / columns, SIZE[1] / rows
        matrix = np.array([[x, 0, -left * x], [0, y, -top * y]])
        yield np.asarray(cv2.warpAffine(photo, matrix, SIZE, flags=cv2.INTER_AREA), np.uint8)


def _panoramas() -> list[NDArray[np.uint8]]:
    paths = [SIMULATOR / f"{name}.jpg" for name in ("park", "lobby")] + sorted((TESTS / "cards").glob("panorama-*.jpg"))
    return [np.asarray(cv2.imread(str(path), cv2.IMREAD_COLOR_RGB), np.uint8) for path in paths]


def _turning(panorama: NDArray[np.uint8], pitch: float) -> Frames:
    """Turn once round within a panorama."""
    for yaw in np.arange(0, 360, _TURN_STEP):
        yield fisheye_view(panorama, float(yaw), pitch)
