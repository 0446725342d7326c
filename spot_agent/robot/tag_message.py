"""The robot's list of world objects as sightings of fiducials."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from bosdyn.api import world_object_pb2
from bosdyn.client.frame_helpers import ODOM_FRAME_NAME, ValidateFrameTreeError, get_a_tform_b

from behaviors import Point2

_FISHEYE = "_fisheye"
_Tag = world_object_pb2.AprilTagProperties


@dataclass(frozen=True, slots=True)
class SeenTag:
    """A fiducial that the robot itself has seen.

    Attributes:
        number: Its number in the family 36h11.
        time: Robot time at which it was seen, in seconds.
        camera: The camera that saw it, by its name in config.yaml; empty when the robot does not say.
        position: Where it is in ``odom``; ``None`` when the robot does not know.
    """

    number: int
    time: float
    camera: str
    position: Point2 | None


def read_tags(objects: Iterable[world_object_pb2.WorldObject]) -> list[SeenTag]:
    """Read the fiducials among world objects, in the order of their numbers."""
    tags = [_read(item) for item in objects if item.HasField("apriltag_properties")]
    return sorted(tags, key=lambda tag: (tag.number, tag.time))


def _read(item: world_object_pb2.WorldObject) -> SeenTag:
    tag = item.apriltag_properties
    time = item.acquisition_time.seconds + item.acquisition_time.nanos * 1e-9
    return SeenTag(tag.tag_id, time, tag.frame_name_camera.removesuffix(_FISHEYE), _position(item, tag))


def _position(item: world_object_pb2.WorldObject, tag: world_object_pb2.AprilTagProperties) -> Point2 | None:
    """Its place by the filtered pose, or else by the raw one; a pose that the robot doubts says nothing."""
    poses = (
        (tag.frame_name_fiducial_filtered, tag.fiducial_filtered_pose_status),
        (tag.frame_name_fiducial, tag.fiducial_pose_status),
    )
    for frame, status in poses:
        if not frame or status != _Tag.STATUS_OK:
            continue
        try:
            pose = get_a_tform_b(item.transforms_snapshot, ODOM_FRAME_NAME, frame)
        except ValidateFrameTreeError:
            return None  # no tree at all, or a broken one: the robot does not say
        if pose is not None and math.isfinite(pose.x) and math.isfinite(pose.y):
            return Point2(pose.x, pose.y)
    return None
