"""Solid things: gaps and rays by closed forms, and a body that never gets into what is solid."""

from __future__ import annotations

import itertools
import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.robot.behaviours import Walk, setpoint
from simulator.robot.body import TOP_SPEED, step
from simulator.robot.body_state import BodyState, Velocity
from simulator.scene import Scene
from simulator.solid import Solid, SolidWorld
from simulator.solid.bumper import Bumper, body_footprint, is_obstacle
from simulator.solid.footprint import Disc, Rectangle, gap, least_gap
from simulator.solid.rays import Ray, is_free, meet, meet_level

DT = 0.01
UNIT = Rectangle(0.0, 0.0, 0.0, 1.0, 0.5)
places = st.floats(-4, 4)
angles = st.floats(-3.1, 3.1)
sizes = st.floats(0.005, 2.0)
rectangles = st.builds(Rectangle, places, places, angles, sizes, sizes)


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (Rectangle(3.0, 0.0, 0.0, 1.0, 0.5), 1.0),
        (Rectangle(3.0, 3.0, 0.0, 1.0, 0.5), math.hypot(1.0, 2.0)),
        (Rectangle(0.0, 2.0, math.pi / 2, 1.0, 0.5), 0.5),
        (Rectangle(0.0, 0.0, math.pi / 2, 3.0, 0.1), -1.1),  # a cross: no corner lies in the other
        (Rectangle(1.5, 0.0, 0.0, 1.0, 0.5), -0.5),
        (Disc(0.0, 1.5, 0.25), 0.75),
        (Disc(2.0, 1.5, 0.5), math.sqrt(2) - 0.5),
        (Disc(0.9, 0.0, 0.2), -0.3),
    ],
)
def test_gap(other: Rectangle | Disc, expected: float) -> None:
    assert gap(UNIT, other) == pytest.approx(expected)


@given(rectangles, rectangles)
def test_gap_is_symmetric_and_not_below_its_bound(a: Rectangle, b: Rectangle) -> None:
    assert gap(a, b) == pytest.approx(gap(b, a), abs=1e-9)
    if gap(a, b) > 0:
        assert least_gap(a, b) <= gap(a, b) + 1e-9


@given(rectangles, rectangles, angles, st.floats(0, 1))
def test_moving_changes_the_gap_by_no_more_than_the_way(
    a: Rectangle, b: Rectangle, direction: float, way: float
) -> None:
    moved = Rectangle(
        a.x + way * math.cos(direction), a.y + way * math.sin(direction), a.yaw, a.half_length, a.half_width
    )
    assert abs(gap(moved, b) - gap(a, b)) <= way + 1e-9


def test_rays_meet_what_geometry_says() -> None:
    crate = Solid("crate", "box", Rectangle(3.0, 0.0, math.pi / 4, 0.5, 0.5), 0.0, 1.0)
    ahead = Ray.between((0.0, 0.0, 0.5), (1.0, 0.0, 0.5))
    assert meet(ahead, crate) == pytest.approx(3.0 - 0.5 * math.sqrt(2))
    assert meet(Ray.between((0.0, 0.0, 2.0), (1.0, 0.0, 2.0)), crate) is None
    assert meet(Ray.between((3.0, 0.0, 4.0), (3.0, 0.0, 0.0)), crate) == pytest.approx(3.0)
    pillar = Solid("ann", "person", Disc(0.0, 2.0, 0.25), 0.0, 1.7)
    assert meet(Ray.between((0.0, 0.0, 1.0), (0.0, 1.0, 1.0)), pillar) == pytest.approx(1.75)
    ball = Solid("ball", "ball", Disc(2.0, 0.0, 0.5), 0.0, 1.0, is_ball=True)
    assert meet(Ray.between((0.0, 0.0, 0.5), (1.0, 0.0, 0.5)), ball) == pytest.approx(1.5)
    assert meet(Ray.between((0.0, 0.0, 0.95), (1.0, 0.0, 0.95)), ball) == pytest.approx(2 - math.sqrt(0.25 - 0.45**2))
    assert meet_level(Ray.between((0.0, 0.0, 2.0), (1.0, 0.0, 1.0)), 0.0) == pytest.approx(2 * math.sqrt(2))
    assert meet_level(ahead, 0.0) is None
    assert not is_free((0.0, 0.0, 0.5), (5.0, 0.0, 0.5), [crate])
    assert is_free((0.0, 0.0, 0.5), (2.0, 0.0, 0.5), [crate])


