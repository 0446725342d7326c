"""A camera's stream: the newest picture wins, everything is counted, and nothing that fails ends it."""

from __future__ import annotations

import queue
from collections.abc import Iterator, Sequence

import cv2
import numpy as np
import pytest
from bosdyn.api import image_pb2
from bosdyn.client.exceptions import RpcError

from spot_agent.cameras import CameraStream, StreamCounts

JPEG = bytes(cv2.imencode(".jpg", np.zeros((12, 16), np.uint8))[1])
DEADLINE = 5.0  # s


def picture(seconds: int, data: bytes = JPEG) -> image_pb2.ImageResponse:
    response = image_pb2.ImageResponse(status=image_pb2.ImageResponse.STATUS_OK)
    response.shot.image.format, response.shot.image.data = image_pb2.Image.FORMAT_JPEG, data
    response.shot.acquisition_time.seconds = seconds
    return response


class Camera:
    """Answers what the test says, when the test says it."""

    def __init__(self) -> None:
        self._asked: queue.Queue[None] = queue.Queue()
        self._answers: queue.Queue[image_pb2.ImageResponse | Exception | None] = queue.Queue()
        self.arrived: queue.Queue[None] = queue.Queue()
        self.stream = CameraStream("frontleft", self, 1000.0, lambda: 50.0, lambda: self.arrived.put(None))

    def __call__(self) -> Sequence[image_pb2.ImageResponse]:
        self._asked.put(None)
        answer = self._answers.get(timeout=DEADLINE)
        if isinstance(answer, Exception):
            raise answer
        return [] if answer is None else [answer]

    def answer(self, answer: image_pb2.ImageResponse | Exception | None) -> None:
        """Give one answer, and wait until the stream has dealt with it, which is when it asks again."""
        self._asked.get(timeout=DEADLINE)
        self._answers.put(answer)
        self._asked.get(timeout=DEADLINE)
        self._asked.put(None)

    def release(self) -> None:
        self._answers.put(RpcError(None, "the test is over"))


@pytest.fixture
def camera() -> Iterator[Camera]:
    camera = Camera()
    camera.stream.start()
    yield camera
    for _ in range(3):
        camera.release()
    camera.stream.stop()


def test_a_frame_is_taken_once(camera: Camera) -> None:
    camera.answer(picture(1))
    camera.arrived.get(timeout=DEADLINE)
    frame = camera.stream.take()
    assert frame is not None
    assert (frame.camera, frame.times.acquired, frame.times.received) == ("frontleft", 1.0, 50.0)
    assert camera.stream.take() is None
    assert camera.stream.counts == StreamCounts(received=1)


def test_the_newest_wins_and_the_others_are_counted(camera: Camera) -> None:
    for seconds in (1, 2, 3):
        camera.answer(picture(seconds))
    frame = camera.stream.take()
    assert frame is not None
    assert frame.times.acquired == 3.0
    assert camera.stream.counts == StreamCounts(received=3, dropped=2)


def test_a_picture_that_was_seen_before_is_no_new_frame(camera: Camera) -> None:
    camera.answer(picture(1))
    assert camera.stream.take() is not None
    camera.answer(picture(1))
    camera.answer(picture(1))
    assert camera.stream.take() is None
    assert camera.stream.counts == StreamCounts(received=1, repeated=2)
    assert camera.arrived.qsize() == 1


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        (RpcError(None, "the robot does not answer"), "RpcError"),
        (picture(2, b"broken"), "BadImage"),
        (picture(2, JPEG[:-20]), "BadImage"),
    ],
)
def test_a_failure_is_counted_and_the_stream_goes_on(
    camera: Camera, failure: image_pb2.ImageResponse | Exception, words: str
) -> None:
    camera.answer(picture(1))
    camera.answer(failure)
    assert words in str(camera.stream.failure)
    assert camera.stream.counts == StreamCounts(received=1, failed=1)
    camera.answer(picture(3))
    assert camera.stream.failure is None
    assert camera.stream.counts == StreamCounts(received=2, dropped=1, failed=1)


def test_a_clock_that_was_set_back_gives_new_frames(camera: Camera) -> None:
    camera.answer(picture(100))
    camera.answer(picture(40))
    frame = camera.stream.take()
    assert frame is not None
    assert frame.times.acquired == 40.0


def test_an_empty_answer_is_a_failure_too(camera: Camera) -> None:
    camera.answer(None)
    assert camera.stream.counts == StreamCounts(failed=1)
    camera.answer(picture(1))
    assert camera.stream.counts == StreamCounts(received=1, failed=1)
