"""A robot that lives in this process and costs next to nothing: it hands out pictures that were encoded beforehand."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from itertools import cycle

import cv2
import numpy as np
from bosdyn.api import image_pb2

from behaviors import GovernedCommand, RobotState
from spot_agent.cameras.stream import ImageSet
from spot_agent.config import CameraConfig


class _HostClock:
    """Robot time is host time."""

    synced = True

    def now(self) -> float:
        return time.time()


class MemoryRobot:
    """Plays pictures over and over, one a request, each as if it had just been taken.

    Args:
        pictures: RGB pictures.
    """

    watching = "it is no robot"
    lost = False

    def __init__(self, pictures: Iterable[np.ndarray]) -> None:
        self.clock = _HostClock()
        self._responses = cycle([_response(picture) for picture in pictures])

    @property
    def state(self) -> RobotState:
        """Nothing but its time: whatever is asked of it is refused."""
        return RobotState(self.clock.now())

    def usable_cameras(self, wanted: Iterable[str]) -> list[str]:
        """It has any camera."""
        return list(wanted)

    def image_set(self, camera: str, settings: CameraConfig) -> ImageSet:
        """Every camera plays the same pictures."""

        def fetch() -> Sequence[image_pb2.ImageResponse]:
            response = next(self._responses)
            now = time.time_ns()
            response.shot.acquisition_time.seconds, response.shot.acquisition_time.nanos = divmod(now, 10**9)
            return [response]

        return fetch

    def send(self, governed: GovernedCommand, cause: float | None) -> None:
        """Nothing moves."""

    def heartbeat(self) -> None:
        """Nobody listens."""

    def wait_for_state(self) -> None:
        """The state never changes."""


def _response(picture: np.ndarray) -> image_pb2.ImageResponse:
    response = image_pb2.ImageResponse(status=image_pb2.ImageResponse.STATUS_OK)
    image = response.shot.image
    image.rows, image.cols = picture.shape[:2]
    image.format, image.pixel_format = image_pb2.Image.FORMAT_JPEG, image_pb2.Image.PIXEL_FORMAT_RGB_U8
    encoded = cv2.imencode(".jpg", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, 80])[1]
    image.data = encoded.tobytes()
    return response
