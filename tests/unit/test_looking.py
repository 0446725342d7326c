"""Looking on a thread of its own: each camera in its turn, the newest frames only, and no failure in silence."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

import cv2
import numpy as np
import pytest
from bosdyn.api import image_pb2

from models import Box, Detection, View
from spot_agent.cameras import CameraStream
from spot_agent.config import AgentConfig
from spot_agent.perception import Found
from spot_agent.runtime import DetectorSlots
from spot_agent.runtime.looking import Looker, NewestFrames
from spot_agent.runtime.schedule import LookSchedule

DEADLINE = 5.0  # s
BOX = Box(1, 1, 5, 5)


class Camera:
    """Serves each picture once that the test has taken; between them it repeats the last."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._stamp = 1
        self._lock = threading.Lock()

    def take_picture(self) -> None:
        with self._lock:
            self._stamp += 1

    def __call__(self) -> Sequence[image_pb2.ImageResponse]:
        response = image_pb2.ImageResponse(status=image_pb2.ImageResponse.STATUS_OK)
        image = response.shot.image
        image.format, image.data = image_pb2.Image.FORMAT_JPEG, bytes(cv2.imencode(".jpg", np.zeros((8, 8)))[1])
        with self._lock:
            response.shot.acquisition_time.seconds = self._stamp
        return [response]


class Detector:
    """Finds the same in every picture, once the test lets it."""

    def __init__(self, *detections: Detection) -> None:
        self.name, self.labels = "made up", tuple(found.label for found in detections)
        self.detections = list(detections)
        self.may_look = threading.Event()
        self.may_look.set()
        self.looked = 0

    def detect(self, images: Sequence[np.ndarray], views: Sequence[View | None] | None = None) -> list[list[Detection]]:
        assert self.may_look.wait(DEADLINE)
        self.looked += 1
        return [self.detections for _ in images]


class Broken(Detector):
    def detect(self, images: Sequence[np.ndarray], views: Sequence[View | None] | None = None) -> list[list[Detection]]:
        raise ArithmeticError("the detector is broken")


@contextmanager
def streaming(*cameras: Camera) -> Iterator[NewestFrames]:
    def make(arrived: Callable[[], None]) -> dict[str, CameraStream]:
        return {c.name: CameraStream(c.name, c, 200.0, lambda: 7.0, arrived) for c in cameras}

    frames = NewestFrames(make)
    for stream in frames.streams.values():
        stream.start()
    try:
        yield frames
    finally:
        for stream in frames.streams.values():
            stream.stop()


def config_of(camera: str, detectors: Iterable[str], wanted: set[tuple[str, str]], **settings: object) -> AgentConfig:
    cues = {
        f"{label} of {detector}": {"detector": detector, "label": label, "keep_distance": False}
        for detector, label in wanted
    }
    named = {name: {"model": "made up", **settings} for name in detectors}
    return AgentConfig.model_validate({"cameras": {camera: {}}, "detectors": named, "cues": cues})


@contextmanager
def looking(
    detectors: dict[str, Detector], wanted: set[tuple[str, str]], camera: Camera, **settings: object
) -> Iterator[tuple[Looker, CameraStream]]:
    config = config_of(camera.name, detectors, wanted, **settings)
    slots = DetectorSlots(config, detectors, lambda news: None, lambda: 8.0)
    with streaming(camera) as frames:
        looker = Looker(frames, slots, LookSchedule(config), lambda: 8.0)
        looker.start()
        try:
            yield looker, frames.streams[camera.name]
        finally:
            for detector in detectors.values():
                detector.may_look.set()
            looker.stop()


def test_without_news_it_waits_for_as_long_as_it_was_told() -> None:
    with streaming(Camera("left")) as frames:
        assert frames.next(DEADLINE) is not None
        began = time.monotonic()
        assert frames.next(0.1) is None
        assert 0.09 < time.monotonic() - began < 1.0


def wait_for_frames(stream: CameraStream, received: int) -> None:
    deadline = time.monotonic() + DEADLINE
    while stream.counts.received < received:
        assert time.monotonic() < deadline
        time.sleep(0.002)


