"""Where Spot's five body cameras sit and how they project."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.errors import AssetError

STANDING_HEIGHT = 0.485
"""Height of the body's origin over the ground when Spot stands, in metres."""

CAMERA_NAMES = ("frontleft", "frontright", "left", "right", "back")
"""The five body cameras, in the order in which a robot lists them."""

_CALIBRATION_FILE = Path(__file__).parent / "data" / "spot-calibration.json"
_MIRROR = np.diag([1.0, -1.0, 1.0])


@dataclass(frozen=True, slots=True)
class Pinhole:
    """An ideal camera: ``pixel = focal * (x / z, y / z) + centre``.

    Attributes:
        width: Columns of the picture.
        height: Rows of the picture.
        focal_x: Focal length along x in pixels.
        focal_y: Focal length along y in pixels.
        centre_x: Principal point, x in pixels (the centre of the first pixel is 0).
        centre_y: Principal point, y in pixels.
    """

    width: int
    height: int
    focal_x: float
    focal_y: float
    centre_x: float
    centre_y: float


@dataclass(frozen=True, slots=True)
class KannalaBrandt:
    """A fisheye after Kannala and Brandt (2006), as in ``cv2.fisheye``.

    With ``theta`` the angle to the optical axis, a ray lands at the distance
    ``theta * (1 + k1 theta^2 + k2 theta^4 + k3 theta^6 + k4 theta^8)`` from the principal point, in focal lengths.
    """

    width: int
    height: int
    focal_x: float
    focal_y: float
    centre_x: float
    centre_y: float
    k1: float
    k2: float
    k3: float
    k4: float


CameraModel = Pinhole | KannalaBrandt


@dataclass(frozen=True, slots=True, eq=False)
class CameraCalibration:
    """One of Spot's cameras: a depth sensor and a fisheye beside it.

    Attributes:
        name: Such as ``"frontleft"``.
        body_tform_depth: 4×4, float64: pose of the depth sensor (optical frame: x right, y down, z forward)
            in the body frame (x forward, y left, z up), in metres.
        depth_tform_fisheye: 4×4, float64: pose of the fisheye in the depth sensor's frame.
        fisheye: Projection of the fisheye, 640×480.
        depth: Projection of the depth sensor, 424×240.
    """

    name: str
    body_tform_depth: NDArray[np.float64]
    depth_tform_fisheye: NDArray[np.float64]
    fisheye: Pinhole
    depth: Pinhole

    @property
    def body_tform_fisheye(self) -> NDArray[np.float64]:
        """4×4, float64: pose of the fisheye in the body frame."""
        return self.body_tform_depth @ self.depth_tform_fisheye


@dataclass(frozen=True, slots=True)
class SpotCalibration:
    """All five cameras, by name."""

    cameras: Mapping[str, CameraCalibration]

    def __getitem__(self, name: str) -> CameraCalibration:
        """The camera of that name.

        Raises:
            KeyError: Spot has no such camera.
        """
        return self.cameras[name]

    @classmethod
    def load(cls) -> SpotCalibration:
        """Read the packaged calibration (its source is told in ``simulator/data/SOURCES.md``).

        Raises:
            AssetError: The packaged file is missing or damaged.
        """
        try:
            record = json.loads(_CALIBRATION_FILE.read_text(encoding="utf-8"))
            return cls({name: _camera(name, record) for name in CAMERA_NAMES})
        except (OSError, ValueError, KeyError) as error:
            raise AssetError(f"{_CALIBRATION_FILE}: cannot be read ({error}); reinstall the package") from error


def _camera(name: str, record: Mapping[str, Any]) -> CameraCalibration:
    body_tform_head = pose_matrix(record["body_tform_head"])
    head_tform_depth = pose_matrix(record["head_tform_depthcam"][name])
    # Only frontright was recorded whole. Its mirror image in the robot's x-z plane is frontleft, and since both
    # are rolled by about 90 degrees, that plane's normal is the picture's y axis: y changes sign in both frames.
    mirrored = name not in record["depthcam_tform_fisheye"]
    source = "frontright" if mirrored else name
    fisheye = _pinhole(640, 480, record["fisheye_640x480_f_cx_cy"][source])
    depth = _pinhole(424, 240, record["depth_424x240_f_cx_cy"][source])
    depth_tform_fisheye = pose_matrix(record["depthcam_tform_fisheye"][source])
    if mirrored:
        depth_tform_fisheye = _mirrored_pose(depth_tform_fisheye)
        fisheye, depth = _mirrored_pinhole(fisheye), _mirrored_pinhole(depth)
    return CameraCalibration(name, body_tform_head @ head_tform_depth, depth_tform_fisheye, fisheye, depth)


def pose_matrix(values: Sequence[float]) -> NDArray[np.float64]:
    """A 4×4 pose from position (x, y, z) in metres followed by a quaternion (x, y, z, w)."""
    x, y, z, w = np.asarray(values[3:], np.float64) / np.linalg.norm(values[3:])
    pose = np.eye(4)
    pose[:3, :3] = [
        [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
        [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
        [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
    ]
    pose[:3, 3] = values[:3]
    return pose


def _pinhole(width: int, height: int, values: Sequence[float]) -> Pinhole:
    focal, centre_x, centre_y = values
    return Pinhole(width, height, focal, focal, centre_x, centre_y)


def _mirrored_pose(pose: NDArray[np.float64]) -> NDArray[np.float64]:
    mirrored = np.eye(4)
    mirrored[:3, :3] = _MIRROR @ pose[:3, :3] @ _MIRROR
    mirrored[:3, 3] = _MIRROR @ pose[:3, 3]
    return mirrored


def _mirrored_pinhole(camera: Pinhole) -> Pinhole:
    centre_y = camera.height - 1 - camera.centre_y
    return Pinhole(camera.width, camera.height, camera.focal_x, camera.focal_y, camera.centre_x, centre_y)
