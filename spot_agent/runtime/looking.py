"""Looking at frames on a thread of its own: while one is tracked and decided on, the detector has the next."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from models import Detection
from spot_agent.cameras import CameraStream, Frame
from spot_agent.perception import Found, Rejected
from spot_agent.runtime.detector_slots import DetectorSlots
from spot_agent.runtime.schedule import LookSchedule

IDLE_WAIT = 0.1  # s; how often the thread looks whether it is to end


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """A frame and what was found in it.

    Attributes:
        frame: The frame.
        looked: Names of the detectors that looked at it; none where none was due.
        found: What the cues of config.yaml speak of, with the detector that found it.
        taken: Robot time at which the frame was taken from its stream.
        detected: Robot time at which the detectors were done.
        rejected: What they found that cannot be what they take it for.
    """

    frame: Frame
    looked: tuple[str, ...]
    found: Sequence[Found]
    taken: float
    detected: float
    rejected: Sequence[Rejected] = ()

    @property
    def detections(self) -> list[Detection]:
        """What was found, for whom it does not matter who found it."""
        return [found.detection for found in self.found]


class NewestFrames:
    """The newest frames of several cameras, each camera in its turn.

    Args:
        make_streams: Makes the streams; it is given the function that they call after each new frame.
    """

    def __init__(self, make_streams: Callable[[Callable[[], None]], Mapping[str, CameraStream]]) -> None:
        self._condition = threading.Condition()
        self._news = 0
        self.streams = make_streams(self._wake)
        self._last_taken = dict.fromkeys(self.streams, 0.0)

    def _wake(self) -> None:
        with self._condition:
            self._news += 1
            self._condition.notify_all()

    def next(self, timeout: float) -> Frame | None:
        """The newest frame of the camera that was looked at least recently; ``None`` if none comes in time."""
        deadline = time.monotonic() + timeout
        while True:
            with self._condition:
                news = self._news
            for camera in sorted(self.streams, key=self._last_taken.__getitem__):
                frame = self.streams[camera].take()
                if frame is not None:
                    self._last_taken[camera] = time.monotonic()
                    return frame
            left = deadline - time.monotonic()
            if left <= 0:
                return None
            with self._condition:
                if self._news == news:
                    self._condition.wait(left)


class Looker:
    """Runs the detectors over the newest frames. Its result waits for the loop, and it for the loop: nothing piles up.

    Args:
        frames: Where frames come from.
        slots: The detectors.
        schedule: Says which of them looks at which frame.
        robot_now: Gives robot time in seconds.
    """

    def __init__(
        self, frames: NewestFrames, slots: DetectorSlots, schedule: LookSchedule, robot_now: Callable[[], float]
    ) -> None:
        self._frames, self._slots, self._schedule, self._robot_now = frames, slots, schedule, robot_now
        self._condition = threading.Condition()
        self._result: Look | None = None
        self._failure: BaseException | None = None
        self._ended = False
        self._thread = threading.Thread(target=self._run, name="looker", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread and wait for it."""
        with self._condition:
            self._ended = True
            self._condition.notify_all()
        self._thread.join()

    def take(self, timeout: float) -> Look | None:
        """Wait for the next result; ``None`` if none comes in time.

        Raises:
            BaseException: Whatever a detector raised; the loop must not go on without its eyes.
        """
        with self._condition:
            self._condition.wait_for(lambda: self._result is not None or self._failure is not None, timeout)
            if self._failure is not None:
                raise self._failure
            result, self._result = self._result, None
            self._condition.notify_all()
        return result

    def _run(self) -> None:
        try:
            while not self._ended:
                frame = self._frames.next(IDLE_WAIT)
                if frame is not None:
                    self._offer(self._look(frame))
        except BaseException as failure:  # noqa: BLE001 - handed to the loop, which raises it
            with self._condition:
                self._failure = failure
                self._condition.notify_all()

    def _look(self, frame: Frame) -> Look:
        taken = self._robot_now()
        due = self._schedule.due(frame.camera, frame.times.acquired)
        looks = [self._slots.look(name, frame) for name in due]
        found = [one for look in looks for one in look.found]
        rejected = [one for look in looks for one in look.rejected]
        return Look(frame, due, found, taken, self._robot_now(), rejected)

    def _offer(self, look: Look) -> None:
        with self._condition:
            self._condition.wait_for(lambda: self._result is None or self._ended)
            self._result = look
            self._condition.notify_all()
