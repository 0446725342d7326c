"""One picture of one camera, with all that is known of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from behaviors import SE2Pose
from spot_agent.cameras.camera_model import CameraModel
from spot_agent.cameras.upright import Upright


@dataclass(frozen=True, slots=True)
class FrameTimes:
    """A frame's way until it could be looked at. All times are robot time in seconds.

    Attributes:
        acquired: The robot took the picture.
        received: The response had arrived here.
        decoded: The picture was decoded and upright.
    """

    acquired: float
    received: float
    decoded: float


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """A picture that is ready for a detector.

    Attributes:
        camera: Name of the camera, e.g. ``"frontleft"``.
        image: The upright picture, H×W×3 RGB or H×W grey, ``uint8``.
        times: When it was taken and what its way cost.
        upright: The way from the sensor's pixels to those of ``image``.
        model: The sensor's calibration; ``None`` when the robot reports none, and then no direction is known.
        odom_tform_camera: 4×4 pose of the optical frame in ``odom``; ``None`` when the robot does not say.
        body: The body in ``odom`` when the picture was taken; ``None`` when the robot does not say.
        floor: Height of the floor in ``odom`` in metres; ``None`` when the robot does not say.
        depth: H×W ``uint16`` depth along the optical axis, on the sensor's pixels; ``None`` without a depth camera.
        depth_scale: Depth units per metre.
    """

    camera: str
    image: NDArray[np.uint8]
    times: FrameTimes
    upright: Upright
    model: CameraModel | None = None
    odom_tform_camera: NDArray[np.float64] | None = None
    body: SE2Pose | None = None
    floor: float | None = None
    depth: NDArray[np.uint16] | None = None
    depth_scale: float = 1000.0
