"""Rays into what the robot knows of the world."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import grpc
from bosdyn.api import geometry_pb2, ray_cast_pb2, ray_cast_service_pb2_grpc
from bosdyn.client.frame_helpers import get_a_tform_b
from bosdyn.client.math_helpers import SE3Pose

from simulator.robot.frames import snapshot
from simulator.robot.robot import Moment, Robot
from simulator.solid import SolidWorld
from simulator.solid.bumper import BODY_TOP
from simulator.solid.grids import CELL_SIZE, CELLS
from simulator.solid.rays import Ray, meet, meet_level

VOXEL_RANGE = 5.0
"""Metres around the robot that its voxel map covers (undocumented)."""
_TERRAIN_HALF = CELLS * CELL_SIZE / 2
_Type = ray_cast_pb2.RayIntersection
_Response = ray_cast_pb2.RaycastResponse
_AVAILABLE = (_Type.TYPE_GROUND_PLANE, _Type.TYPE_TERRAIN_MAP, _Type.TYPE_VOXEL_MAP)


class RayCastService(ray_cast_service_pb2_grpc.RayCastServiceServicer):  # type: ignore[misc]  # generated
    """Raycast, against the scene's own geometry. Each map gives its first hit.

    Args:
        robot: Tells where its frames are.
        world: What can be hit.
        world_time: Gives the scene's time for seconds since the robot booted.
    """

    def __init__(self, robot: Robot, world: SolidWorld, world_time: Callable[[float], float]) -> None:
        self._robot = robot
        self._world = world
        self._world_time = world_time

    def Raycast(  # noqa: N802 - the name of the RPC
        self, request: ray_cast_pb2.RaycastRequest, context: grpc.ServicerContext
    ) -> ray_cast_pb2.RaycastResponse:
        """Cast one ray into the maps that are asked for, or into all."""
        moment, frames = self._robot.moment, self._robot.frames
        response = _Response(status=_Response.STATUS_OK, transforms_snapshot=snapshot(moment.body, frames))
        frame = request.ray_frame_name or "vision"
        types = tuple(request.intersection_types) or _AVAILABLE
        if not _is_finite(request):
            return _refused(_Response.STATUS_INVALID_REQUEST, "the ray needs a finite origin and a direction")
        if any(each not in _AVAILABLE for each in types):
            return _refused(_Response.STATUS_INVALID_INTERSECTION_TYPE, "this robot has no such map")
        if frame not in response.transforms_snapshot.child_to_parent_edge_map:
            return _refused(_Response.STATUS_UNKNOWN_FRAME, f"there is no frame {frame!r}")
        world_tform_frame = frames.world_tform("odom") * get_a_tform_b(response.transforms_snapshot, "odom", frame)
        ray = _ray(request.ray, world_tform_frame)
        nearest = max(0.0, request.min_intersection_distance)
        found = ((self._first(each, ray, nearest, moment), each) for each in dict.fromkeys(types))
        response.hit_frame_name = frame
        frame_tform_world = world_tform_frame.inverse()
        for distance, kind in sorted((distance, kind) for distance, kind in found if distance is not None):
            x, y, z = frame_tform_world.transform_point(*ray.at(distance))
            hit = response.hits.add(type=kind, distance_meters=distance)
            hit.hit_position_in_hit_frame.CopyFrom(geometry_pb2.Vec3(x=x, y=y, z=z))
        return response

    def _first(self, kind: int, ray: Ray, nearest: float, moment: Moment) -> float | None:
        """Distance to the first hit of a map that is not nearer than asked."""
        start = Ray(*ray.at(nearest), ray.dx, ray.dy, ray.dz)
        distances = (nearest + each for each in self._hits(kind, start, moment) if each is not None)
        return min((each for each in distances if _covers(kind, ray.at(each), moment)), default=None)

    def _hits(self, kind: int, ray: Ray, moment: Moment) -> Iterator[float | None]:
        yield meet_level(ray, 0.0)
        if kind == _Type.TYPE_GROUND_PLANE:
            return
        is_terrain = kind == _Type.TYPE_TERRAIN_MAP
        for solid in self._world.solids(self._world_time(moment.uptime)):
            if not is_terrain or solid.bottom < BODY_TOP:
                yield meet(ray, solid)
        if not is_terrain:
            yield from (meet_level(ray, height) for height in self._world.levels())


def _covers(kind: int, point: tuple[float, float, float], moment: Moment) -> bool:
    """Whether a map reaches as far as a point."""
    dx, dy = point[0] - moment.body.x, point[1] - moment.body.y
    if kind == _Type.TYPE_TERRAIN_MAP:
        return max(abs(dx), abs(dy)) <= _TERRAIN_HALF
    return kind == _Type.TYPE_GROUND_PLANE or math.hypot(dx, dy) <= VOXEL_RANGE


def _is_finite(request: ray_cast_pb2.RaycastRequest) -> bool:
    origin, direction = request.ray.origin, request.ray.direction
    numbers = (origin.x, origin.y, origin.z, direction.x, direction.y, direction.z, request.min_intersection_distance)
    return all(map(math.isfinite, numbers)) and math.hypot(direction.x, direction.y, direction.z) > 0


def _ray(ray: geometry_pb2.Ray, world_tform_frame: SE3Pose) -> Ray:
    x, y, z = world_tform_frame.transform_point(ray.origin.x, ray.origin.y, ray.origin.z)
    dx, dy, dz = world_tform_frame.rot.transform_point(ray.direction.x, ray.direction.y, ray.direction.z)
    length = math.hypot(dx, dy, dz)
    return Ray(x, y, z, dx / length, dy / length, dz / length)


def _refused(status: int, message: str) -> ray_cast_pb2.RaycastResponse:
    return _Response(status=status, message=message)
