"""The detectors that look, each in a place where another can take over between two frames."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from models import Detection, Detector
from models.plausibility import PlausibleDetector, Rejection
from spot_agent.cameras import Frame
from spot_agent.config import AgentConfig, DetectorConfig
from spot_agent.errors import UnfitModel
from spot_agent.perception import Found, FrameView, Rejected
from spot_agent.runtime.findings import problem_with
from spot_agent.runtime.news import News, NewsKind
from spot_agent.runtime.wanted import is_known, wanted_labels

PACES = 5  # looks whose time is remembered
TRIAL_LOOKS = 10  # frames in which a new detector must do well before the old one is let go


_Results: TypeAlias = tuple[list[Detection], list[Rejection]]


@dataclass(frozen=True, slots=True)
class Seat:
    """A detector, and what config.yaml said of it when it was loaded."""

    detector: Detector
    settings: DetectorConfig


@dataclass(frozen=True, slots=True)
class Looked:
    """What came of a look, as far as cues speak of it.

    Attributes:
        found: What a detector found.
        rejected: What it found and cannot be.
    """

    found: list[Found]
    rejected: list[Rejected]


@dataclass(slots=True)
class _Slot:
    """One place.

    Attributes:
        seat: Who looks.
        offered: Who is to take over at the next frame.
        proven: Who takes the place back if the one on trial fails; ``None`` when nobody is on trial.
        trial: How many frames are left of the trial.
        frames: The newest frame of each camera that was looked at.
        paces: Seconds that each of the newest looks took.
    """

    seat: Seat
    offered: Seat | None = None
    proven: Seat | None = None
    trial: int = 0
    frames: dict[str, Frame] = field(default_factory=dict)
    paces: deque[float] = field(default_factory=lambda: deque(maxlen=PACES))


class DetectorSlots:
    """Holds the detectors by their names in config.yaml.

    One thread looks; any other may offer a new detector. It takes over before the next frame, and no frame waits for
    it. In its first frames it is on trial: if it fails in one of them, the old one takes its place back and looks at
    that same frame, so that none is lost.

    Args:
        config: Says what the cues speak of; other detections are left out.
        detectors: The detectors at the start.
        tell: Told how a new detector does.
        robot_now: Gives robot time in seconds.
    """

    def __init__(
        self,
        config: AgentConfig,
        detectors: Mapping[str, Detector],
        tell: Callable[[News], None],
        robot_now: Callable[[], float],
    ) -> None:
        self._wanted = wanted_labels(config)
        self._slots = {name: _Slot(Seat(each, config.detectors[name])) for name, each in detectors.items()}
        self._tell, self._robot_now = tell, robot_now
        self._lock = threading.Lock()

    def look(self, name: str, frame: Frame) -> Looked:
        """Let a detector look at a frame.

        Args:
            name: The detector.
            frame: The frame.

        Returns:
            What it found, and what of that cannot be.

        Raises:
            BaseException: Whatever the detector raised, unless an older one could take its place.
        """
        slot = self._slots[name]
        self._take_over(name, slot)
        with self._lock:
            slot.frames[frame.camera] = frame
        began = time.monotonic()
        found, rejections = (
            self._on_trial(name, slot, frame) if slot.proven is not None else _detect(slot.seat.detector, frame)
        )
        with self._lock:
            slot.paces.append(time.monotonic() - began)
        return Looked(
            [Found(name, one) for one in found if (name, one.label) in self._wanted],
            [
                Rejected(name, one.detection, one.reason)
                for one in rejections
                if (name, one.detection.label) in self._wanted
            ],
        )

    def replace(self, name: str, detector: Detector, settings: DetectorConfig | None = None) -> None:
        """Offer a new detector, which takes over before the next frame.

        Args:
            name: Whose place it is to take.
            detector: The new one. It should have been warmed up.
            settings: What config.yaml says of it; ``None`` leaves that as it was.

        Raises:
            UnfitModel: There is no such place, or a cue would not find its label any more.
        """
        if name not in self._slots:
            known = ", ".join(self._slots) or "none"
            raise UnfitModel(f"there is no detector '{name}' that could be exchanged; there is: {known}")
        missing = sorted(
            label for owner, label in self._wanted if owner == name and not is_known(label, detector.labels)
        )
        if missing:
            raise UnfitModel(f"it does not know {', '.join(map(repr, missing))}, which the cues speak of")
        with self._lock:
            slot = self._slots[name]
            slot.offered = Seat(detector, settings or slot.seat.settings)

    def settings(self, name: str) -> DetectorConfig | None:
        """What config.yaml said of the detector that looks, or is about to; ``None`` if there is none."""
        with self._lock:
            slot = self._slots.get(name)
            return None if slot is None else (slot.offered or slot.seat).settings

    def frames(self, name: str) -> list[Frame]:
        """The newest frame of each camera that a detector has looked at."""
        with self._lock:
            slot = self._slots.get(name)
            return [] if slot is None else list(slot.frames.values())

    def pace(self, name: str) -> float:
        """Seconds that the slowest of a detector's newest looks took; 0 before the first."""
        with self._lock:
            slot = self._slots.get(name)
            return 0.0 if slot is None else max(slot.paces, default=0.0)

    def _take_over(self, name: str, slot: _Slot) -> None:
        with self._lock:
            if slot.offered is None:
                return
            # One that is on trial itself is nobody to fall back on.
            slot.proven = slot.proven or slot.seat
            slot.seat, slot.offered, slot.trial = slot.offered, None, TRIAL_LOOKS
        self._news(NewsKind.SWAP_ON_TRIAL, name, slot.seat, f"the old one stands by for {TRIAL_LOOKS} pictures")

    def _on_trial(self, name: str, slot: _Slot, frame: Frame) -> _Results:
        detector = slot.seat.detector
        try:
            results, rejections = _ask(detector, frame)
            problem = problem_with(results, [frame.image], detector.labels)
        except Exception as failure:  # noqa: BLE001 - whatever is wrong with it, the old one takes its place
            problem = f"{type(failure).__name__}: {failure}"
        if problem is None:
            self._pass(name, slot)
            return results[0], rejections
        return self._roll_back(name, slot, problem, frame)

    def _pass(self, name: str, slot: _Slot) -> None:
        slot.trial -= 1
        if slot.trial == 0:
            slot.proven = None
            self._news(NewsKind.SWAPPED, name, slot.seat, f"its first {TRIAL_LOOKS} pictures went well, so it stays")

    def _roll_back(self, name: str, slot: _Slot, problem: str, frame: Frame) -> _Results:
        failed = slot.seat
        with self._lock:
            slot.seat, slot.proven, slot.trial = slot.proven or slot.seat, None, 0
        self._news(NewsKind.SWAP_FAILED, name, failed, f"the old one has taken over again: {problem}")
        return _detect(slot.seat.detector, frame)

    def _news(self, kind: NewsKind, name: str, seat: Seat, reason: str) -> None:
        self._tell(News(kind, self._robot_now(), reason, name, seat.settings.model))


def _ask(detector: Detector, frame: Frame) -> tuple[list[list[Detection]], list[Rejection]]:
    if isinstance(detector, PlausibleDetector):
        return detector.explain([frame.image], [FrameView(frame)])
    return detector.detect([frame.image], [FrameView(frame)]), []


def _detect(detector: Detector, frame: Frame) -> _Results:
    results, rejections = _ask(detector, frame)
    return results[0], rejections
