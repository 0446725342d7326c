"""From image responses to frames."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from bosdyn.api import image_pb2
from bosdyn.client.frame_helpers import (
    BODY_FRAME_NAME,
    GROUND_PLANE_FRAME_NAME,
    ODOM_FRAME_NAME,
    ValidateFrameTreeError,
    get_a_tform_b,
)
from numpy.typing import NDArray

from behaviors import SE2Pose
from spot_agent.cameras.camera_model import CameraModel
from spot_agent.cameras.frame import Frame, FrameTimes
from spot_agent.cameras.upright import Upright, roll_of
from spot_agent.errors import BadImage

_CHANNELS = {
    image_pb2.Image.PIXEL_FORMAT_GREYSCALE_U8: 1,
    image_pb2.Image.PIXEL_FORMAT_RGB_U8: 3,
    image_pb2.Image.PIXEL_FORMAT_RGBA_U8: 4,
}

_JPEG_END = b"\xff\xd9"
_JPEG_TAIL = 1024  # bytes at the end in which that mark must stand; some encoders append padding
_AS_IT_IS = cv2.IMREAD_ANYCOLOR | cv2.IMREAD_IGNORE_ORIENTATION  # grey stays grey, and no tag turns it


def decode_picture(image: image_pb2.Image) -> NDArray[np.uint8]:
    """Decode a visual image, whatever format the camera chose.

    Returns:
        H×W×3 RGB or H×W grey.

    Raises:
        BadImage: The data are corrupt, or of a format that is no picture.
    """
    if image.format in (image_pb2.Image.FORMAT_JPEG, image_pb2.Image.FORMAT_UNKNOWN):
        return _decode_jpeg(image.data)
    channels = _CHANNELS.get(image.pixel_format)
    if image.format != image_pb2.Image.FORMAT_RAW or channels is None:
        raise BadImage(f"format {image.format} with pixel format {image.pixel_format} is not supported")
    if len(image.data) != image.rows * image.cols * channels:
        raise BadImage(f"{len(image.data)} bytes are not {image.cols}×{image.rows} pixels of {channels} bytes")
    raw = np.frombuffer(image.data, np.uint8).reshape(image.rows, image.cols, channels)
    return raw[..., 0] if channels == 1 else np.ascontiguousarray(raw[..., :3])


def _decode_jpeg(data: bytes) -> NDArray[np.uint8]:
    picture: NDArray[np.uint8] | None = None
    # Older versions of OpenCV decode what is there of a picture that was cut off; the mark at its end tells.
    if _JPEG_END in data[-_JPEG_TAIL:]:
        try:
            picture = cv2.imdecode(np.frombuffer(data, np.uint8), _AS_IT_IS)
        except cv2.error as error:
            raise BadImage(f"its {len(data)} bytes cannot be decoded: {error.err}") from error
    if picture is None:
        raise BadImage(f"its {len(data)} bytes are no whole JPEG picture")
    if picture.ndim == 3:
        cv2.cvtColor(picture, cv2.COLOR_BGR2RGB, dst=picture)
    return picture


def decode_depth(image: image_pb2.Image) -> NDArray[np.uint16] | None:
    """Read a raw depth image (H×W); ``None`` when the data are not one."""
    if image.format != image_pb2.Image.FORMAT_RAW or image.pixel_format != image_pb2.Image.PIXEL_FORMAT_DEPTH_U16:
        return None
    if len(image.data) != image.rows * image.cols * 2:
        return None
    return np.frombuffer(image.data, "<u2").reshape(image.rows, image.cols)


def _pose(snapshot: object, frame: str) -> NDArray[np.float64] | None:
    try:
        transform = get_a_tform_b(snapshot, ODOM_FRAME_NAME, frame)
    except ValidateFrameTreeError:
        return None  # no tree at all, or a broken one: the robot does not say
    return None if transform is None else np.asarray(transform.to_matrix())


def build_frame(
    camera: str,
    visual: image_pb2.ImageResponse,
    depth: image_pb2.ImageResponse | None,
    received: float,
    robot_now: Callable[[], float],
) -> Frame:
    """Make a frame of one camera's responses.

    Args:
        camera: Name of the camera.
        visual: Response of its visual source.
        depth: Response of its depth source in the visual frame, taken with it.
        received: Robot time in seconds at which the responses were here.
        robot_now: Gives robot time in seconds.

    Raises:
        BadImage: The picture cannot be decoded.
    """
    shot = visual.shot
    picture = decode_picture(shot.image)
    height, width = picture.shape[:2]
    sensor = _pose(shot.transforms_snapshot, shot.frame_name_image_sensor)
    body = _pose(shot.transforms_snapshot, BODY_FRAME_NAME)
    floor = _pose(shot.transforms_snapshot, GROUND_PLANE_FRAME_NAME)
    upright = Upright.by_roll(0.0 if sensor is None else roll_of(sensor), width, height)
    distances = None
    if depth is not None and depth.status == image_pb2.ImageResponse.STATUS_OK:
        distances = decode_depth(depth.shot.image)
        if distances is not None and distances.shape != (height, width):
            distances = None
    image = upright.apply(picture)
    return Frame(
        camera=camera,
        image=image,
        times=FrameTimes(shot.acquisition_time.seconds + shot.acquisition_time.nanos * 1e-9, received, robot_now()),
        upright=upright,
        model=CameraModel.from_source(visual.source),
        odom_tform_camera=sensor,
        body=None if body is None else SE2Pose(body[0, 3], body[1, 3], float(np.arctan2(body[1, 0], body[0, 0]))),
        floor=None if floor is None else float(floor[2, 3]),
        depth=distances,
        depth_scale=1000.0 if depth is None or depth.source.depth_scale <= 0 else depth.source.depth_scale,
    )
