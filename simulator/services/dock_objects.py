"""Docks as objects of the world."""

from __future__ import annotations

import math

from bosdyn.api import world_object_pb2
from bosdyn.api.docking import docking_pb2
from bosdyn.client.math_helpers import Quat, SE3Pose

from simulator.robot.docks import DOCK_RANGE, Dock
from simulator.robot.frames import FrameEdge, snapshot
from simulator.robot.robot import Robot
from simulator.robot.timestamps import to_timestamp

_FIRST_ID = 1_000  # above those of the fiducials


def dock_objects(robot: Robot) -> list[world_object_pb2.WorldObject]:
    """The docks that are near enough to be found; their frame is that of a robot that sits in them, on the ground."""
    with robot.lock:
        body = robot.body
        docks = robot.docking.docks
        near = [dock for dock in docks if math.hypot(dock.place.x - body.x, dock.place.y - body.y) <= DOCK_RANGE]
        return [_describe(dock, robot) for dock in near]


def _describe(dock: Dock, robot: Robot) -> world_object_pb2.WorldObject:
    frame = f"dock_{dock.id}"
    place = SE3Pose(dock.place.x, dock.place.y, 0.0, Quat.from_yaw(dock.place.yaw))
    vision_tform_dock = robot.frames.world_tform("vision").inverse() * place
    edge = FrameEdge(frame, "vision", vision_tform_dock.to_matrix())
    return world_object_pb2.WorldObject(
        id=_FIRST_ID + dock.id,
        name=f"world_obj_dock_{dock.id}",
        acquisition_time=to_timestamp(robot.moment.time),
        transforms_snapshot=snapshot(robot.body, robot.frames, [edge]),
        dock_properties=world_object_pb2.DockProperties(
            dock_id=dock.id, type=docking_pb2.DOCK_TYPE_SPOT_DOCK, frame_name_dock=frame
        ),
    )
