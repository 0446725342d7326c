"""Recorded frames in place of a camera."""

from __future__ import annotations

import queue
from pathlib import Path

import cv2
import numpy as np
import pytest
from bosdyn.api import image_pb2
from bosdyn.client.frame_helpers import get_a_tform_b
from bosdyn.client.image import ImageClient, UnknownImageSourceError, build_image_request

from simulator.cameras.frame_replay import FrameReplay
from simulator.errors import FramesError
from simulator.events import FramesEnded, SimulatorEvent
from simulator.fake_spot import FakeSpot
from simulator.testing import connect

SOURCE = "frontleft_fisheye_image"
RAW = image_pb2.Image.FORMAT_RAW
RGB = image_pb2.Image.PIXEL_FORMAT_RGB_U8


def picture(level: int) -> np.ndarray:
    """BGR, red channel = level: what cv2 writes."""
    image = np.zeros((60, 80, 3), np.uint8)
    image[..., 2] = level
    return image


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for index in range(12):
        cv2.imwrite(str(tmp_path / f"frame{index}.png"), picture(20 * index))
    (tmp_path / "notes.txt").write_text("not a picture")
    return tmp_path


@pytest.fixture
def video(tmp_path: Path) -> Path:
    path = tmp_path / "clip.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*"MJPG"), 20.0, (80, 60))
    for index in range(10):
        writer.write(picture(20 * index))
    writer.release()
    return path


def images(spot: FakeSpot) -> ImageClient:
    return connect(spot).ensure_client(ImageClient.default_service_name)


def shoot(client: ImageClient, source: str = SOURCE) -> image_pb2.ImageResponse:
    return client.get_image([build_image_request(source, image_format=RAW, pixel_format=RGB)], timeout=5)[0]


def level(response: image_pb2.ImageResponse) -> int:
    """Number of the frame, by its red."""
    rows, cols = response.shot.image.rows, response.shot.image.cols
    pixels = np.frombuffer(response.shot.image.data, np.uint8).reshape(rows, cols, 3)
    assert pixels[..., 2].mean() < 8  # RGB, not BGR
    return round(float(pixels[..., 0].mean()) / 20)


def test_folder_once_in_natural_order_and_then_the_last_frame_grows_old(folder: Path) -> None:
    events: queue.Queue[SimulatorEvent] = queue.Queue()
    with FakeSpot(frames=FrameReplay(folder, rate=20.0, loop=False), emit=events.put) as spot:
        client = images(spot)
        assert [source.name for source in client.list_image_sources(timeout=5)] == [SOURCE]
        first = shoot(client)
        seen = [(level(first), first.shot.acquisition_time.ToNanoseconds())]
        assert seen[0][0] == 0
        while events.empty():
            response = shoot(client)
            seen.append((level(response), response.shot.acquisition_time.ToNanoseconds()))
        assert events.get() == FramesEnded()
        numbers = list(dict.fromkeys(number for number, _ in seen))
        assert numbers == sorted(numbers)
        assert numbers[-1] == 11
        for number, taken in seen:
            assert (taken - seen[0][1]) / 1e9 == pytest.approx(number / 20, abs=1e-4)
        last = seen[-1][1]
        assert shoot(client).shot.acquisition_time.ToNanoseconds() == last


def test_source_is_upright_and_has_no_camera_model(folder: Path) -> None:
    with FakeSpot(frames=FrameReplay(folder)) as spot:
        client = images(spot)
        response = shoot(client)
        assert response.source.WhichOneof("camera_models") is None
        assert (response.source.rows, response.source.cols) == (60, 80)
        pose = get_a_tform_b(
            response.shot.transforms_snapshot, "flat_body", response.shot.frame_name_image_sensor
        ).to_matrix()
        assert pose[:3, 2] == pytest.approx([1, 0, 0])  # looks along +x
        assert pose[:3, 1] == pytest.approx([0, 0, -1])  # its down is down
        with pytest.raises(UnknownImageSourceError):
            shoot(client, "frontleft_depth")


def test_video_at_its_own_rate_loops(video: Path) -> None:
    replay = FrameReplay(video, source_name="back_fisheye_image")
    assert replay.rate == pytest.approx(20.0)
    with FakeSpot(frames=replay) as spot:
        client = images(spot)
        began = shoot(client, "back_fisheye_image").shot.acquisition_time.ToNanoseconds()
        seen = set()
        while True:
            response = shoot(client, "back_fisheye_image")
            elapsed = (response.shot.acquisition_time.ToNanoseconds() - began) / 1e9
            assert level(response) == round(elapsed * 20) % 10
            seen.add(level(response))
            if elapsed > 1.2:
                break
        assert len(seen) >= 9


def test_video_once_keeps_its_last_frame(video: Path) -> None:
    with FakeSpot(frames=FrameReplay(video, rate=50.0, loop=False)) as spot:
        client = images(spot)
        shoot(client)
        later = spot.truth().uptime + 0.5
        spot.wait_for(lambda truth: truth.uptime > later)
        first, second = shoot(client), shoot(client)
        assert level(first) == 9
        assert first.shot.acquisition_time == second.shot.acquisition_time


def test_slow_client_skips_and_never_falls_behind(folder: Path) -> None:
    with FakeSpot(frames=FrameReplay(folder, rate=10.0)) as spot:
        client = images(spot)
        shoot(client)
        later = spot.truth().uptime + 0.75
        spot.wait_for(lambda truth: truth.uptime > later)
        response = shoot(client)
        age = spot.robot.clock.now() - response.shot.acquisition_time.ToNanoseconds() / 1e9
        assert level(response) >= 7
        assert age < 0.3


@pytest.mark.parametrize("kind", ["missing", "empty", "text", "broken picture"])
def test_bad_frames_are_told_by_name(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "frames"
    if kind == "empty":
        path.mkdir()
    elif kind == "text":
        path.write_text("not a video")
    elif kind == "broken picture":
        path.mkdir()
        (path / "a.png").write_bytes(b"nothing")
    with pytest.raises(FramesError, match="frames"):
        FrameReplay(path)


@pytest.mark.parametrize("rate", [0.0, -1.0, float("nan"), 1e6])
def test_bad_rate(folder: Path, rate: float) -> None:
    with pytest.raises(FramesError, match="rate"):
        FrameReplay(folder, rate=rate)
