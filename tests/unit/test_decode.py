"""From image responses to frames: every format that Spot gives, and nothing of what is broken."""

from __future__ import annotations

import math

import cv2
import numpy as np
import pytest
from bosdyn.api import image_pb2
from bosdyn.client.math_helpers import Quat, SE3Pose
from hypothesis import given, settings
from hypothesis import strategies as st

from spot_agent.cameras import Frame, build_frame
from spot_agent.cameras.decode import decode_depth, decode_picture
from spot_agent.errors import BadImage

Image = image_pb2.Image
RED = np.full((48, 64, 3), (200, 30, 20), np.uint8)
GREY = np.tile(np.arange(64, dtype=np.uint8), (48, 1))


def jpeg(picture: np.ndarray) -> bytes:
    bgr = picture if picture.ndim == 2 else cv2.cvtColor(picture, cv2.COLOR_RGB2BGR)
    return bytes(cv2.imencode(".jpg", bgr)[1])


def jpeg_image(picture: np.ndarray) -> image_pb2.Image:
    height, width = picture.shape[:2]
    return Image(format=Image.FORMAT_JPEG, rows=height, cols=width, data=jpeg(picture))


def raw_image(picture: np.ndarray, pixel_format: int) -> image_pb2.Image:
    height, width = picture.shape[:2]
    return Image(format=Image.FORMAT_RAW, pixel_format=pixel_format, rows=height, cols=width, data=picture.tobytes())


@pytest.mark.parametrize("format_", [Image.FORMAT_JPEG, Image.FORMAT_UNKNOWN])
def test_a_red_jpeg_stays_red(format_: int) -> None:
    image = jpeg_image(RED)
    image.format = format_
    picture = decode_picture(image)
    assert picture.shape == RED.shape
    assert np.abs(picture.astype(int) - RED).max() < 8


def test_a_grey_jpeg_stays_grey() -> None:
    picture = decode_picture(jpeg_image(GREY))
    assert picture.shape == GREY.shape
    assert np.abs(picture.astype(int) - GREY).max() < 8


def test_raw_pictures_are_taken_as_they_are() -> None:
    rgba = np.dstack([RED, np.full(RED.shape[:2], 7, np.uint8)])
    assert (decode_picture(raw_image(GREY, Image.PIXEL_FORMAT_GREYSCALE_U8)) == GREY).all()
    assert (decode_picture(raw_image(RED, Image.PIXEL_FORMAT_RGB_U8)) == RED).all()
    assert (decode_picture(raw_image(rgba, Image.PIXEL_FORMAT_RGBA_U8)) == RED).all()


def test_padding_after_a_jpeg_does_no_harm() -> None:
    image = jpeg_image(RED)
    image.data += bytes(100)
    assert decode_picture(image).shape == RED.shape


def claiming_to_be_huge() -> bytes:
    data = bytearray(jpeg(RED))
    size = data.index(b"\xff\xc0") + 5
    data[size : size + 4] = b"\xff\xf0\xff\xf0"
    return bytes(data)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no picture",
        b"\xff\xd8\xff\xd9",
        claiming_to_be_huge(),
        *(jpeg(RED)[: round(len(jpeg(RED)) * share)] for share in (0.05, 0.5, 0.9, 0.99)),
    ],
)
def test_broken_jpegs(data: bytes) -> None:
    with pytest.raises(BadImage, match="bytes"):
        decode_picture(Image(format=Image.FORMAT_JPEG, data=data))


@settings(max_examples=40)
@given(st.binary(max_size=200), st.integers(0, 400))
def test_damage_is_a_bad_image_or_a_picture_and_nothing_else(noise: bytes, at: int) -> None:
    good = jpeg(GREY)
    try:
        picture = decode_picture(Image(format=Image.FORMAT_JPEG, data=good[:at] + noise + good[at + len(noise) :]))
    except BadImage:
        return
    assert picture.dtype == np.uint8


@pytest.mark.parametrize(
    "image",
    [
        Image(format=Image.FORMAT_RAW, pixel_format=Image.PIXEL_FORMAT_RGB_U8, rows=48, cols=64, data=b"123"),
        Image(format=Image.FORMAT_RAW, pixel_format=Image.PIXEL_FORMAT_DEPTH_U16, rows=1, cols=1, data=b"12"),
        Image(format=Image.FORMAT_RAW, rows=1, cols=1, data=b"1"),
        Image(format=Image.FORMAT_RLE, pixel_format=Image.PIXEL_FORMAT_GREYSCALE_U8, rows=1, cols=1, data=b"1"),
    ],
)
def test_raw_data_that_are_no_picture(image: image_pb2.Image) -> None:
    with pytest.raises(BadImage):
        decode_picture(image)


DEPTH = np.arange(48 * 64, dtype="<u2").reshape(48, 64) * 20


def test_depth() -> None:
    depth = decode_depth(raw_image(DEPTH, Image.PIXEL_FORMAT_DEPTH_U16))
    assert depth is not None
    assert depth.dtype == np.uint16
    assert (depth == DEPTH).all()


