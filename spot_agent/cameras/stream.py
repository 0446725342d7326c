"""A camera's stream: one thread that asks for pictures, and one place that holds the newest."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from bosdyn.api import image_pb2
from bosdyn.client.exceptions import Error as SdkError

from spot_agent.cameras.decode import build_frame
from spot_agent.cameras.frame import Frame
from spot_agent.errors import BadImage


class ImageSet(Protocol):
    """Fetches one camera's pictures, all taken together."""

    def __call__(self) -> Sequence[image_pb2.ImageResponse]:
        """Return the visual response and, if the camera has one, the depth response.

        Raises:
            bosdyn.client.exceptions.Error: The robot did not answer, or refused.
        """


@dataclass(frozen=True, slots=True)
class StreamCounts:
    """What became of a camera's frames.

    Attributes:
        received: New frames that arrived.
        repeated: Responses with a picture that had been seen before; they count as no frame.
        dropped: Frames that a newer one replaced before anybody looked at them.
        failed: Requests without an answer, and pictures that could not be decoded.
    """

    received: int = 0
    repeated: int = 0
    dropped: int = 0
    failed: int = 0


class CameraStream:
    """Asks one camera for pictures at a rate and keeps the newest one only.

    Args:
        camera: Name of the camera.
        fetch: Gets its pictures.
        rate: Requests per second.
        robot_now: Gives robot time in seconds.
        arrived: Called after each new frame, from the stream's thread.
    """

    def __init__(
        self,
        camera: str,
        fetch: ImageSet,
        rate: float,
        robot_now: Callable[[], float],
        arrived: Callable[[], None],
    ) -> None:
        self.camera = camera
        self._fetch, self._period, self._robot_now, self._arrived = fetch, 1.0 / rate, robot_now, arrived
        self._lock = threading.Lock()
        self._frame: Frame | None = None
        self._last_acquired: float | None = None
        self._counts = StreamCounts()
        self._failure: str | None = None
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"camera {camera}", daemon=True)

    def start(self) -> None:
        """Begin to ask for pictures."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread and wait for it."""
        self._end.set()
        self._thread.join()

    def take(self) -> Frame | None:
        """Take the newest frame that nobody has taken yet; ``None`` when there is none."""
        with self._lock:
            frame, self._frame = self._frame, None
        return frame

    @property
    def counts(self) -> StreamCounts:
        """What became of the frames so far."""
        with self._lock:
            return self._counts

    @property
    def failure(self) -> str | None:
        """Why the newest request failed; ``None`` when it did not."""
        with self._lock:
            return self._failure

    def _run(self) -> None:
        due = time.monotonic()
        while not self._end.is_set():
            self._fetch_once()
            # A late answer moves the schedule; nothing is caught up, since only the newest picture counts.
            due = max(due + self._period, time.monotonic())
            self._end.wait(due - time.monotonic())

    def _fetch_once(self) -> None:
        try:
            responses = self._fetch()
            received = self._robot_now()
            frame = self._decode(responses, received)
        except (SdkError, BadImage) as error:
            with self._lock:
                self._failure = f"{type(error).__name__}: {error}"
                self._counts = replace(self._counts, failed=self._counts.failed + 1)
            return
        if frame is not None:
            self._arrived()

    def _decode(self, responses: Sequence[image_pb2.ImageResponse], received: float) -> Frame | None:
        if not responses:
            raise BadImage("the robot answered without a picture")
        visual, depth = responses[0], responses[1] if len(responses) > 1 else None
        acquired = visual.shot.acquisition_time.seconds + visual.shot.acquisition_time.nanos * 1e-9
        with self._lock:
            self._failure = None
            if acquired == self._last_acquired:
                self._counts = replace(self._counts, repeated=self._counts.repeated + 1)
                return None
            self._last_acquired = acquired
        frame = build_frame(self.camera, visual, depth, received, self._robot_now)
        with self._lock:
            dropped = self._counts.dropped + (self._frame is not None)
            self._counts = replace(self._counts, received=self._counts.received + 1, dropped=dropped)
            self._frame = frame
        return frame
