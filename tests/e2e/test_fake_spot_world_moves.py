"""Objects that a program moves, hides and shows while the robot runs: whoever looks sees it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from bosdyn.client.image import ImageClient, build_image_request
from bosdyn.client.local_grid import LocalGridClient
from bosdyn.client.robot import Robot
from bosdyn.client.world_object import WorldObjectClient
from stepped_client import CALL_TIMEOUT, SteppedClient

from simulator.errors import SceneError
from simulator.fake_spot import FakeSpot
from simulator.scene import Scene
from simulator.testing import connect

ANN = {"kind": "person", "name": "ann", "motion": [{"at": 0, "position": (4, 3)}, {"at": 20, "position": (4, -3)}]}
BOX = {"kind": "box", "name": "crate", "position": (3, 0), "size": (0.6, 0.6, 0.6)}
TAG = {"kind": "apriltag", "name": "tag", "id": 7, "position": (-9, 0, 0.6), "size": 0.3}
WALL = {"kind": "wall", "name": "wall", "start": (9, -2), "end": (9, 2), "thickness": 0.1}


def scene_with(*objects: dict[str, Any], **keys: Any) -> Scene:
    return Scene.model_validate({"name": "moved", "duration": 30, "objects": objects, **keys})


def picture(robot: Robot, source: str) -> bytes:
    images = robot.ensure_client(ImageClient.default_service_name)
    return bytes(images.get_image([build_image_request(source)], timeout=CALL_TIMEOUT)[0].shot.image.data)


def test_the_address_is_host_and_port() -> None:
    with FakeSpot() as spot:
        assert spot.address == f"127.0.0.1:{spot.port}"


def test_a_person_who_is_moved_rests_there_and_is_written_down() -> None:
    with FakeSpot(scene_with(ANN), clock="stepped") as spot:
        spot.step(5.0)
        spot.world.move("ann", x=2.0)
        there = spot.world["ann"]
        assert (there.x, there.y) == pytest.approx((2.0, 1.5), abs=0.05)
        assert there.yaw == pytest.approx(-math.pi / 2, abs=0.05)
        spot.step(5.0)
        assert spot.world["ann"] == there
        assert [(event.time, event.detail.split(",")[0]) for event in spot.journal.events if "moved" in event.name] == [
            (pytest.approx(5.0, abs=0.02), "ann to x 2.000")
        ]


def test_cameras_and_depth_see_what_has_moved_also_before_the_scene_starts() -> None:
    with FakeSpot(scene_with(BOX, starts="when standing"), clock="stepped") as spot:
        robot = connect(spot)
        seen = []
        for act in (lambda: None, lambda: spot.world.move("crate", x=1.6), lambda: spot.world.hide("crate")):
            act()
            spot.step(0.2)
            seen.append((picture(robot, "frontleft_fisheye_image"), picture(robot, "frontleft_depth")))
        assert len(set(seen)) == 3
        spot.world.move("crate", x=3.0)
        spot.world.show("crate")
        spot.step(0.2)
        assert picture(robot, "frontleft_depth") == seen[0][1]


@pytest.mark.parametrize("spec", [ANN, BOX, WALL], ids=["person", "box", "wall"])
def test_what_is_put_before_the_robot_is_solid_and_what_is_hidden_is_not(spec: dict[str, Any]) -> None:
    name, depth = spec["name"], {"ann": 0.28, "crate": 0.3, "wall": 0.05}[spec["name"]]
    with FakeSpot(scene_with(spec), clock="stepped") as spot:
        client = SteppedClient(spot)
        spot.world.hide(name)
        client.walk(0.8, seconds=1.0)
        spot.world.move(name, x=3.0, y=0.0, **({"yaw": 0.0} if name == "crate" else {}))
        spot.world.show(name)
        if name == "wall":
            spot.world.move(name, yaw=math.pi / 2)
        client.walk(0.8, seconds=5.0)
        assert spot.truth().x == pytest.approx(3.0 - depth - 0.55 - 0.15, abs=3e-3)
        spot.world.hide(name)
        client.walk(0.8, seconds=3.0)
        assert spot.truth().x > 3.0
        assert not [event for event in spot.journal.events if event.name == "contact"]


def test_apriltags_and_local_grids_follow() -> None:
    with FakeSpot(scene_with(TAG, BOX), clock="stepped") as spot:
        spot.stand_up()
        robot = connect(spot)
        objects = robot.ensure_client(WorldObjectClient.default_service_name)
        grids = robot.ensure_client(LocalGridClient.default_service_name)

        def terrain() -> bytes:
            return bytes(grids.get_local_grids(["obstacle_distance"])[0].local_grid.data)

        before = terrain()
        spot.step(0.5)
        assert not objects.list_world_objects(timeout=CALL_TIMEOUT).world_objects
        spot.world.move("tag", x=2.0, y=0.5, z=0.5, yaw=math.pi)
        spot.world.move("crate", x=1.3, y=-1.0)
        spot.step(0.5)
        ids = [
            each.apriltag_properties.tag_id for each in objects.list_world_objects(timeout=CALL_TIMEOUT).world_objects
        ]
        assert ids == [7]
        assert terrain() != before


def test_the_judge_looks_at_where_an_object_truly_was() -> None:
    expectation = {"expect": "never nearer", "object": "ann", "distance": 2.0}
    scene = scene_with(ANN, expectations=[expectation], duration=4)
    measured = []
    for x in (None, 1.0):
        with FakeSpot(scene, clock="stepped") as spot:
            spot.step(1.0)
            if x is not None:
                spot.world.move("ann", x=x, y=0.0)
                spot.step(1.0)
                spot.world.move("ann", x=5.0)
            spot.step(5.0)
            assert spot.verdicts is not None
            measured.append((spot.verdicts[0].met, spot.verdicts[0].measured.split(" at")[0]))
    assert [met for met, _ in measured] == [True, False]
    assert measured[1][1] == "nearest 1.00 m"


def test_a_moved_sign_holder_takes_the_sign_along_and_it_cannot_be_moved_alone() -> None:
    sign = {"kind": "stop sign", "name": "sign", "held_by": "ann"}
    with FakeSpot(scene_with(ANN, sign), clock="stepped") as spot:
        spot.world.move("ann", x=1.0, y=1.0, yaw=0.0)
        held = spot.world["sign"]
        assert math.dist(held.position[:2], (1.0, 1.0)) < 0.8
        assert spot.world["ann"].arm_raised == 1.0
        with pytest.raises(SceneError, match="in the hand of ann"):
            spot.world.move("sign", x=0.0)
        spot.world.hide("sign")
        assert not spot.world["sign"].visible
        assert spot.world["ann"].arm_raised == 0.0


def test_mistakes_are_told() -> None:
    with FakeSpot(scene_with(ANN, WALL), clock="stepped") as spot:
        for act in (spot.world.move, spot.world.show, spot.world.hide):
            with pytest.raises(SceneError, match="did you mean 'ann'"):
                act("anna")
        with pytest.raises(SceneError, match="finite"):
            spot.world.move("ann", x=math.nan)
        assert not spot.journal.events[1:]
    with FakeSpot() as spot, pytest.raises(SceneError, match="no scene"):
        spot.world.hide("ann")


def test_a_scene_that_two_robots_share_is_moved_for_one() -> None:
    scene = scene_with(BOX)
    with FakeSpot(scene, clock="stepped") as one, FakeSpot(scene, clock="stepped") as two:
        one.world.move("crate", x=7.0)
        assert (one.world["crate"].x, two.world["crate"].x) == (7.0, 3.0)


def test_the_same_moves_give_the_same_bytes() -> None:
    runs = []
    for _ in range(2):
        with FakeSpot(scene_with(ANN, BOX), clock="stepped", seed=3) as spot:
            client = SteppedClient(spot)
            spot.world.move("crate", x=2.0, y=0.3)
            client.walk(0.5, seconds=2.0)
            image = np.frombuffer(picture(client.robot, "frontright_fisheye_image"), np.uint8)
            runs.append((image.tobytes(), spot.truth(), tuple(spot.journal.events)))
    assert runs[0] == runs[1]