def test_cameras_take_turns_also_when_all_have_news_all_the_time() -> None:
    cameras = [Camera("left"), Camera("right"), Camera("back")]
    with streaming(*cameras) as frames:
        seen = []
        for turn in range(1, 10):
            for camera in cameras:
                wait_for_frames(frames.streams[camera.name], turn)
            frame = frames.next(DEADLINE)
            assert frame is not None
            seen.append(frame.camera)
            for camera in cameras:
                camera.take_picture()
    assert set(seen[:3]) == {"left", "right", "back"}
    assert seen == seen[:3] * 3


def test_a_new_frame_wakes_whoever_waits() -> None:
    camera = Camera("left")
    with streaming(camera) as frames:
        assert frames.next(DEADLINE) is not None
        threading.Timer(0.05, camera.take_picture).start()
        frame = frames.next(DEADLINE)
        assert frame is not None
        assert frame.times.acquired == 2.0


def test_what_was_found_says_who_found_it_and_only_what_cues_speak_of_counts() -> None:
    objects = Detector(Detection("person", 0.9, BOX), Detection("dog", 0.8, BOX))
    signs = Detector(Detection("person", 0.4, BOX), Detection("stop sign", 0.7, BOX))
    wanted = {("objects", "person"), ("signs", "stop sign"), ("signs", "cat")}
    with looking({"objects": objects, "signs": signs}, wanted, Camera("left")) as (looker, _):
        look = looker.take(DEADLINE)
    assert look is not None
    assert look.found == [Found("objects", objects.detections[0]), Found("signs", signs.detections[1])]
    assert look.detections == [objects.detections[0], signs.detections[1]]
    assert look.looked == ("objects", "signs")
    assert (look.frame.camera, look.taken, look.detected) == ("left", 8.0, 8.0)


def test_a_frame_at_which_nobody_is_due_is_passed_on_unseen() -> None:
    camera, detector = Camera("left"), Detector(Detection("person", 0.9, BOX))
    with looking({"objects": detector}, {("objects", "person")}, camera, rate="0.5 Hz") as (looker, _):
        looks = []
        for _ in range(5):  # one picture a second
            look = looker.take(DEADLINE)
            assert look is not None
            looks.append((look.frame.times.acquired, look.looked, len(look.found)))
            camera.take_picture()
    seen, unseen = (("objects",), 1), ((), 0)
    assert looks == [(1.0, *seen), (2.0, *unseen), (3.0, *seen), (4.0, *unseen), (5.0, *seen)]
    assert detector.looked == 3


def test_a_detector_is_told_where_a_picture_was_taken_from() -> None:
    class Curious(Detector):
        views: Sequence[View | None] | None = None

        def detect(
            self, images: Sequence[np.ndarray], views: Sequence[View | None] | None = None
        ) -> list[list[Detection]]:
            self.views = views
            return super().detect(images, views)

    detector = Curious()
    with looking({"objects": detector}, set(), Camera("left")) as (looker, _):
        assert looker.take(DEADLINE) is not None
    (view,) = detector.views
    assert view.measure(BOX).distance is None


def test_nothing_piles_up_while_nobody_takes_the_results() -> None:
    camera, detector = Camera("left"), Detector()
    with looking({"objects": detector}, set(), camera) as (looker, stream):
        first = looker.take(DEADLINE)
        assert first is not None
        for received in range(2, 8):
            camera.take_picture()
            wait_for_frames(stream, received)
        assert detector.looked <= 3, "one result waits, and one picture behind it"
        stamps = []
        while (look := looker.take(0.3)) is not None:
            stamps.append(look.frame.times.acquired)
    assert len(stamps) <= 3
    assert stamps[-1] == 7.0, "the newest picture is looked at in the end"


def test_without_a_result_it_waits_for_as_long_as_it_was_told() -> None:
    detector = Detector()
    detector.may_look.clear()
    with looking({"objects": detector}, set(), Camera("left")) as (looker, _):
        assert looker.take(0.05) is None


def test_what_a_detector_raises_reaches_the_loop() -> None:
    with looking({"objects": Broken()}, set(), Camera("left")) as (looker, _):
        for _ in range(2):
            with pytest.raises(ArithmeticError, match="the detector is broken"):
                looker.take(DEADLINE)
