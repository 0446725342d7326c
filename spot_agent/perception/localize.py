"""Where a detection is, in metres: by the depth camera, or else by where it meets the floor."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from behaviors import Point2
from models import Box, Detection
from spot_agent.cameras import Frame

# A box is sampled on a grid that leaves out its rim, and the floor at its lower end.
_GRID_X = np.linspace(0.1, 0.9, 11)
_GRID_Y = np.linspace(0.1, 0.8, 13)
MIN_VALID_SHARE = 0.1  # of the grid's pixels must have a depth
# The thing is the nearest of what the box holds: between its limbs and beside it lies what is behind it, and a body
# that the picture's edge cuts off may fill only a part of its box.
DEPTH_QUANTILE = 0.12
DEPTH_SPREAD = 0.35  # m; pixels within it of that depth belong to the thing
INVALID_DEPTHS = (0, 65535)
# Things whose lower edge is where they stand. Of others (a sign in a hand) the floor says nothing.
STANDS_ON_FLOOR = frozenset(
    (
        "person",
        "bicycle",
        "car",
        "motorcycle",
        "bus",
        "truck",
        "dog",
        "cat",
        "chair",
        "couch",
        "suitcase",
        "potted plant",
    )
)
MAX_FLOOR_DISTANCE = 12.0  # m; beyond, a pixel's error is metres
RIM = 4  # px; a thing that ends this near to the picture's edge is cut off there


def locate(detection: Detection, frame: Frame) -> Point2 | None:
    """Find where a detection is on the ground.

    Args:
        detection: Something in ``frame.image``.
        frame: The picture that it was found in.

    Returns:
        Its position in the ``odom`` frame, or ``None`` when neither depth nor floor says. It is never guessed.
    """
    # Poses and heights come from the robot; what is not a number there says nothing of a place.
    if frame.model is None or frame.odom_tform_camera is None or not np.isfinite(frame.odom_tform_camera).all():
        return None
    position = _by_depth(detection.box, frame)
    if position is None and detection.label in STANDS_ON_FLOOR:
        position = _by_floor(detection.box, frame)
    return position


def _by_depth(box: Box, frame: Frame) -> Point2 | None:
    point = point_by_depth(box, frame)
    if point is None or frame.odom_tform_camera is None:
        return None
    return _on_ground(point, frame.odom_tform_camera)


def point_by_depth(box: Box, frame: Frame) -> NDArray[np.float64] | None:
    """Find the middle of what is nearest in a box, by the depth camera.

    Args:
        box: In pixels of ``frame.image``.
        frame: The picture.

    Returns:
        x, y, z in metres in the optical frame (x right, y down, z ahead): the median of the pixels that belong to the
        nearest thing; ``None`` where too few have a depth.
    """
    if frame.depth is None or frame.model is None:
        return None
    grid_x, grid_y = np.meshgrid(box.x_min + _GRID_X * box.width, box.y_min + _GRID_Y * box.height)
    pixels = frame.upright.sensor_pixels(np.column_stack([grid_x.ravel(), grid_y.ravel()]))
    columns, rows = np.rint(pixels).astype(int).T
    height, width = frame.depth.shape
    inside = (columns >= 0) & (columns < width) & (rows >= 0) & (rows < height)
    raw = frame.depth[rows[inside], columns[inside]]
    valid = ~np.isin(raw, INVALID_DEPTHS)
    if valid.sum() < MIN_VALID_SHARE * len(pixels):
        return None
    depths = raw[valid] / frame.depth_scale
    near = np.abs(depths - np.quantile(depths, DEPTH_QUANTILE, method="nearest")) < DEPTH_SPREAD
    points = frame.model.rays(pixels[inside][valid][near]) * depths[near, None]
    points = points[np.isfinite(points).all(axis=1)]
    if len(points) == 0:
        return None
    middle: NDArray[np.float64] = np.median(points, axis=0)
    return middle


def _on_ground(point: NDArray[np.float64], odom_tform_camera: NDArray[np.float64]) -> Point2:
    odom = odom_tform_camera[:3, :3] @ point + odom_tform_camera[:3, 3]
    return Point2(float(odom[0]), float(odom[1]))


def _by_floor(box: Box, frame: Frame) -> Point2 | None:
    if frame.floor is None or frame.model is None or frame.odom_tform_camera is None:
        return None
    if not math.isfinite(frame.floor):
        return None
    if box.y_max > frame.image.shape[0] - RIM:
        return None
    foot = frame.upright.sensor_pixels(np.array([[(box.x_min + box.x_max) / 2, box.y_max]]))
    width, height = frame.upright.sensor_size
    # The edge of what the sensor saw runs aslant through a picture that was turned upright.
    if not (RIM <= foot[0, 0] < width - RIM and RIM <= foot[0, 1] < height - RIM):
        return None
    ray = frame.odom_tform_camera[:3, :3] @ frame.model.rays(foot)[0]
    eye = frame.odom_tform_camera[:3, 3]
    if not ray[2] < -1e-6:
        return None  # it does not look down, or has no direction at all
    point = eye + ray * ((frame.floor - eye[2]) / ray[2])
    if np.hypot(*(point - eye)[:2]) > MAX_FLOOR_DISTANCE:
        return None
    return Point2(float(point[0]), float(point[1]))
