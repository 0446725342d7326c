"""An image source in the words of the API."""

from __future__ import annotations

from bosdyn.api import image_pb2

from simulator.calibration import CameraModel, KannalaBrandt, Pinhole
from simulator.cameras.picture_source import Source

DEPTH_SCALE = 1000.0
"""Depth values per metre."""
_Image = image_pb2.Image
_Source = image_pb2.ImageSource


def describe(source: Source) -> image_pb2.ImageSource:
    """Name, size, formats, and the camera model where it is known."""
    message = _Source(name=source.name, cols=source.width, rows=source.height)
    if source.is_depth:
        message.image_type = _Source.IMAGE_TYPE_DEPTH
        message.depth_scale = DEPTH_SCALE
        message.pixel_formats.append(_Image.PIXEL_FORMAT_DEPTH_U16)
        message.image_formats.append(_Image.FORMAT_RAW)
    else:
        message.image_type = _Source.IMAGE_TYPE_VISUAL
        message.pixel_formats.append(_Image.PIXEL_FORMAT_GREYSCALE_U8)
        if source.colour:
            message.pixel_formats.append(_Image.PIXEL_FORMAT_RGB_U8)
        message.image_formats.extend((_Image.FORMAT_JPEG, _Image.FORMAT_RAW))
    if isinstance(source.model, Pinhole):
        _fill_pinhole(message.pinhole.intrinsics, source.model)
    elif isinstance(source.model, KannalaBrandt):
        intrinsics = message.kannala_brandt.intrinsics
        _fill_pinhole(intrinsics.pinhole_intrinsics, source.model)
        intrinsics.k1, intrinsics.k2 = source.model.k1, source.model.k2
        intrinsics.k3, intrinsics.k4 = source.model.k3, source.model.k4
    return message


def _fill_pinhole(intrinsics: image_pb2.ImageSource.PinholeModel.CameraIntrinsics, model: CameraModel) -> None:
    intrinsics.focal_length.x, intrinsics.focal_length.y = model.focal_x, model.focal_y
    intrinsics.principal_point.x, intrinsics.principal_point.y = model.centre_x, model.centre_y
    intrinsics.skew.x = intrinsics.skew.y = 0.0
