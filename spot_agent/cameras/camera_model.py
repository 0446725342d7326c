"""Camera models: pixels to rays and back, for all three models that an image source can report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np
from bosdyn.api import image_pb2
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]

MAX_RESIDUAL = 0.5  # px between a pixel and where its direction falls; more means that it has none


@dataclass(frozen=True, slots=True)
class CameraModel:
    """A calibrated camera. The optical frame has x to the right, y down and z ahead.

    Attributes:
        focal_x: Focal length along x in pixels.
        focal_y: Focal length along y in pixels.
        centre_x: Principal point x in pixels.
        centre_y: Principal point y in pixels.
        distortion: Empty for a pinhole; k1, k2, p1, p2, k3 of Brown-Conrady; k1 to k4 of Kannala-Brandt.
        fisheye: Whether ``distortion`` is that of Kannala-Brandt.
    """

    focal_x: float
    focal_y: float
    centre_x: float
    centre_y: float
    distortion: tuple[float, ...] = ()
    fisheye: bool = False

    @property
    def matrix(self) -> Floats:
        """The 3×3 intrinsic matrix."""
        return np.array([[self.focal_x, 0.0, self.centre_x], [0.0, self.focal_y, self.centre_y], [0.0, 0.0, 1.0]])

    def rays(self, pixels: Floats) -> Floats:
        """Directions of pixels.

        Args:
            pixels: N×2 pixel coordinates (x, y).

        Returns:
            N×3 directions in the optical frame, scaled so that z = 1: multiplied by a depth they are points. NaN where
            no direction falls on a pixel, as at the rim of a strongly distorted picture.
        """
        points = np.asarray(pixels, np.float64).reshape(-1, 2)
        if not self.distortion:
            plane = (points - [self.centre_x, self.centre_y]) / [self.focal_x, self.focal_y]
            return np.column_stack([plane, np.ones(len(plane))])
        if len(points) == 0:
            return np.empty((0, 3))
        rays = np.column_stack([self._undistorted(points), np.ones(len(points))])
        # OpenCV's search ends somewhere also when there is nothing to find.
        rays[~(np.abs(self.pixels(rays) - points).max(axis=1) < MAX_RESIDUAL)] = np.nan
        return rays

    def pixels(self, points: Floats) -> Floats:
        """Where N×3 points of the optical frame, with z above 0, fall on the picture: N×2 pixel coordinates."""
        if not self.distortion:
            plane = points[:, :2] / points[:, 2:]
            return plane * [self.focal_x, self.focal_y] + [self.centre_x, self.centre_y]
        still, project = np.zeros(3), cv2.fisheye.projectPoints if self.fisheye else cv2.projectPoints
        projected: Floats = project(points.reshape(-1, 1, 3), still, still, self.matrix, np.array(self.distortion))[0]
        return projected[:, 0]

    def _undistorted(self, points: Floats) -> Floats:
        undistort = cv2.fisheye.undistortPoints if self.fisheye else cv2.undistortPoints
        plane: Floats = undistort(points.reshape(-1, 1, 2), self.matrix, np.array(self.distortion))
        return plane[:, 0]

    @classmethod
    def from_source(cls, source: image_pb2.ImageSource) -> CameraModel | None:
        """Read the camera model of an image source; ``None`` when the source reports none."""
        distortion: tuple[float, ...] = ()
        model = source.WhichOneof("camera_models")
        match model:
            case "pinhole":
                intrinsics = source.pinhole.intrinsics
            case "pinhole_brown_conrady":
                brown = source.pinhole_brown_conrady.intrinsics
                intrinsics = brown.pinhole_intrinsics
                distortion = (brown.k1, brown.k2, brown.p1, brown.p2, brown.k3)
            case "kannala_brandt":
                kannala = source.kannala_brandt.intrinsics
                intrinsics = kannala.pinhole_intrinsics
                distortion = (kannala.k1, kannala.k2, kannala.k3, kannala.k4)
            case _:
                return None
        focal, centre = intrinsics.focal_length, intrinsics.principal_point
        if focal.x <= 0 or focal.y <= 0:
            return None
        return cls(focal.x, focal.y, centre.x, centre.y, distortion, fisheye=model == "kannala_brandt")
