"""People of a scene who make gestures."""

from __future__ import annotations

import math
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from numpy.typing import NDArray

from models.gestures import GESTURES
from simulator.errors import SceneError
from simulator.rendering.body import Body
from simulator.rendering.gait import joint_rotations
from simulator.rendering.gestures import with_gesture
from simulator.scene import Scene
from simulator.scene.gestures import GESTURE_TIME, GestureName, Gesturing

NAMES: tuple[GestureName, ...] = get_args(GestureName)
BODIES = ("man", "woman")


def scene(*spans: dict[str, object]) -> Scene:
    person = {"kind": "person", "name": "ann", "position": [3, 0], "gestures": list(spans)}
    return Scene.model_validate({"name": "gestures", "duration": 20, "objects": [person]})


def doing(gesture: GestureName, share: float = 1.0, seconds: float = 1.0, variant: int = 0) -> Gesturing:
    return Gesturing(gesture=gesture, share=share, seconds=seconds, variant=variant)


def joints(body: Body, state: Gesturing | None) -> dict[str, NDArray[np.float64]]:
    """Where the bones' joints are, in metres: x forward, y left, z up."""
    rotations = dict(joint_rotations(0.0, 0.0, 0.0))
    if state is not None:
        rotations = dict(with_gesture(body, rotations, state))
    turns: dict[str, NDArray[np.float64]] = {}
    places: dict[str, NDArray[np.float64]] = {}
    for index, bone in enumerate(body.bones):
        above = body.bones[body.parents[index]] if body.parents[index] >= 0 else None
        turn = turns[above] if above else np.eye(3)
        start = body.heads[body.parents[index]] if above else np.zeros(3)
        places[bone] = (places[above] if above else np.zeros(3)) + turn @ (body.heads[index] - start)
        turns[bone] = turn @ rotations.get(bone, np.eye(3))
    return places


@pytest.fixture(params=BODIES)
def body(request: pytest.FixtureRequest) -> Body:
    return Body.load(request.param)


def test_every_still_gesture_can_be_shown() -> None:
    assert {gesture.label for gesture in GESTURES} | {"waving"} == set(NAMES)


def test_a_gesture_is_taken_held_and_left() -> None:
    ann = scene({"gesture": "t-pose", "between": ["2 s", "4 s"]})
    shares = {}
    for time in (0.0, 1.6, 1.75, 2.0, 3.9, 4.25, 4.6):
        state = ann.world_at(time)["ann"].gesturing
        shares[time] = state.share if state else 0.0
    expected = {0.0: 0.0, 1.6: 0.2, 1.75: 0.5, 2.0: 1.0, 3.9: 1.0, 4.25: 0.5, 4.6: 0.0}
    assert shares == pytest.approx(expected)


def test_one_gesture_follows_another() -> None:
    ann = scene({"gesture": "t-pose", "between": [1, 2]}, {"gesture": "sitting", "between": [3, 9], "variant": 4})
    first, second = ann.world_at(1.5)["ann"].gesturing, ann.world_at(5.0)["ann"].gesturing
    assert first == doing("t-pose", seconds=0.5)
    assert second == doing("sitting", seconds=2.0, variant=4)
    assert ann.world_at(12.0)["ann"].gesturing is None


@pytest.mark.parametrize(("spans", "message"), [
    ("[{gesture: t-pose, between: [1, 3]}, {gesture: sitting, between: [3.5, 5]}]", "should begin 1 s or more after"),
    ("[{gesture: t-pose, between: [3, 1]}]", "start before end"),
    ("[{gesture: handstand, between: [1, 3]}]", "handstand|t-pose"),
    ("[{gesture: t-pose, between: [1, 3], variants: 2}]", "unknown key"),
])  # fmt: skip
def test_a_mistake_is_explained(tmp_path: Path, spans: str, message: str) -> None:
    file = tmp_path / "scene.yaml"
    file.write_text(
        f"name: x\nduration: 9 s\nobjects:\n  - {{kind: person, name: ann, position: [3, 0], gestures: {spans}}}\n"
    )
    with pytest.raises(SceneError, match=rf"scene\.yaml, line \d+.*({message})"):
        Scene.load(file)


def test_arms_go_where_the_gesture_says(body: Body) -> None:
    both = joints(body, doing("both arms raised"))
    assert min(both["hand_l"][2], both["hand_r"][2]) > both["head"][2] + 0.1
    left = joints(body, doing("left arm raised"))
    assert left["hand_l"][2] > left["head"][2] > left["hand_r"][2]
    tee = joints(body, doing("t-pose"))
    assert tee["hand_l"][1] > 0.5
    assert tee["hand_r"][1] < -0.5
    assert tee["hand_l"][2] == pytest.approx(tee["upperarm_l"][2], abs=0.1)
    pointing = joints(body, doing("pointing left"))  # left for whoever the person faces: the person's right
    assert pointing["hand_r"][1] < -0.5
    crossed = joints(body, doing("arms crossed"))
    assert crossed["hand_l"][1] < crossed["hand_r"][1]


def test_postures_lower_the_body(body: Body) -> None:
    sitting, lying = joints(body, doing("sitting")), joints(body, doing("lying down"))
    assert sitting["calf_l"][0] > sitting["thigh_l"][0] + 0.3
    assert sitting["foot_l"][2] < sitting["calf_l"][2] - 0.3
    assert abs(lying["head"][2] - lying["foot_l"][2]) < 0.2
    assert lying["head"][0] < lying["foot_l"][0] - 1.2


def test_a_waving_hand_swings(body: Body) -> None:
    sideways = [joints(body, doing("waving", seconds=index / 20))["hand_r"][1] for index in range(40)]
    turns = np.diff(np.sign(np.diff(sideways)))
    assert np.ptp(sideways) > 0.15
    assert np.count_nonzero(turns) == 5  # 1.25 to and fro a second, for 2 s


@pytest.mark.parametrize("name", NAMES)
def test_half_a_gesture_lies_between(body: Body, name: GestureName) -> None:
    rest, half, full = (joints(body, state) for state in (None, doing(name, 0.5), doing(name)))
    for hand in ("hand_l", "hand_r"):
        whole = np.linalg.norm(full[hand] - rest[hand])
        assert np.linalg.norm(half[hand] - rest[hand]) <= whole + 0.05
        assert np.linalg.norm(full[hand] - half[hand]) <= whole + 0.05


@pytest.mark.parametrize("name", NAMES)
def test_rotations_stay_rotations(body: Body, name: GestureName) -> None:
    for share in (0.01, 0.3, 1.0):
        for turn in with_gesture(body, joint_rotations(0.4, 0.8, 0.0), doing(name, share, variant=3)).values():
            assert turn @ turn.T == pytest.approx(np.eye(3), abs=1e-9)
            assert np.linalg.det(turn) == pytest.approx(1.0)


def test_a_variant_is_alike_every_time_and_not_the_textbooks(body: Body) -> None:
    first, again, book = (joints(body, doing("t-pose", variant=variant))["hand_l"] for variant in (7, 7, 0))
    assert first == pytest.approx(again)
    assert 0.01 < math.dist(first, book) < 0.4


def test_it_takes_as_long_as_is_said() -> None:
    assert GESTURE_TIME == 0.5
