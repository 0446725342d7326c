"""Pictures of the fake Spot through the official SDK."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator

import cv2
import numpy as np
import pytest
from bosdyn.api import image_pb2
from bosdyn.client.frame_helpers import get_a_tform_b
from bosdyn.client.image import ImageClient, build_image_request

from simulator.fake_spot import FakeSpot
from simulator.testing import connect

CAMERAS = ("frontleft", "frontright", "left", "right", "back")
Image = image_pb2.Image
SHAPES = {"fisheye_image": (480, 640), "depth": (240, 424), "depth_in_visual_frame": (480, 640)}


@pytest.fixture(scope="module")
def spot() -> Iterator[FakeSpot]:
    with FakeSpot() as running:
        yield running


@pytest.fixture(scope="module")
def client(spot: FakeSpot) -> ImageClient:
    return connect(spot).ensure_client(ImageClient.default_service_name)


def test_fifteen_sources(client: ImageClient) -> None:
    sources = client.list_image_sources(timeout=5)
    assert {source.name for source in sources} == {f"{c}_{kind}" for c in CAMERAS for kind in SHAPES}
    for source in sources:
        kind = source.name.partition("_")[2]
        assert (source.rows, source.cols) == SHAPES[kind]
        assert source.pinhole.intrinsics.focal_length.x > 100
        is_depth = source.image_type == image_pb2.ImageSource.IMAGE_TYPE_DEPTH
        assert is_depth == (kind != "fisheye_image")
        assert source.depth_scale == (1000 if is_depth else 0)


def test_all_fifteen_in_one_request_are_of_one_moment(spot: FakeSpot, client: ImageClient) -> None:
    names = [f"{camera}_{kind}" for camera in CAMERAS for kind in SHAPES]
    responses = client.get_image_from_sources(names, timeout=5)
    assert [response.source.name for response in responses] == names
    assert len({response.shot.acquisition_time.ToNanoseconds() for response in responses}) == 1
    for response in responses:
        shot, kind = response.shot, response.source.name.partition("_")[2]
        assert (shot.image.rows, shot.image.cols) == SHAPES[kind]
        if kind == "fisheye_image":
            assert shot.image.format == Image.FORMAT_JPEG
            picture = cv2.imdecode(np.frombuffer(shot.image.data, np.uint8), cv2.IMREAD_UNCHANGED)
            assert picture.shape == SHAPES[kind]
        else:
            assert shot.image.pixel_format == Image.PIXEL_FORMAT_DEPTH_U16
            depth = np.frombuffer(shot.image.data, "<u2").reshape(SHAPES[kind])
            assert (depth == 3000).all()
        assert shot.capture_params.exposure_duration.nanos > 0


@pytest.mark.parametrize(
    ("image_format", "pixel_format", "channels"),
    [
        (Image.FORMAT_JPEG, Image.PIXEL_FORMAT_RGB_U8, 3),
        (Image.FORMAT_RAW, Image.PIXEL_FORMAT_RGB_U8, 3),
        (Image.FORMAT_JPEG, Image.PIXEL_FORMAT_GREYSCALE_U8, 1),
        (Image.FORMAT_RAW, Image.PIXEL_FORMAT_GREYSCALE_U8, 1),
    ],
)
def test_formats(client: ImageClient, image_format: int, pixel_format: int, channels: int) -> None:
    request = build_image_request("left_fisheye_image", image_format=image_format, pixel_format=pixel_format)
    image = client.get_image([request], timeout=5)[0].shot.image
    assert (image.format, image.pixel_format) == (image_format, pixel_format)
    if image_format == Image.FORMAT_RAW:
        assert len(image.data) == 640 * 480 * channels
    else:
        picture = cv2.imdecode(np.frombuffer(image.data, np.uint8), cv2.IMREAD_UNCHANGED)
        assert picture.ndim == (3 if channels == 3 else 2)


@pytest.mark.parametrize("skew", [12.5, -300.0])
def test_acquisition_time_is_robot_time(skew: float) -> None:
    with FakeSpot(clock_skew=skew) as spot:
        robot = connect(spot)
        shot = robot.ensure_client("image").get_image_from_sources(["left_fisheye_image"], timeout=5)[0].shot
        local = robot.time_sync.endpoint.get_robot_time_converter().local_seconds_from_robot_timestamp(
            shot.acquisition_time
        )
        assert -0.05 < time.time() - local < 0.5


@pytest.mark.parametrize(
    ("camera", "roll"), [("frontleft", -78), ("frontright", -102), ("right", 180), ("left", 0), ("back", 0)]
)
def test_transforms_reach_every_sensor_and_hold_its_roll(client: ImageClient, camera: str, roll: float) -> None:
    """Turning the picture by ``roll`` degrees counter-clockwise levels the horizon."""
    for kind in SHAPES:
        shot = client.get_image_from_sources([f"{camera}_{kind}"], timeout=5)[0].shot
        for frame in ("odom", "vision", "flat_body", "gpe", "head", "body"):
            assert get_a_tform_b(shot.transforms_snapshot, frame, shot.frame_name_image_sensor) is not None
    pose = get_a_tform_b(shot.transforms_snapshot, "flat_body", f"{camera}_fisheye").to_matrix()
    up = pose[2, :3]  # the vertical, in the sensor's frame
    level = math.degrees(math.atan2(up[0], -up[1]))
    assert abs(math.remainder(level - roll, 360)) < 6


def test_clients_within_one_frame_period_get_the_same_frame(spot: FakeSpot, client: ImageClient) -> None:
    times: list[int] = []
    began = spot.truth().uptime
    while spot.truth().uptime < began + 1.0:
        shot = client.get_image_from_sources(["left_fisheye_image"], timeout=5)[0].shot
        times.append(shot.acquisition_time.ToNanoseconds())
    assert times == sorted(times)
    assert len(times) > len(set(times))
    assert 5 <= len(set(times)) <= 17
    gaps = np.diff(sorted(set(times))) / 1e9
    assert gaps.min() > 0.05


def test_frozen_cameras_serve_an_old_frame_with_its_own_time(spot: FakeSpot, client: ImageClient) -> None:
    def taken() -> int:
        return int(
            client.get_image_from_sources(["back_fisheye_image"], timeout=5)[0].shot.acquisition_time.ToNanoseconds()
        )

    spot.freeze_cameras()
    first = taken()
    later = spot.truth().uptime + 0.3
    spot.wait_for(lambda truth: truth.uptime > later)
    assert taken() == first
    spot.freeze_cameras(frozen=False)
    later = spot.truth().uptime + 0.3
    spot.wait_for(lambda truth: truth.uptime > later)
    assert taken() > first


def test_a_scene_is_seen() -> None:
    with FakeSpot("lobby") as spot:
        client = connect(spot).ensure_client("image")
        request = build_image_request("left_fisheye_image", pixel_format=Image.PIXEL_FORMAT_RGB_U8)
        colour, depth = client.get_image([request, build_image_request("left_depth")], timeout=10)
        picture = cv2.imdecode(np.frombuffer(colour.shot.image.data, np.uint8), cv2.IMREAD_COLOR)
        assert picture.std() > 10
        assert len(np.unique(np.frombuffer(depth.shot.image.data, "<u2"))) > 50
