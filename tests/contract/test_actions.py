"""What every action obeys, so that the governor is the second line of defence and not the first."""

from __future__ import annotations

import math
from dataclasses import astuple
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from behaviors import Cue, Point2, PoseBody, Posture, RobotState, SE2Pose, SE2Velocity, Sit, Stand, Stop, Walk, WalkTo
from behaviors.actions import ACTIONS, Action

TOLERANCE = 1e-9
places = st.floats(-1e6, 1e6)
angles = st.floats(-math.pi, math.pi)
settings_of_actions: dict[str, Any] = {
    "distance": st.floats(0.0, 10.0).map(lambda value: f"{value:.3f} m"),
    "speed": st.floats(0.01, 3.0).map(lambda value: f"{value:.3f} m/s"),
    "turn_rate": st.floats(0.01, 3.0).map(lambda value: f"{value:.3f} rad/s"),
    "roll": st.floats(-0.49, 0.49).map(lambda value: f"{value:.3f} rad"),
    "pitch": st.floats(-0.49, 0.49).map(lambda value: f"{value:.3f} rad"),
    "yaw": st.floats(-0.49, 0.49).map(lambda value: f"{value:.3f} rad"),
    "height": st.floats(-0.14, 0.14).map(lambda value: f"{value:.3f} m"),
    "hold": st.floats(0.0, 9.0).map(lambda value: f"{value:.3f} s"),
}
cues = st.builds(
    Cue,
    name=st.just("thing"),
    track_id=st.integers(0, 9),
    confidence=st.floats(0.0, 1.0),
    seen_for=st.floats(0.0, 100.0),
    age=st.floats(0.0, 10.0),
    distance=st.none() | st.floats(0.0, 1e6),
    bearing=st.none() | angles,
    position=st.none() | st.builds(Point2, places, places),
    is_person=st.booleans(),
)
states = st.builds(
    RobotState,
    time=st.floats(0.0, 1e9),
    pose=st.builds(SE2Pose, places, places, angles),
    velocity=st.builds(SE2Velocity, angles, angles, angles),
    posture=st.sampled_from(Posture),
)
every_action = pytest.mark.parametrize("kind", ACTIONS.values(), ids=ACTIONS.keys())


def draw_action(kind: type[Action], data: st.DataObject) -> Action:
    return kind.model_validate({name: data.draw(settings_of_actions[name]) for name in kind.model_fields})


def figures(value: object) -> list[float]:
    if isinstance(value, tuple):
        return [figure for part in value for figure in figures(part)]
    return [float(value)] if isinstance(value, (int, float)) else []


@every_action
def test_name_is_the_one_of_the_catalogue_and_its_settings_have_defaults(kind: type[Action]) -> None:
    assert ACTIONS[kind.name] is kind
    assert kind.model_validate({}).name == kind.name
    assert kind.__doc__


@every_action
@settings(max_examples=150)
@given(data=st.data(), cue=st.none() | cues, state=states)
def test_command_is_pure_and_finite_and_never_fails(
    kind: type[Action], data: st.DataObject, cue: Cue | None, state: RobotState
) -> None:
    action = draw_action(kind, data)
    command = action.command(cue, state)
    assert command == action.command(cue, state)
    assert isinstance(command, (Stop, Sit, Stand, Walk, WalkTo, PoseBody))
    assert all(math.isfinite(figure) for figure in figures(astuple(command)))


@every_action
@settings(max_examples=150)
@given(data=st.data(), cue=cues, state=states)
def test_command_keeps_the_actions_own_bounds(
    kind: type[Action], data: st.DataObject, cue: Cue, state: RobotState
) -> None:
    action = draw_action(kind, data)
    command = action.command(cue, state)
    speed, turn_rate = getattr(action, "speed", 0.0), getattr(action, "turn_rate", 0.0)
    if isinstance(command, Walk):
        assert command.velocity.speed <= speed + TOLERANCE
        assert abs(command.velocity.angular) <= turn_rate
        assert command.velocity.linear_x >= 0.0, "nothing looks backwards"
    if isinstance(command, WalkTo):
        assert (command.max_speed, command.max_turn_rate) == (speed, turn_rate)


@every_action
@settings(max_examples=100)
@given(data=st.data(), cue=st.none() | cues, state=states, acting_for=st.floats(0.0, 100.0))
def test_objection_and_end_are_pure_and_never_fail(
    kind: type[Action], data: st.DataObject, cue: Cue | None, state: RobotState, acting_for: float
) -> None:
    action = draw_action(kind, data)
    objection = action.objection(cue, state)
    assert objection is None or objection
    assert objection == action.objection(cue, state)
    assert action.done(cue, state, acting_for) == action.done(cue, state, acting_for)
    if action.lasting:
        assert not action.done(cue, state, acting_for)


@every_action
@settings(max_examples=100)
@given(data=st.data(), cue=cues)
def test_what_moves_a_standing_robot_objects_to_any_other_posture(
    kind: type[Action], data: st.DataObject, cue: Cue
) -> None:
    action = draw_action(kind, data)
    for posture in Posture:
        state = RobotState(time=0.0, posture=posture)
        if isinstance(action.command(cue, state), (Walk, WalkTo, PoseBody)) and posture not in (
            Posture.STANDING,
            Posture.STEPPING,
        ):
            assert action.objection(cue, state)


@every_action
def test_target_of_which_nothing_is_known_is_objected_to_if_one_is_needed(kind: type[Action]) -> None:
    bare = Cue("thing", 1, 0.9, 1.0, 0.1)
    objection = kind.model_validate({}).objection(bare, RobotState(time=0.0, posture=Posture.STANDING))
    assert (objection is not None) == kind.needs_target
