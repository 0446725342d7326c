"""Cameras that are not perfect, each robot's in its own way."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from simulator.calibration import CameraCalibration, Pinhole, SpotCalibration
from simulator.cameras.painter import Painter, Painting, View

_BLOB = 12  # px: size of the patches in which depth sensors lose sight


@dataclass(frozen=True, slots=True)
class Imperfections:
    """What is wrong with the cameras; nothing by default.

    Attributes:
        noise: Standard deviation of the sensor's noise in grey levels.
        blur: Standard deviation of a further softness in pixels.
        exposure: How far automatic exposure goes, 0 to 1: at 1 every picture has the same mean brightness.
        depth_holes: Share of the depth pixels without a value.
        calibration: Standard deviation by which this robot's cameras differ from the packaged calibration: radians
            of each sensor's attitude, and share of its focal length. What the robot reports is right for it.
    """

    noise: float = 0.0
    blur: float = 0.0
    exposure: float = 0.0
    depth_holes: float = 0.0
    calibration: float = 0.0

    @property
    def spoils_pictures(self) -> bool:
        """Whether pictures differ from perfect ones."""
        return any((self.noise, self.blur, self.exposure, self.depth_holes))


class ImperfectPainter:
    """Spoils what another painter paints; the same view at the same time in the same way.

    Args:
        painter: Paints perfect pictures.
        imperfections: What is wrong.
        seed: Makes robots differ.
    """

    MIDDLE_GREY = 110.0
    """Mean brightness at which automatic exposure aims (undocumented)."""

    def __init__(self, painter: Painter, imperfections: Imperfections, seed: int) -> None:
        self._painter = painter
        self._wrong = imperfections
        self._seed = seed

    def paint(self, view: View, *, image: bool, colour: bool, depth: bool) -> Painting:
        """Paint, and spoil it."""
        perfect = self._painter.paint(view, image=image, colour=colour, depth=depth)
        spoilt_image = None if perfect.image is None else self._spoil(perfect.image, self._source(view, "image"))
        spoilt_depth = None if perfect.depth is None else self._pierce(perfect.depth, self._source(view, "depth"))
        return Painting(spoilt_image, spoilt_depth)

    def _source(self, view: View, what: str) -> np.random.Generator:
        sensor = zlib.crc32(f"{view.camera} {what} {view.model.width}".encode())
        return np.random.default_rng((self._seed, sensor, round(view.uptime * 1000)))

    def _spoil(self, image: NDArray[np.uint8], source: np.random.Generator) -> NDArray[np.uint8]:
        pixels = image.astype(np.float32)
        if self._wrong.exposure:
            gain = self.MIDDLE_GREY / max(float(pixels.mean()), 1.0)
            pixels *= gain**self._wrong.exposure
        if self._wrong.blur:
            pixels = np.asarray(cv2.GaussianBlur(pixels, (0, 0), self._wrong.blur), np.float32)
        if self._wrong.noise:
            pixels += source.standard_normal(pixels.shape, np.float32) * np.float32(self._wrong.noise)
        return np.asarray(np.clip(np.rint(pixels), 0, 255), np.uint8)

    def _pierce(self, depth: NDArray[np.uint16], source: np.random.Generator) -> NDArray[np.uint16]:
        if not self._wrong.depth_holes:
            return depth
        height, width = depth.shape
        coarse = source.random((-(-height // _BLOB), -(-width // _BLOB)), np.float32)
        field = np.asarray(cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC), np.float32)
        holes = field < np.quantile(field, self._wrong.depth_holes)
        return np.where(holes, 0, depth).astype(np.uint16)


def calibration_of_robot(spread: float, seed: int) -> SpotCalibration:
    """The calibration of one robot: the packaged one, a little different.

    Args:
        spread: Standard deviation, as in :class:`Imperfections`.
        seed: Which robot.
    """
    nominal = SpotCalibration.load()
    if not spread:
        return nominal
    source = np.random.default_rng((seed, zlib.crc32(b"calibration")))
    return SpotCalibration({name: _differing(each, spread, source) for name, each in nominal.cameras.items()})


def _differing(camera: CameraCalibration, spread: float, source: np.random.Generator) -> CameraCalibration:
    return CameraCalibration(
        camera.name,
        _turned(camera.body_tform_depth, source.normal(0.0, spread, 3)),
        _turned(camera.depth_tform_fisheye, source.normal(0.0, spread, 3)),
        _zoomed(camera.fisheye, 1.0 + source.normal(0.0, spread)),
        _zoomed(camera.depth, 1.0 + source.normal(0.0, spread)),
    )


def _turned(pose: NDArray[np.float64], rotation: NDArray[np.float64]) -> NDArray[np.float64]:
    turned = pose.copy()
    turned[:3, :3] = pose[:3, :3] @ np.asarray(cv2.Rodrigues(rotation)[0], np.float64)
    return turned


def _zoomed(model: Pinhole, factor: float) -> Pinhole:
    return replace(model, focal_x=model.focal_x * factor, focal_y=model.focal_y * factor)
