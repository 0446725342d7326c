"""The body's motion is a pure function that never breaks its limits."""

from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.robot.behaviours import GoTo, PlanarPose, Sit, Stand, VelocityLimits, Walk, setpoint
from simulator.robot.body import DEFAULT_ACCELERATION, TOP_SPEED, TOP_TURN_RATE, Setpoint, step, wrap_angle
from simulator.robot.body_state import SITTING_HEIGHT, Attitude, BodyState, Velocity

DT = 0.01
STANDING = BodyState(stance=1.0)
speeds = st.floats(-5, 5)
velocities = st.builds(Velocity, speeds, speeds, speeds)


def run(state: BodyState, behaviour: Walk | GoTo | Stand | Sit, seconds: float) -> list[BodyState]:
    states = []
    for _ in range(round(seconds / DT)):
        state = step(state, setpoint(behaviour, state), DT)
        states.append(state)
    return states


@given(st.lists(velocities, min_size=1, max_size=8))
@settings(max_examples=25)
def test_never_faster_than_the_limits_and_never_jumps(wanted: list[Velocity]) -> None:
    state = STANDING
    for velocity in wanted:
        for after in run(state, Walk(velocity), 0.5):
            assert after.velocity.speed <= TOP_SPEED + 1e-9
            assert abs(after.velocity.turn) <= TOP_TURN_RATE + 1e-9
            assert math.hypot(after.x - state.x, after.y - state.y) <= TOP_SPEED * DT + 1e-9
            change = Velocity(after.velocity.x - state.velocity.x, after.velocity.y - state.velocity.y)
            assert max(abs(change.x), abs(change.y)) <= DEFAULT_ACCELERATION.x * DT + 1e-9
            assert -math.pi < after.yaw <= math.pi
            state = after


@given(velocities)
@settings(max_examples=25)
def test_stands_still_soon_after_the_walk_ends(wanted: Velocity) -> None:
    moving = run(STANDING, Walk(wanted), 1.0)[-1]
    longest = max(TOP_SPEED / DEFAULT_ACCELERATION.x, TOP_TURN_RATE / DEFAULT_ACCELERATION.turn)
    resting = run(moving, Stand(), longest + DT)
    assert resting[-1].velocity == Velocity()
    assert math.hypot(resting[-1].x - moving.x, resting[-1].y - moving.y) <= TOP_SPEED * longest / 2 + 0.02


@given(velocities, st.floats(0, 1))
@settings(max_examples=30)
def test_same_arguments_same_result(wanted: Velocity, stance: float) -> None:
    state = BodyState(1.0, 2.0, 3.0, stance)
    assert run(state, Walk(wanted), 0.3) == run(state, Walk(wanted), 0.3)


@given(st.floats(-4, 4), st.floats(-4, 4), st.floats(-3.1, 3.1))
@settings(max_examples=25)
def test_reaches_its_goal_without_running_past_it(x: float, y: float, yaw: float) -> None:
    goal = GoTo(PlanarPose(x, y, yaw))
    states = run(STANDING, goal, 12.0)
    assert goal.is_reached(states[-1])
    nearest = [goal.distance(state) for state in states]
    first = next(index for index, distance in enumerate(nearest) if distance < 0.03)
    assert max(nearest[first:]) < 0.06


@given(st.floats(-1000, 1000))
def test_wrapped_angles_are_equal_angles_in_one_turn(angle: float) -> None:
    wrapped = wrap_angle(angle)
    assert -math.pi < wrapped <= math.pi
    assert math.isclose(math.cos(wrapped), math.cos(angle), abs_tol=1e-6)


def test_velocity_from_sitting_makes_it_stand_first() -> None:
    states = run(BodyState(), Walk(Velocity(0.5)), 3.0)
    rising = [state for state in states if not state.is_standing]
    assert 1.0 <= len(rising) * DT <= 1.5
    assert all(state.x == 0.0 for state in rising)
    assert states[-1].x > 0.5


def test_stops_before_it_sits_down() -> None:
    walking = run(STANDING, Walk(Velocity(1.0)), 1.0)[-1]
    for state in run(walking, Sit(), 2.0):
        assert state.velocity.is_still or state.is_standing
    assert state.is_sitting
    assert state.height == SITTING_HEIGHT


def test_collapses_without_power() -> None:
    state = run(STANDING, Walk(Velocity(1.0)), 1.0)[-1]
    place = state.x
    for _ in range(60):
        state = step(state, Setpoint(stance=1.0, velocity=Velocity(1.0), powered=False), DT)
    assert state.is_sitting
    assert state.x == place


def test_attitude_changes_smoothly_and_moves_the_height() -> None:
    wanted = Attitude(roll=0.1, pitch=-0.2, yaw=0.3, height=0.05)
    states = run(STANDING, Stand(wanted), 2.0)
    assert states[-1].attitude == wanted
    assert states[-1].height == pytest.approx(STANDING.height + 0.05)
    assert max(abs(b.attitude.pitch - a.attitude.pitch) for a, b in itertools.pairwise(states)) < 0.02


def test_limits_of_a_command_clamp_each_axis_and_zero_means_zero() -> None:
    limits = VelocityLimits(upper=Velocity(0.3, 0.0, 0.0))
    last = run(STANDING, Walk(Velocity(1.0, 0.5, 0.5), limits=limits), 1.0)[-1]
    assert last.velocity == Velocity(0.3, 0.0, 0.0)


def test_slew_rate_limits_the_acceleration() -> None:
    slow = Walk(Velocity(1.0), acceleration=Velocity(0.5, 0.5, 0.5))
    assert run(STANDING, slow, 1.0)[-1].velocity.x == pytest.approx(0.5, abs=0.01)


def test_velocity_in_a_fixed_frame_keeps_its_direction_while_the_body_turns() -> None:
    states = run(STANDING, Walk(Velocity(0.5, 0.0, 1.0), heading=math.pi / 2), 3.0)
    assert abs(states[-1].yaw) > 2.0
    assert states[-1].y > 1.2
    assert abs(states[-1].x) < 0.2
