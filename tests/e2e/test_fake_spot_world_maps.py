"""Local grids and ray casts, through the SDK's own clients, against geometry that can be worked out by hand."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pytest
from bosdyn.api import local_grid_pb2, ray_cast_pb2
from bosdyn.client.frame_helpers import get_a_tform_b
from bosdyn.client.local_grid import LocalGridClient
from bosdyn.client.ray_cast import InvalidIntersectionTypeError, InvalidRequestError, RayCastClient, UnknownFrameError
from numpy.typing import NDArray
from stepped_client import CALL_TIMEOUT, SteppedClient

from simulator.fake_spot import FakeSpot
from simulator.robot.body_state import SITTING_HEIGHT
from simulator.scene import Scene

Type = ray_cast_pb2.RayIntersection
SCENE = {
    "name": "maps",
    "duration": 60,
    "robot": {"position": (1.0, 2.0), "yaw": "30 deg"},
    "objects": (
        {"kind": "box", "name": "crate", "position": (2.2, 2.0), "size": (0.4, 0.6, 0.8)},
        {"kind": "box", "name": "plinth", "position": (1.0, 3.1), "size": (0.5, 0.5, 0.2)},
        {"kind": "person", "name": "ann", "position": (1.0, 0.9), "height": 1.7},
        {"kind": "wall", "name": "lintel", "start": (-0.5, 1), "end": (-0.5, 3), "bottom": 2.0, "top": 2.5},
        {"kind": "wall", "name": "far", "start": (9, 0), "end": (9, 4), "thickness": 0.2},
    ),
}


@pytest.fixture(scope="module")
def client() -> Iterator[SteppedClient]:
    with FakeSpot(Scene.model_validate(SCENE), clock="stepped") as spot:
        client = SteppedClient(spot)
        spot.step(0.1)
        yield client
        client.robot.time_sync.stop()


def unpacked(grid: local_grid_pb2.LocalGrid) -> NDArray[np.float64]:
    """Cells by y and x, as the comments in the API's definition say."""
    kinds = {grid.CELL_FORMAT_UINT8: "u1", grid.CELL_FORMAT_INT16: "<i2"}
    cells = np.frombuffer(grid.data, kinds[grid.cell_format])
    if grid.encoding == grid.ENCODING_RLE:
        cells = np.repeat(cells, grid.rle_counts)
    values = cells * grid.cell_value_scale + grid.cell_value_offset
    return np.asarray(values.reshape(grid.extent.num_cells_y, grid.extent.num_cells_x), np.float64)


class Map:
    """A grid that is asked by places in the world."""

    def __init__(self, client: SteppedClient, name: str) -> None:
        grids = client.robot.ensure_client(LocalGridClient.default_service_name)
        response = grids.get_local_grids([name], timeout=CALL_TIMEOUT)[0]
        assert response.status == response.STATUS_OK
        grid = response.local_grid
        self.grid = grid
        self.cells = unpacked(grid)
        odom_tform_grid = get_a_tform_b(grid.transforms_snapshot, "odom", grid.frame_name_local_grid_data)
        self.world_tform_grid = client.spot.robot.frames.world_tform("odom") * odom_tform_grid

    def at(self, x: float, y: float) -> float:
        column, row, _ = self.world_tform_grid.inverse().transform_point(x, y, 0.0)
        return float(self.cells[int(row / self.grid.extent.cell_size), int(column / self.grid.extent.cell_size)])


def test_types_are_listed_and_unknown_ones_are_errors(client: SteppedClient) -> None:
    grids = client.robot.ensure_client(LocalGridClient.default_service_name)
    names = {each.name for each in grids.get_local_grid_types(timeout=CALL_TIMEOUT)}
    assert names == {"terrain", "terrain_valid", "no_step", "obstacle_distance"}
    good, bad = grids.get_local_grids(["terrain", "soup"], timeout=CALL_TIMEOUT)
    assert good.status == good.STATUS_OK
    assert bad.status == bad.STATUS_NO_SUCH_GRID
    assert (good.local_grid.extent.num_cells_x, good.local_grid.extent.cell_size) == (128, 0.03)


def test_terrain_is_as_high_as_what_stands_there(client: SteppedClient) -> None:
    terrain = Map(client, "terrain")
    origin = terrain.world_tform_grid.z
    assert origin == pytest.approx(SITTING_HEIGHT)
    heights = {(1.0, 2.0): 0.0, (2.2, 2.0): 0.8, (1.0, 3.1): 0.2, (1.0, 0.9): 1.7, (-0.5, 2.0): 0.0}
    for (x, y), height in heights.items():
        assert terrain.at(x, y) + origin == pytest.approx(height, abs=1e-3)


def test_obstacle_distance_is_the_distance_to_the_nearest_obstacle(client: SteppedClient) -> None:
    distance = Map(client, "obstacle_distance")
    half_cell = 0.03 / math.sqrt(2) + 1e-3
    assert distance.at(1.0, 2.0) == pytest.approx(1.1 - 0.28, abs=half_cell)  # to ann
    assert distance.at(1.8, 2.0) == pytest.approx(0.2, abs=half_cell)
    assert distance.at(2.2, 2.0) == pytest.approx(-0.2, abs=half_cell)
    assert distance.at(-0.5, 2.0) > 1.0  # the lintel is no obstacle


