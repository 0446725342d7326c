"""What Spot's five cameras would measure of a few upright rectangles on a floor, computed by hand."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from behaviors import Point2, SE2Pose
from models import Box
from simulator.calibration import CAMERA_NAMES, STANDING_HEIGHT, SpotCalibration
from spot_agent.cameras import CameraModel, Frame, FrameTimes, Upright, roll_of

CALIBRATION = SpotCalibration.load()
CAMERAS = CAMERA_NAMES
WIDTH, HEIGHT = 640, 480
FLOOR = -0.31  # m; odom begins wherever the robot booted


@dataclass(frozen=True)
class Slab:
    """An upright rectangle: its middle on the floor, the way that it faces, and its size in metres."""

    x: float
    y: float
    facing: float
    width: float = 0.5
    height: float = 1.7
    above: float = 0.0

    @property
    def place(self) -> Point2:
        return Point2(self.x, self.y)


@dataclass(frozen=True)
class View:
    """A frame, and which of its sensor's pixels show which slab (-1 for none)."""

    frame: Frame
    shown: NDArray[np.int64]

    def box(self, slab: int = 0) -> Box | None:
        """The slab's bounding box on the upright picture; ``None`` when it shows too little of it."""
        rows, columns = np.nonzero(self.shown == slab)
        if len(rows) < 400:
            return None
        upright = self.frame.upright
        pixels = np.column_stack([columns, rows]) @ upright.to_upright[:, :2].T + upright.to_upright[:, 2]
        return Box(*pixels.min(axis=0).tolist(), *pixels.max(axis=0).tolist())


def body_matrix(body: SE2Pose) -> NDArray[np.float64]:
    cos, sin = math.cos(body.yaw), math.sin(body.yaw)
    matrix = np.eye(4)
    matrix[:2, :2] = [[cos, -sin], [sin, cos]]
    matrix[:3, 3] = body.x, body.y, FLOOR + STANDING_HEIGHT
    return matrix


def odom_tform_camera(camera: str, body: SE2Pose) -> NDArray[np.float64]:
    return body_matrix(body) @ CALIBRATION[camera].body_tform_fisheye


def model_of(camera: str) -> CameraModel:
    lens = CALIBRATION[camera].fisheye
    return CameraModel(lens.focal_x, lens.focal_y, lens.centre_x, lens.centre_y)


def before(camera: str, body: SE2Pose, distance: float, aside: float = 0.0) -> Slab:
    """A slab as wide and high as a person, so far before a camera, and facing it."""
    pose = odom_tform_camera(camera, body)
    heading = math.atan2(pose[1, 2], pose[0, 2])
    cos, sin = math.cos(heading), math.sin(heading)
    x = pose[0, 3] + distance * cos - aside * sin
    y = pose[1, 3] + distance * sin + aside * cos
    return Slab(float(x), float(y), heading + math.pi)


def wall_behind(slab: Slab, gap: float) -> Slab:
    away = slab.facing + math.pi
    return Slab(slab.x + gap * math.cos(away), slab.y + gap * math.sin(away), slab.facing, width=30.0, height=4.0)


def look(
    camera: str,
    body: SE2Pose,
    slabs: Sequence[Slab] = (),
    time: float = 100.0,
    depth: bool = True,
) -> View:
    """What a camera sees. Depth is in millimetres along the optical axis, as Spot gives it."""
    pose, model = odom_tform_camera(camera, body), model_of(camera)
    columns, rows = np.meshgrid(np.arange(WIDTH), np.arange(HEIGHT))
    rays = model.rays(np.column_stack([columns.ravel(), rows.ravel()]).astype(float)) @ pose[:3, :3].T
    eye = pose[:3, 3]
    with np.errstate(divide="ignore", invalid="ignore"):
        nearest = np.where(rays[:, 2] < 0, (FLOOR - eye[2]) / rays[:, 2], np.inf)
        shown = np.full(len(rays), -1)
        for index, slab in enumerate(slabs):
            hit = _distance(slab, rays, eye)
            shown = np.where(hit < nearest, index, shown)
            nearest = np.minimum(nearest, hit)
    millimetres = np.where(nearest < 60.0, np.rint(nearest * 1000), 0).astype(np.uint16).reshape(HEIGHT, WIDTH)
    upright = Upright.by_roll(roll_of(pose), WIDTH, HEIGHT)
    frame = Frame(
        camera=camera,
        image=np.zeros((upright.size[1], upright.size[0]), np.uint8),
        times=FrameTimes(time, time, time),
        upright=upright,
        model=model,
        odom_tform_camera=pose,
        body=body,
        floor=FLOOR,
        depth=millimetres if depth else None,
    )
    return View(frame, shown.reshape(HEIGHT, WIDTH))


def _distance(slab: Slab, rays: NDArray[np.float64], eye: NDArray[np.float64]) -> NDArray[np.float64]:
    normal = np.array([math.cos(slab.facing), math.sin(slab.facing), 0.0])
    along = np.array([-normal[1], normal[0], 0.0])
    middle = np.array([slab.x, slab.y, FLOOR])
    times = ((middle - eye) @ normal) / (rays @ normal)
    points = eye + rays * times[:, None] - middle
    inside = (np.abs(points @ along) <= slab.width / 2) & (times > 0.05)
    inside &= (points[:, 2] >= slab.above) & (points[:, 2] <= slab.above + slab.height)
    return np.where(inside, times, np.inf)