def scene_with(*objects: dict[str, Any]) -> Scene:
    return Scene.model_validate({"name": "solid", "duration": 60, "objects": objects})


class Run:
    """A body and what stops it, without a robot around it."""

    def __init__(self, scene: Scene, start: BodyState, margin: float) -> None:
        self.world = SolidWorld(scene)
        self.contacts: list[str] = []
        self.bumper = Bumper(self.world, lambda uptime: uptime, self.contacts.append)
        self.body = start
        self.margin = margin
        self.ticks = 0

    def walk(self, velocity: Velocity, seconds: float) -> float:
        """Walk, and give the smallest gap to any solid on the way."""
        smallest = math.inf
        for _ in range(round(seconds / DT)):
            self.ticks += 1
            wanted = step(self.body, setpoint(Walk(velocity), self.body), DT)
            self.body = self.bumper.limit(self.body, wanted, self.ticks * DT, self.margin, DT)
            solids = self.world.solids(self.ticks * DT)
            smallest = min(smallest, *(gap(body_footprint(self.body), solid.footprint) for solid in solids), math.inf)
        return smallest


WALL = {"kind": "wall", "name": "wall", "start": (4, -3), "end": (4, 3), "thickness": 0.1}


@given(
    x=st.floats(1.2, 3.0),
    y=st.floats(-0.6, 0.6),
    yaw=angles,
    depth=st.sampled_from([0.002, 0.05, 0.5]),
    speed=st.floats(0.3, 1.6),
    sideways=st.floats(-0.3, 0.3),
    turn=st.floats(-1.0, 1.0),
    margin=st.sampled_from([0.0, 0.15, 0.4]),
)
@settings(max_examples=25)
def test_a_body_at_any_speed_never_gets_into_a_box_however_thin(
    x: float, y: float, yaw: float, depth: float, speed: float, sideways: float, turn: float, margin: float
) -> None:
    box = {
        "kind": "box",
        "name": "crate",
        "position": (round(x, 3), round(y, 3)),
        "yaw": f"{yaw:.4f} rad",
        "size": (depth, 1.2, 1.0),
    }
    run = Run(scene_with(box), BodyState(stance=1.0), margin)
    before = gap(body_footprint(run.body), run.world.solids(0.0)[0].footprint)
    smallest = run.walk(Velocity(speed, sideways, turn), 2.5)
    assert smallest >= min(margin, before) - 1e-4


@pytest.mark.parametrize("depth", [0.002, 0.05])
@pytest.mark.parametrize("margin", [0.0, 0.15])
def test_never_tunnels_at_top_speed(depth: float, margin: float) -> None:
    box = {"kind": "box", "name": "board", "position": (3, 0), "size": (depth, 0.6, 1.0)}
    run = Run(scene_with(box), BodyState(stance=1.0), margin)
    run.walk(Velocity(TOP_SPEED), 4.0)
    assert run.body.x == pytest.approx(3.0 - depth / 2 - 0.55 - margin, abs=2e-3)


def test_with_avoidance_it_slows_down_before_a_wall_and_never_touches_it() -> None:
    run = Run(scene_with(WALL), BodyState(stance=1.0), margin=0.2)
    speeds = []
    for _ in range(500):
        run.walk(Velocity(TOP_SPEED), DT)
        speeds.append(run.body.velocity.speed)
    assert run.body.x == pytest.approx(4.0 - 0.05 - 0.55 - 0.2, abs=2e-3)
    assert max(speeds) == pytest.approx(TOP_SPEED)
    assert speeds[-1] == pytest.approx(0.0, abs=0.02)
    assert max(a - b for a, b in itertools.pairwise(speeds)) < 0.05  # it brakes, it does not crash
    assert not run.contacts


def test_without_avoidance_it_bumps_is_stopped_and_tells_it_once() -> None:
    run = Run(scene_with(WALL), BodyState(stance=1.0), margin=0.0)
    run.walk(Velocity(TOP_SPEED), 5.0)
    assert run.body.x == pytest.approx(4.0 - 0.05 - 0.55, abs=1e-3)
    assert run.contacts == ["wall"]
    run.walk(Velocity(-0.5), 1.0)
    assert run.body.x < 3.2
    run.walk(Velocity(1.0), 3.0)
    assert run.contacts == ["wall", "wall"]