def test_feet_may_not_be_set_on_crates_people_and_their_edges(client: SteppedClient) -> None:
    no_step = Map(client, "no_step")
    assert [no_step.at(x, y) > 0 for x, y in ((1.0, 2.0), (-0.5, 2.0), (1.8, 2.0))] == [True, True, True]
    assert [no_step.at(x, y) > 0 for x, y in ((2.2, 2.0), (1.0, 0.9), (1.98, 2.0))] == [False, False, False]


def test_what_is_hidden_is_not_valid(client: SteppedClient) -> None:
    valid = Map(client, "terrain_valid")
    assert valid.at(1.0, 2.0) == valid.at(1.6, 2.0) == valid.at(1.0, 3.6) == 1  # the plinth can be looked over
    assert valid.at(2.02, 2.0) == 1  # the side of the crate that faces the robot
    assert valid.at(2.35, 2.0) == 0
    assert valid.at(1.0, 0.4) == 0  # behind ann


def cast(
    client: SteppedClient, origin: tuple[float, float, float], direction: tuple[float, float, float],
    types: list[int], frame: str = "odom", nearest: float = 0.0,
) -> ray_cast_pb2.RaycastResponse:  # fmt: skip
    """Cast a ray that is given in the world, in a frame of the robot."""
    caster = client.robot.ensure_client(RayCastClient.default_service_name)
    robot = client.spot.robot
    frame_tform_world = robot.frames.world_tform(frame).inverse()
    start = frame_tform_world.transform_point(*origin)
    heading = frame_tform_world.rot.transform_point(*direction)
    return caster.raycast(start, heading, types, nearest, frame, timeout=CALL_TIMEOUT)


@pytest.mark.parametrize("frame", ["odom", "vision"])
def test_hits_come_sorted_and_in_the_frame_of_the_ray(client: SteppedClient, frame: str) -> None:
    response = cast(client, (1.0, 2.0, 0.5), (2.0, 0.0, -0.2), [], frame)
    hits = {hit.type: hit.distance_meters for hit in response.hits}
    slope = math.hypot(1.0, 0.1)
    assert hits[Type.TYPE_VOXEL_MAP] == pytest.approx(1.0 * slope)  # the crate's side, at x = 2
    assert hits[Type.TYPE_TERRAIN_MAP] == pytest.approx(1.0 * slope)
    assert hits[Type.TYPE_GROUND_PLANE] == pytest.approx(5.0 * slope)
    assert [hit.distance_meters for hit in response.hits] == sorted(hits.values())
    assert response.hit_frame_name == frame
    place = response.hits[0].hit_position_in_hit_frame
    world = client.spot.robot.frames.world_tform(frame).transform_point(place.x, place.y, place.z)
    assert world == pytest.approx((2.0, 2.0, 0.4))
    assert "vision" in response.transforms_snapshot.child_to_parent_edge_map


def test_maps_end_and_things_nearer_than_asked_do_not_count(client: SteppedClient) -> None:
    low = cast(client, (1.0, 2.0, 0.5), (0.0, -1.0, 0.0), [Type.TYPE_VOXEL_MAP])
    assert [hit.distance_meters for hit in low.hits] == pytest.approx([1.1 - 0.28])
    beyond = cast(client, (1.0, 2.0, 0.5), (0.0, -1.0, 0.0), [Type.TYPE_VOXEL_MAP], nearest=2.0)
    assert not beyond.hits
    assert not cast(client, (3.0, 2.0, 0.5), (1.0, 0.0, 0.0), [Type.TYPE_VOXEL_MAP]).hits  # the far wall is too far
    assert not cast(client, (1.0, 2.0, 0.5), (0.0, 0.0, 1.0), [Type.TYPE_GROUND_PLANE]).hits


def test_rays_of_the_body_frame_turn_with_the_body(client: SteppedClient) -> None:
    caster = client.robot.ensure_client(RayCastClient.default_service_name)
    height = client.spot.truth().height
    down = caster.raycast((0, 0, 0), (0, 0, -3), [Type.TYPE_GROUND_PLANE], 0, "body", timeout=CALL_TIMEOUT)
    assert down.hits[0].distance_meters == pytest.approx(height)
    yaw = -math.radians(30)  # of the world's x axis, seen from the body
    crate = caster.raycast(
        (0, 0, 0), (math.cos(yaw), math.sin(yaw), 0), [Type.TYPE_VOXEL_MAP], 0, "body", timeout=CALL_TIMEOUT
    )
    assert crate.hits[0].distance_meters == pytest.approx(1.0)


def test_refusals(client: SteppedClient) -> None:
    caster = client.robot.ensure_client(RayCastClient.default_service_name)
    with pytest.raises(UnknownFrameError):
        caster.raycast((0, 0, 0), (1, 0, 0), [], 0, "moon", timeout=CALL_TIMEOUT)
    with pytest.raises(InvalidIntersectionTypeError):
        caster.raycast((0, 0, 0), (1, 0, 0), [Type.TYPE_HAND_DEPTH], 0, "body", timeout=CALL_TIMEOUT)
    with pytest.raises(InvalidRequestError):
        caster.raycast((0, 0, 0), (0, 0, 0), [], 0, "body", timeout=CALL_TIMEOUT)
