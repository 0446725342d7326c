"""Turns a picture upright, and what was found in it back again."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from bosdyn.api import geometry_pb2, image_pb2
from bosdyn.client.frame_helpers import ValidateFrameTreeError, get_a_tform_b
from numpy.typing import NDArray

_Image = image_pb2.Image
_QUALITY = 90  # of the picture that was turned: undocumented
_CHANNELS = {_Image.PIXEL_FORMAT_GREYSCALE_U8: 1, _Image.PIXEL_FORMAT_RGB_U8: 3, _Image.PIXEL_FORMAT_RGBA_U8: 4}


@dataclass(frozen=True, slots=True, eq=False)
class Rotation:
    """How a picture was turned.

    Attributes:
        angle: Counter-clockwise, radians.
        matrix: 2×3, from pixels of the picture as it came to pixels of the turned one.
        width: Of the turned picture, which holds all of the other.
        height: Of the turned picture.
    """

    angle: float
    matrix: NDArray[np.float64]
    width: int
    height: int

    def turn(self, image: image_pb2.Image) -> image_pb2.Image | None:
        """The turned picture in the format of the other; ``None`` when that cannot be read."""
        pixels = _decode(image)
        if pixels is None:
            return None
        turned = np.asarray(cv2.warpAffine(pixels, self.matrix, (self.width, self.height)))
        is_jpeg = image.format == _Image.FORMAT_JPEG
        encoded = cv2.imencode(".jpg", turned, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])[1] if is_jpeg else turned
        return _Image(
            rows=self.height,
            cols=self.width,
            format=image.format,
            pixel_format=image.pixel_format,
            data=encoded.tobytes(),
        )

    def turn_back(self, corners: geometry_pb2.Polygon) -> None:
        """Move corners that lie in the turned picture to where they lie in the picture as it came."""
        inverse = np.asarray(cv2.invertAffineTransform(self.matrix), np.float64)
        for corner in corners.vertexes:
            corner.x, corner.y = (inverse @ (corner.x, corner.y, 1.0)).tolist()


def rotation_upright(shot: image_pb2.ImageCapture, reference_frame: str) -> Rotation | None:
    """The rotation after which "down" in a frame, such as ``"odom"`` or ``"body"``, is down in the picture.

    Returns:
        ``None`` when the picture does not say how its camera lies in that frame, or the camera looks straight down.
    """
    try:
        sensor_tform_reference = get_a_tform_b(shot.transforms_snapshot, shot.frame_name_image_sensor, reference_frame)
    except ValidateFrameTreeError:  # a picture of a client may come without any frames, or with a cycle of them
        return None
    if sensor_tform_reference is None:
        return None
    right, down, _ = sensor_tform_reference.rot.transform_point(0.0, 0.0, -1.0)
    if math.hypot(right, down) < 1e-3:
        return None
    angle = math.atan2(-right, down)
    columns, rows = shot.image.cols, shot.image.rows
    cos, sin = abs(math.cos(angle)), abs(math.sin(angle))
    width, height = round(columns * cos + rows * sin), round(columns * sin + rows * cos)
    matrix = np.asarray(cv2.getRotationMatrix2D((columns / 2, rows / 2), math.degrees(angle), 1.0), np.float64)
    matrix[:, 2] += (width - columns) / 2, (height - rows) / 2
    return Rotation(angle, matrix, width, height)


def _decode(image: image_pb2.Image) -> NDArray[np.generic] | None:
    data = np.frombuffer(image.data, np.uint8)
    if image.format == _Image.FORMAT_JPEG:
        return None if data.size == 0 else cv2.imdecode(data, cv2.IMREAD_UNCHANGED)
    shape = (image.rows, image.cols)
    if image.pixel_format == _Image.PIXEL_FORMAT_DEPTH_U16:
        return data.view("<u2").reshape(shape) if data.size == 2 * image.rows * image.cols else None
    channels = _CHANNELS.get(image.pixel_format)
    if channels is None or data.size != image.rows * image.cols * channels:
        return None
    return data.reshape(shape if channels == 1 else (*shape, channels))