def test_walks_along_a_wall_and_away_from_it() -> None:
    wall = {"kind": "wall", "name": "wall", "start": (-9, 0.5), "end": (9, 0.5), "thickness": 0.1}
    run = Run(scene_with(wall), BodyState(stance=1.0), margin=0.15)
    run.walk(Velocity(0.0, 0.5), 2.0)
    assert run.body.y == pytest.approx(0.05, abs=2e-3)
    run.walk(Velocity(1.0), 2.0)
    assert run.body.x > 1.5
    run.walk(Velocity(0.0, -0.5), 1.0)
    assert run.body.y < -0.3


def test_what_hangs_high_or_lies_low_is_no_obstacle() -> None:
    lintel = {"kind": "wall", "name": "lintel", "start": (2, -3), "end": (2, 3), "bottom": 1.9, "top": 2.5}
    mat = {"kind": "box", "name": "mat", "position": (3, 0), "size": (1, 1, 0.05)}
    run = Run(scene_with(lintel, mat), BodyState(stance=1.0), margin=0.15)
    run.walk(Velocity(1.0), 6.0)
    assert run.body.x > 5.0


def test_a_person_who_walks_into_the_robot_is_a_contact_and_it_can_still_leave() -> None:
    motion = ({"at": 0, "position": (3, 0)}, {"at": 3, "position": (0.6, 0)})
    run = Run(scene_with({"kind": "person", "name": "ann", "motion": motion}), BodyState(stance=1.0), margin=0.15)
    run.walk(Velocity(), 4.0)
    assert run.contacts == ["ann"]
    assert run.body.x == 0.0
    run.walk(Velocity(-0.5), 2.0)
    assert run.body.x < -0.5


def test_stops_before_a_person_who_comes_into_being() -> None:
    ann = {"kind": "person", "name": "ann", "position": (3, 0), "visible": ((2, 60),)}
    run = Run(scene_with(ann), BodyState(stance=1.0), margin=0.15)
    run.walk(Velocity(0.8), 6.0)
    assert run.body.x == pytest.approx(3.0 - 0.28 - 0.55 - 0.15, abs=2e-3)


@pytest.mark.parametrize("name", ["lobby", "empty"])
def test_the_robot_of_a_packaged_scene_starts_free(name: str) -> None:
    scene = Scene.load(name)
    x, y = scene.robot.position
    start = body_footprint(BodyState(x, y, scene.robot.yaw))
    assert all(gap(start, solid.footprint) > 0.3 for solid in filter(is_obstacle, SolidWorld(scene).solids(0.0)))


def test_every_kind_of_object_is_a_solid_of_its_size() -> None:
    scene = scene_with(
        {"kind": "person", "name": "ann", "position": (1, 0), "height": 1.6},
        {"kind": "stop sign", "name": "held", "held_by": "ann", "size": 0.6, "middle": 0.95},
        {"kind": "stop sign", "name": "sign", "position": (2, 0)},
        {"kind": "ball", "name": "ball", "position": (3, 0), "radius": 0.2},
        {"kind": "board", "name": "map", "picture": "poster map", "position": (4, 0, 1), "width": 1.5, "height": 1.0},
        {"kind": "apriltag", "name": "tag", "id": 1, "position": (5, 0, 0.5), "size": 0.16},
        {"kind": "cutout", "name": "cutout", "picture": "poster map", "position": (6, 0), "height": 1.7},
    )
    extents = {solid.name: (solid.bottom, solid.top) for solid in SolidWorld(scene).solids(0.0)}
    assert extents == {
        "ann": pytest.approx((0.0, 1.6)),
        "held": pytest.approx((0.65, 1.25)),
        "sign": pytest.approx((0.0, 1.25)),
        "ball": pytest.approx((0.0, 0.4)),
        "map": pytest.approx((0.5, 1.5)),
        "tag": pytest.approx((0.4, 0.6)),
        "cutout": pytest.approx((0.0, 1.7)),
    }
