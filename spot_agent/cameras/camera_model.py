"""Camera models: pixels to rays and back, for all three models that an image source can report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np
from bosdyn.api import image_pb2
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]


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
            N×3 directions in the optical frame, scaled so that z = 1: multiplied by a depth they are points.
        """
        points = np.asarray(pixels, np.float64).reshape(-1, 1, 2)
        if not self.distortion:
            plane = (points[:, 0] - [self.centre_x, self.centre_y]) / [self.focal_x, self.focal_y]
        elif self.fisheye:
            plane = cv2.fisheye.undistortPoints(points, self.matrix, np.array(self.distortion))[:, 0]
        else:
            plane = cv2.undistortPoints(points, self.matrix, np.array(self.distortion))[:, 0]
        return np.column_stack([plane, np.ones(len(plane))])

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
