"""Turns pictures into the bytes of an Image, each only once."""

from __future__ import annotations

import threading
from dataclasses import dataclass

import cv2
import numpy as np
from bosdyn.api import image_pb2

from simulator.cameras.picture_source import Pixels, Shot, Source

DEFAULT_QUALITY = 75
"""JPEG quality where a request names none: that of the SDK's ``build_image_request``."""
_Image = image_pb2.Image


@dataclass(frozen=True, slots=True)
class Encoding:
    """How a picture is wanted: an ``Image.PixelFormat``, an ``Image.Format``, and a JPEG quality, 0 to 100."""

    pixel_format: int
    image_format: int
    quality: int


class Encoder:
    """Encodes shots; remembers, for every source, the encodings of its newest shot. Safe from every thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._newest: dict[str, Pixels] = {}
        self._encoded: dict[str, dict[Encoding, image_pb2.Image]] = {}

    def encode(self, source: Source, shot: Shot, encoding: Encoding) -> image_pb2.Image:
        """The picture as an Image message; the caller must not change it."""
        with self._lock:
            if self._newest.get(source.name) is not shot.pixels:
                self._newest[source.name] = shot.pixels
                self._encoded[source.name] = {}
            known = self._encoded[source.name]
        if encoding not in known:
            known[encoding] = _encode(shot.pixels, encoding)
        return known[encoding]


def _encode(pixels: Pixels, encoding: Encoding) -> image_pb2.Image:
    pixels = _converted(pixels, encoding.pixel_format)
    if encoding.image_format == _Image.FORMAT_JPEG:
        ordered = cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR) if pixels.ndim == 3 else pixels
        data = cv2.imencode(".jpg", ordered, [cv2.IMWRITE_JPEG_QUALITY, encoding.quality])[1].tobytes()
    else:
        little_endian = pixels.astype(pixels.dtype.newbyteorder("<"), copy=False)
        data = np.ascontiguousarray(little_endian).tobytes()
    return _Image(
        rows=pixels.shape[0],
        cols=pixels.shape[1],
        format=encoding.image_format,
        pixel_format=encoding.pixel_format,
        data=data,
    )


def _converted(pixels: Pixels, pixel_format: int) -> Pixels:
    if pixel_format == _Image.PIXEL_FORMAT_GREYSCALE_U8 and pixels.ndim == 3:
        return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8)
    if pixel_format == _Image.PIXEL_FORMAT_RGB_U8 and pixels.ndim == 2:
        return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_GRAY2RGB), np.uint8)
    return pixels
