"""AprilTags that the robot has found by itself."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from bosdyn.api import geometry_pb2, world_object_pb2
from numpy.typing import NDArray

from simulator.calibration import CAMERA_NAMES, Pinhole, SpotCalibration
from simulator.robot.frames import FrameEdge, snapshot, world_tform_body
from simulator.robot.robot import Moment, Robot
from simulator.robot.timestamps import to_timestamp
from simulator.scene import Scene, WorldObject
from simulator.scene.objects import AprilTag
from simulator.solid import Solid, SolidWorld
from simulator.solid.rays import is_free

REMEMBERED = 15.0
"""Seconds for which a tag is listed after it was seen (SDK documentation)."""
LOOKS_PER_SECOND = 4
_RANGE_PER_SIZE = 27.0  # a tag of 0.146 m is read up to about 4 m (undocumented)
_WORST_ANGLE = math.radians(65.0)  # between the tag's normal and the line of sight (undocumented)
_Tag = world_object_pb2.AprilTagProperties


@dataclass(frozen=True, slots=True, eq=False)
class _Sighting:
    """When, by which camera, and where in the world a tag was seen."""

    moment: Moment
    camera: str
    world_tform_tag: NDArray[np.float64]
    tag: AprilTag


class TagWatcher:
    """Looks for the scene's tags with the five fisheyes. A tag is seen when nothing hides its middle and its corners.

    Args:
        scene: The scene; without one nothing is ever seen.
        world: What can stand between.
    """

    def __init__(self, scene: Scene | None, world: SolidWorld) -> None:
        self._solids = world
        self._scene = scene
        self._tags = [item for item in scene.objects if isinstance(item, AprilTag)] if scene else []
        self._calibration = SpotCalibration.load()
        self._sightings: dict[int, _Sighting] = {}
        self._looked_at = -1.0

    def look(self, moment: Moment, scene_time: float) -> None:
        """Look around, unless the last look is too recent. Called by the thread that ticks."""
        if self._scene is None or not self._tags or moment.uptime - self._looked_at < 1 / LOOKS_PER_SECOND:
            return
        self._looked_at = moment.uptime
        body = np.asarray(world_tform_body(moment.body).to_matrix(), np.float64)
        solids = [solid for solid in self._solids.solids(scene_time) if solid.kind != "apriltag"]
        for tag in self._tags:
            there = self._scene.object_at(tag.name, scene_time)
            camera = self._camera_that_sees(there, tag.size, body, solids) if there.visible else None
            if camera is not None:
                seen = {**self._sightings, tag.id: _Sighting(moment, camera, _pose(there), tag)}
                self._sightings = seen  # replaced whole: other threads may be reading

    def objects(self, robot: Robot) -> list[world_object_pb2.WorldObject]:
        """Every tag that was seen lately, as the robot tells it."""
        newest = robot.moment.uptime - REMEMBERED
        sightings = [each for each in self._sightings.values() if each.moment.uptime >= newest]
        return [_describe(each, robot) for each in sightings]

    def _camera_that_sees(
        self, there: WorldObject, size: float, body: NDArray[np.float64], solids: list[Solid]
    ) -> str | None:
        centre = np.array([there.x, there.y, there.z, 1.0])
        normal = np.array([math.cos(there.yaw), math.sin(there.yaw), 0.0])
        for name in CAMERA_NAMES:
            camera = self._calibration[name]
            world_tform_camera = body @ camera.body_tform_fisheye
            sight = world_tform_camera[:3, 3] - centre[:3]
            distance = float(np.linalg.norm(sight))
            is_near = distance < _RANGE_PER_SIZE * size
            if is_near and normal @ sight > math.cos(_WORST_ANGLE) * distance:
                x, y, z, _ = np.linalg.inv(world_tform_camera) @ centre
                is_in_picture = z > 0 and _is_inside(camera.fisheye, x / z, y / z)
                if is_in_picture and _is_in_sight(world_tform_camera[:3, 3], there, size, solids):
                    return name
        return None


def _is_in_sight(eye: NDArray[np.float64], there: WorldObject, size: float, solids: list[Solid]) -> bool:
    """Whether nothing stands before the middle and the four corners of a tag."""
    start = (float(eye[0]), float(eye[1]), float(eye[2]))
    half = size / 2
    right = (-math.sin(there.yaw) * half, math.cos(there.yaw) * half)
    points = ((0, 0), (1, 1), (1, -1), (-1, 1), (-1, -1))
    ends = ((there.x + a * right[0], there.y + a * right[1], there.z + b * half) for a, b in points)
    return all(is_free(start, end, solids) for end in ends)


def _is_inside(camera: Pinhole, x: float, y: float) -> bool:
    column, row = camera.focal_x * x + camera.centre_x, camera.focal_y * y + camera.centre_y
    return 0 <= column < camera.width and 0 <= row < camera.height


def _pose(there: WorldObject) -> NDArray[np.float64]:
    """Pose of a tag: x to the reader's right, y up, z towards the reader."""
    cos, sin = math.cos(there.yaw), math.sin(there.yaw)
    return np.array([[-sin, 0, cos, there.x], [cos, 0, sin, there.y], [0, 1, 0, there.z], [0, 0, 0, 1]])


def _describe(sighting: _Sighting, robot: Robot) -> world_object_pb2.WorldObject:
    tag = sighting.tag
    names = (f"fiducial_{tag.id}", f"filtered_fiducial_{tag.id}")
    vision_tform_world = np.asarray(robot.frames.world_tform("vision").inverse().to_matrix(), np.float64)
    pose = vision_tform_world @ sighting.world_tform_tag
    return world_object_pb2.WorldObject(
        id=tag.id + 1,
        name=f"world_obj_apriltag_{tag.id}",
        acquisition_time=to_timestamp(sighting.moment.time),
        transforms_snapshot=snapshot(
            sighting.moment.body, robot.frames, [FrameEdge(name, "vision", pose) for name in names]
        ),
        apriltag_properties=_Tag(
            tag_id=tag.id,
            dimensions=geometry_pb2.Vec2(x=tag.size, y=tag.size),
            frame_name_fiducial=names[0],
            frame_name_fiducial_filtered=names[1],
            fiducial_pose_status=_Tag.STATUS_OK,
            fiducial_filtered_pose_status=_Tag.STATUS_OK,
            frame_name_camera=f"{sighting.camera}_fisheye",
        ),
    )
