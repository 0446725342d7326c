"""Objects that the robot knows of: AprilTags that it sees, and what clients add."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

import grpc
from bosdyn.api import world_object_pb2, world_object_service_pb2_grpc

from simulator.robot.robot import Robot
from simulator.robot.timestamps import to_seconds, to_timestamp

_Response = world_object_pb2.MutateWorldObjectResponse
_Request = world_object_pb2.MutateWorldObjectRequest
_FIRST_USER_ID = 10_000
_TYPES = {
    "drawable_properties": world_object_pb2.WORLD_OBJECT_DRAWABLE,
    "apriltag_properties": world_object_pb2.WORLD_OBJECT_APRILTAG,
    "image_properties": world_object_pb2.WORLD_OBJECT_IMAGE_COORDINATES,
    "dock_properties": world_object_pb2.WORLD_OBJECT_DOCK,
    "tracked_entity_properties": world_object_pb2.WORLD_OBJECT_TRACKED_ENTITY,
    "nogo_region_properties": world_object_pb2.WORLD_OBJECT_USER_NOGO,
    "staircase_properties": world_object_pb2.WORLD_OBJECT_STAIRCASE,
}


class WorldObjectService(
    world_object_service_pb2_grpc.WorldObjectServiceServicer  # type: ignore[misc]  # generated without types
):
    """ListWorldObjects and MutateWorldObjects.

    Args:
        robot: Gives the time.
        seen: Gives the objects that the robot itself has found; their numbers are below 10 000.
    """

    def __init__(self, robot: Robot, seen: Callable[[], Sequence[world_object_pb2.WorldObject]]) -> None:
        self._robot = robot
        self._seen = seen
        self._lock = threading.Lock()
        self._added: dict[int, world_object_pb2.WorldObject] = {}
        self._next_id = _FIRST_USER_ID

    def ListWorldObjects(  # noqa: N802 - the name of the RPC
        self, request: world_object_pb2.ListWorldObjectRequest, context: grpc.ServicerContext
    ) -> world_object_pb2.ListWorldObjectResponse:
        """Every object, of some types and newer than a time if that is asked."""
        with self._lock:
            found = [*self._seen(), *self._added.values()]
        wanted = set(request.object_type)
        since = to_seconds(request.timestamp_filter)
        return world_object_pb2.ListWorldObjectResponse(
            world_objects=[
                each
                for each in found
                if (not wanted or wanted & _types(each)) and to_seconds(each.acquisition_time) >= since
            ]
        )

    def MutateWorldObjects(  # noqa: N802 - the name of the RPC
        self, request: world_object_pb2.MutateWorldObjectRequest, context: grpc.ServicerContext
    ) -> world_object_pb2.MutateWorldObjectResponse:
        """Add, change or delete an object; those of the robot cannot be touched."""
        item, action = request.mutation.object, request.mutation.action
        with self._lock:
            if action == _Request.ACTION_ADD:
                return self._add(item)
            if item.id in {each.id for each in self._seen()}:
                return _Response(status=_Response.STATUS_NO_PERMISSION)
            if item.id not in self._added:
                return _Response(status=_Response.STATUS_INVALID_MUTATION_ID)
            if action == _Request.ACTION_DELETE:
                del self._added[item.id]
            elif action == _Request.ACTION_CHANGE:
                self._added[item.id].CopyFrom(item)
            else:
                return _Response(status=_Response.STATUS_INVALID_WORLD_OBJECT)
            return _Response(status=_Response.STATUS_OK, mutated_object_id=item.id)

    def _add(self, item: world_object_pb2.WorldObject) -> world_object_pb2.MutateWorldObjectResponse:
        added = world_object_pb2.WorldObject()
        added.CopyFrom(item)
        added.id = self._next_id
        if not item.HasField("acquisition_time"):
            added.acquisition_time.CopyFrom(to_timestamp(self._robot.clock.now()))
        self._added[added.id] = added
        self._next_id += 1
        return _Response(status=_Response.STATUS_OK, mutated_object_id=added.id)


def _types(item: world_object_pb2.WorldObject) -> set[int]:
    set_fields = {field.name for field, _ in item.ListFields()}
    found = {int(kind) for name, kind in _TYPES.items() if name in set_fields}
    return found or {int(world_object_pb2.WORLD_OBJECT_UNKNOWN)}
