import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.scene import Scene

SCENE = """\
name: test
duration: 20 s
objects:
  - kind: person
    name: visitor
    motion:
      - {at: 2 s, position: [4, -1]}
      - {at: 6 s, position: [4, 1]}
      - {at: 8 s, position: [4, 1], yaw: 180 deg}
  - {kind: stop sign, name: sign, held_by: visitor, visible: [[10 s, 12 s], [14 s, 15 s]]}
  - {kind: box, name: crate, position: [1, 2], size: [0.6, 0.8, 0.5], yaw: 30 deg}
  - {kind: ball, name: ball, position: [0, 1], radius: 20 cm}
  - kind: box
    name: cart
    size: [1, 1, 1]
    motion: [{at: 0, position: [0, 0]}, {at: 10, position: [5, 0]}]
"""


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    path: Path = tmp_path_factory.mktemp("scene") / "scene.yaml"
    path.write_text(SCENE, encoding="utf-8")
    return Scene.load(path)


def test_a_person_walks_between_keyframes_and_faces_where_it_walks(scene: Scene) -> None:
    visitor = scene.world_at(4.0)["visitor"]
    assert visitor.position == pytest.approx((4.0, 0.0, 0.0), abs=1e-9)
    assert visitor.yaw == pytest.approx(math.pi / 2)
    assert visitor.speed == pytest.approx(0.5)
    assert visitor.walked == pytest.approx(1.0)


def test_a_person_rests_before_and_after_its_keyframes(scene: Scene) -> None:
    assert scene.world_at(0.0)["visitor"].position == pytest.approx((4, -1, 0))
    late = scene.world_at(100.0)["visitor"]
    assert late.position == pytest.approx((4, 1, 0))
    assert late.speed == 0.0
    assert abs(late.yaw) == pytest.approx(math.pi)


def test_objects_come_and_go(scene: Scene) -> None:
    shown = [scene.world_at(time)["sign"].visible for time in (9.9, 10.0, 11.9, 12.0, 14.5, 15.5)]
    assert shown == [False, True, True, False, True, False]


def test_a_held_sign_is_beside_its_holder_and_the_arm_is_up(scene: Scene) -> None:
    world = scene.world_at(11.0)
    sign, visitor = world["sign"], world["visitor"]
    assert math.hypot(sign.x - visitor.x, sign.y - visitor.y) < 0.7
    assert sign.yaw == visitor.yaw
    assert visitor.arm_raised == 1.0
    assert scene.world_at(8.0)["visitor"].arm_raised == 0.0
    assert 0.0 < scene.world_at(9.8)["visitor"].arm_raised < 1.0


def test_places_and_sizes_are_as_written(scene: Scene) -> None:
    world = scene.world_at(5.0)
    assert world["ball"].z == pytest.approx(0.2)
    assert world["crate"].footprint_radius == pytest.approx(0.5)
    assert world["crate"].yaw == pytest.approx(math.radians(30))
    assert world["cart"].position == pytest.approx((2.5, 0, 0))


def test_an_unknown_object_is_a_key_error(scene: Scene) -> None:
    with pytest.raises(KeyError):
        scene.world_at(0.0)["nobody"]


@given(time=st.floats(0, 40))
def test_the_world_is_a_function_of_time(time: float) -> None:
    lobby = Scene.load("lobby") if not _LOBBY else _LOBBY[0]
    _LOBBY[:] = [lobby]
    assert lobby.world_at(time) == lobby.world_at(time)
    before, after = lobby.world_at(time)["visitor"], lobby.world_at(time + 0.05)["visitor"]
    assert math.hypot(after.x - before.x, after.y - before.y) <= 0.05 * 1.5


_LOBBY: list[Scene] = []


def test_the_lobby_visitor_walks_slowly_until_it_leaves() -> None:
    lobby = Scene.load("lobby")
    speeds = [lobby.world_at(step / 10)["visitor"].speed for step in range(340)]
    assert max(speeds) <= 0.6


def test_a_walk_is_smooth_where_the_averaging_begins_and_ends(scene: Scene) -> None:
    """On a straight line the average is the middle; it is taken so, and the other way gives the same there."""
    for border in (2.35, 3.0, 5.65, 6.35):
        before, after = (scene.world_at(border + step)["visitor"] for step in (-1e-6, 1e-6))
        assert before.position == pytest.approx(after.position, abs=1e-5)
        assert before.yaw == pytest.approx(after.yaw, abs=1e-5)
        assert before.speed == pytest.approx(after.speed, abs=1e-5)
