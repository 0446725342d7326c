"""Maps of what lies around the robot."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import grpc
import numpy as np
from bosdyn.api import local_grid_pb2, local_grid_service_pb2_grpc
from numpy.typing import NDArray

from simulator.robot.frames import FrameEdge, footprint, snapshot
from simulator.robot.robot import Moment, Robot
from simulator.robot.timestamps import to_timestamp
from simulator.solid import Solid, SolidWorld, grids
from simulator.solid.grids import CELL_SIZE, CELLS, GridPlace

_Grid = local_grid_pb2.LocalGrid
_Response = local_grid_pb2.LocalGridResponse
_MILLIMETRE = 0.001
Cells = NDArray[np.int16] | NDArray[np.uint8]
TYPES = ("terrain", "terrain_valid", "no_step", "obstacle_distance")
"""The maps that are made. A real robot has one of the terrain's intensity, too."""


class LocalGridService(local_grid_service_pb2_grpc.LocalGridServiceServicer):  # type: ignore[misc]  # generated
    """GetLocalGridTypes and GetLocalGrids.

    Args:
        robot: Tells where the maps are.
        world: What is in them.
        world_time: Gives the scene's time for seconds since the robot booted.
    """

    def __init__(self, robot: Robot, world: SolidWorld, world_time: Callable[[float], float]) -> None:
        self._robot = robot
        self._world = world
        self._world_time = world_time

    def GetLocalGridTypes(  # noqa: N802 - the name of the RPC
        self, request: local_grid_pb2.GetLocalGridTypesRequest, context: grpc.ServicerContext
    ) -> local_grid_pb2.GetLocalGridTypesResponse:
        """Names of all maps."""
        types = [local_grid_pb2.LocalGridType(name=name) for name in TYPES]
        return local_grid_pb2.GetLocalGridTypesResponse(local_grid_type=types)

    def GetLocalGrids(  # noqa: N802 - the name of the RPC
        self, request: local_grid_pb2.GetLocalGridsRequest, context: grpc.ServicerContext
    ) -> local_grid_pb2.GetLocalGridsResponse:
        """The maps that are asked for, all of the same moment."""
        moment = self._robot.moment
        solids = self._world.solids(self._world_time(moment.uptime))
        responses = [self._respond(each.local_grid_type_name, moment, solids) for each in request.local_grid_requests]
        errors = sum(each.status != _Response.STATUS_OK for each in responses)
        return local_grid_pb2.GetLocalGridsResponse(local_grid_responses=responses, num_local_grid_errors=errors)

    def _respond(self, name: str, moment: Moment, solids: Sequence[Solid]) -> local_grid_pb2.LocalGridResponse:
        response = _Response(local_grid_type_name=name, status=_Response.STATUS_NO_SUCH_GRID)
        if name not in TYPES:
            return response
        frames = self._robot.frames
        x, y, _ = frames.world_tform("odom").inverse().transform_point(moment.body.x, moment.body.y, 0.0)
        place = GridPlace.around(frames.odom, x, y)
        grid = response.local_grid
        self._fill(grid, name, place, moment, solids)
        corner = np.eye(4)
        corner[:2, 3] = place.x, place.y
        grid.local_grid_type_name = name
        grid.frame_name_local_grid_data = f"{name}_corner"
        grid.acquisition_time.CopyFrom(to_timestamp(moment.time))
        edge = FrameEdge(grid.frame_name_local_grid_data, "odom", corner)
        grid.transforms_snapshot.CopyFrom(snapshot(moment.body, frames, [edge]))
        grid.extent.cell_size, grid.extent.num_cells_x, grid.extent.num_cells_y = CELL_SIZE, CELLS, CELLS
        response.status = _Response.STATUS_OK
        return response

    def _fill(
        self, grid: local_grid_pb2.LocalGrid, name: str, place: GridPlace, moment: Moment, solids: Sequence[Solid]
    ) -> None:
        grid.cell_value_scale = 1.0
        if name == "terrain_valid":
            _encode(grid, grids.terrain_valid(place, solids, footprint(moment.body)).astype(np.uint8))
        elif name == "no_step":  # a foot may be set where the value is above zero
            _encode(grid, grids.may_step(place, solids).astype(np.uint8))
        else:
            is_terrain = name == "terrain"
            metres = grids.terrain(place, solids) if is_terrain else grids.obstacle_distance(place, solids)
            grid.cell_value_scale = _MILLIMETRE
            # Heights are told in the map's frame, whose origin is at the height of odom's.
            grid.cell_value_offset = -self._robot.frames.origin_height if is_terrain else 0.0
            _encode(grid, np.rint(metres / _MILLIMETRE).astype(np.int16))


def _encode(grid: local_grid_pb2.LocalGrid, cells: Cells) -> None:
    """Write cells row by row, each run of equal ones once."""
    flat = cells.ravel()
    starts = np.flatnonzero(np.concatenate([[True], flat[1:] != flat[:-1]]))
    grid.cell_format = _Grid.CELL_FORMAT_UINT8 if flat.dtype == np.uint8 else _Grid.CELL_FORMAT_INT16
    grid.encoding = _Grid.ENCODING_RLE
    grid.data = flat[starts].astype(flat.dtype.newbyteorder("<")).tobytes()
    grid.rle_counts.extend(np.diff(np.append(starts, flat.size)).tolist())