@pytest.mark.parametrize(
    "image",
    [
        raw_image(DEPTH[:-1], Image.PIXEL_FORMAT_GREYSCALE_U8),
        Image(format=Image.FORMAT_RAW, pixel_format=Image.PIXEL_FORMAT_DEPTH_U16, rows=48, cols=64, data=b"1234"),
        Image(format=Image.FORMAT_JPEG, pixel_format=Image.PIXEL_FORMAT_DEPTH_U16, rows=1, cols=1, data=b"12"),
    ],
)
def test_what_is_no_depth(image: image_pb2.Image) -> None:
    assert decode_depth(image) is None


def response(image: image_pb2.Image, *, transforms: bool = True) -> image_pb2.ImageResponse:
    answer = image_pb2.ImageResponse(status=image_pb2.ImageResponse.STATUS_OK)
    answer.shot.image.CopyFrom(image)
    answer.shot.acquisition_time.seconds, answer.shot.acquisition_time.nanos = 1000, 250_000_000
    answer.source.pinhole.intrinsics.focal_length.x = answer.source.pinhole.intrinsics.focal_length.y = 40.0
    answer.source.pinhole.intrinsics.principal_point.x = 32.0
    if transforms:
        answer.shot.frame_name_image_sensor = "eye"
        # x to the right, y down, z ahead: the body's -y, -z and x; then a quarter turn about z.
        ahead = Quat.from_pitch(math.pi / 2) * Quat.from_yaw(-math.pi / 2)
        poses = {
            "body": ("", SE3Pose(0, 0, 0, Quat())),
            "odom": ("body", SE3Pose(3.0, -2.0, 0.5, Quat.from_yaw(math.pi / 2)).inverse()),
            "gpe": ("odom", SE3Pose(0, 0, -0.1, Quat())),
            "eye": ("body", SE3Pose(0.4, 0, 0.1, ahead * Quat.from_yaw(math.pi / 2))),
        }
        for name, (parent, pose) in poses.items():
            edge = answer.shot.transforms_snapshot.child_to_parent_edge_map[name]
            edge.parent_frame_name = parent
            edge.parent_tform_child.CopyFrom(pose.to_proto())
    return answer


def frame_of(visual: image_pb2.ImageResponse, depth: image_pb2.ImageResponse | None = None) -> Frame:
    return build_frame("frontleft", visual, depth, received=1000.3, robot_now=lambda: 1000.4)


def test_a_frame_knows_when_where_and_how_it_was_taken() -> None:
    frame = frame_of(response(jpeg_image(RED)), response(raw_image(DEPTH, Image.PIXEL_FORMAT_DEPTH_U16)))
    assert (frame.times.acquired, frame.times.received, frame.times.decoded) == (1000.25, 1000.3, 1000.4)
    assert frame.odom_tform_camera is not None
    assert frame.odom_tform_camera[:3, 3] == pytest.approx([3.0, -1.6, 0.6])
    assert frame.odom_tform_camera[:3, 2] == pytest.approx([0.0, 1.0, 0.0], abs=1e-9)
    assert frame.body is not None
    assert (frame.body.x, frame.body.y, frame.body.yaw) == pytest.approx((3.0, -2.0, math.pi / 2))
    assert frame.floor == pytest.approx(-0.1)
    assert frame.model is not None
    assert frame.model.focal_x == 40.0
    assert frame.depth is not None
    assert (frame.depth == DEPTH).all(), "depth stays on the sensor's pixels"
    assert frame.depth_scale == 1000.0
    assert frame.image.shape == (64, 48, 3), "the picture is upright"
    assert frame.upright.quarter_turns in (1, 3)


@pytest.mark.parametrize(
    "depth",
    [
        None,
        response(raw_image(DEPTH[:24], Image.PIXEL_FORMAT_DEPTH_U16)),
        response(Image(format=Image.FORMAT_RAW, pixel_format=Image.PIXEL_FORMAT_DEPTH_U16, rows=48, cols=64)),
        image_pb2.ImageResponse(status=image_pb2.ImageResponse.STATUS_IMAGE_DATA_ERROR),
    ],
)
def test_depth_that_does_not_fit_is_none(depth: image_pb2.ImageResponse | None) -> None:
    assert frame_of(response(jpeg_image(RED)), depth).depth is None


def test_a_depth_scale_of_its_own() -> None:
    depth = response(raw_image(DEPTH, Image.PIXEL_FORMAT_DEPTH_U16))
    depth.source.depth_scale = 500.0
    assert frame_of(response(jpeg_image(RED)), depth).depth_scale == 500.0


def test_a_camera_that_tells_no_poses_still_gives_pictures() -> None:
    visual = response(jpeg_image(RED), transforms=False)
    visual.ClearField("source")
    frame = frame_of(visual)
    assert (frame.odom_tform_camera, frame.body, frame.floor, frame.model) == (None, None, None, None)
    assert frame.image.shape == RED.shape


def test_a_broken_tree_of_frames_tells_no_poses() -> None:
    visual = response(jpeg_image(RED))
    visual.shot.transforms_snapshot.child_to_parent_edge_map["eye"].parent_frame_name = "nowhere"
    frame = frame_of(visual)
    assert (frame.odom_tform_camera, frame.body) == (None, None)
