"""What is true of the safety governor whatever it is given, nonsense included."""

from __future__ import annotations

import math
from dataclasses import replace

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from behaviors import (
    Command,
    Cue,
    Decision,
    Governor,
    Point2,
    PoseBody,
    Posture,
    RobotState,
    SafetyLimits,
    SE2Pose,
    SE2Velocity,
    Sit,
    Stand,
    Stop,
    Walk,
    WalkTo,
)
from behaviors.governor import APPROACH_GAIN, MAX_STATE_AGE

NOW = 1000.0
TOLERANCE = 1e-9
anything = st.floats()  # NaN and infinity included
moderate = st.floats(-5.0, 5.0)
figure = moderate | anything

commands = st.one_of(
    st.builds(Stop),
    st.builds(Sit),
    st.builds(Stand),
    st.builds(PoseBody, figure, figure, figure, figure),
    st.builds(Walk, st.builds(SE2Velocity, figure, figure, figure)),
    st.builds(WalkTo, st.builds(SE2Pose, figure, figure, figure), figure, figure),
)
walks = st.builds(Walk, st.builds(SE2Velocity, moderate, moderate, moderate))
cues = st.builds(
    Cue,
    name=st.just("person"),
    track_id=st.integers(0, 9),
    confidence=st.just(0.9),
    seen_for=st.just(1.0),
    age=st.just(0.1),
    distance=st.none() | st.floats(0.0, 10.0) | anything,
    bearing=st.none() | st.floats(-math.pi, math.pi) | anything,
    position=st.none() | st.builds(Point2, figure, figure),
    is_person=st.booleans(),
)
limits = st.builds(
    SafetyLimits,
    max_speed=st.floats(0.1, 1.6).map(lambda value: f"{value:.3f} m/s"),
    max_turn_rate=st.floats(0.1, 1.6).map(lambda value: f"{value:.3f} rad/s"),
    person_distance=st.floats(0.5, 3.0).map(lambda value: f"{value:.3f} m"),
    obstacle_distance=st.floats(0.2, 2.0).map(lambda value: f"{value:.3f} m"),
)
usually = st.sampled_from([True, True, True, True, False])
states = st.builds(
    RobotState,
    time=st.floats(NOW - 0.7, NOW + 0.1) | anything,
    pose=st.builds(SE2Pose, figure, figure, figure),
    posture=st.sampled_from([Posture.STANDING, Posture.STEPPING, *Posture]),
    powered=usually,
    lease_held=usually,
    estop_alive=usually,
    time_synced=usually,
    battery=st.none() | st.floats(0.0, 1.0) | anything,
    faults=st.sampled_from([(), (), (), ("LEGS",)]),
    obstacle_ahead=st.none() | st.floats(-1.0, 5.0) | anything,
)
ready = RobotState(
    time=NOW, posture=Posture.STANDING, powered=True, lease_held=True, estop_alive=True, time_synced=True, battery=0.8
)
ages = st.none() | st.floats(0.0, 0.7) | anything
people = st.lists(cues, max_size=4)


def govern(
    limits: SafetyLimits, command: Command, seen: list[Cue], state: RobotState, age: float | None
) -> Command | None:
    decision = Decision(NOW, "rule", command, 1, age, ())
    governed = Governor(limits).govern(decision, seen, state, NOW)
    assert governed.asked is command
    return governed.command


@settings(max_examples=200)
@given(limits, commands, people, states, ages)
def test_nothing_moves_unless_every_safety_fact_is_known_to_be_good(
    limits: SafetyLimits, command: Command, seen: list[Cue], state: RobotState, age: float | None
) -> None:
    passed = govern(limits, command, seen, state, age)
    if not isinstance(passed, (Stop, Sit)):
        assert state.powered and state.lease_held and state.estop_alive and state.time_synced and not state.faults
        assert abs(NOW - state.time) <= MAX_STATE_AGE
    if isinstance(passed, (Walk, WalkTo)):
        assert state.posture in (Posture.STANDING, Posture.STEPPING)
        assert state.battery is not None and state.battery >= limits.min_battery
        assert age is not None and 0.0 <= age <= limits.max_evidence_age


@settings(max_examples=200)
@given(limits, commands, people, states, ages)
def test_it_reduces_or_refuses_and_makes_nothing_of_its_own(
    limits: SafetyLimits, command: Command, seen: list[Cue], state: RobotState, age: float | None
) -> None:
    passed = govern(limits, command, seen, state, age)
    assert isinstance(passed, (type(command), Stop))
    if isinstance(command, (Stop, Sit)):
        assert passed == command
    if isinstance(passed, Walk) and isinstance(command, Walk):
        assert passed.velocity.speed <= min(command.velocity.speed, limits.max_speed) + TOLERANCE
        assert abs(passed.velocity.angular) <= min(abs(command.velocity.angular), limits.max_turn_rate)
    if isinstance(passed, WalkTo) and isinstance(command, WalkTo):
        assert passed.goal == command.goal
        assert 0.0 < passed.max_speed <= min(command.max_speed, limits.max_speed)
        assert 0.0 < passed.max_turn_rate <= min(command.max_turn_rate, limits.max_turn_rate)
    if isinstance(passed, PoseBody):
        assert max(abs(passed.roll), abs(passed.pitch), abs(passed.yaw)) <= 0.5
        assert abs(passed.height) <= 0.15


@settings(max_examples=200)
@given(limits, commands, people, states, ages)
def test_governing_twice_is_governing_once(
    limits: SafetyLimits, command: Command, seen: list[Cue], state: RobotState, age: float | None
) -> None:
    once = govern(limits, command, seen, state, age)
    assert once is not None
    twice = govern(limits, once, seen, state, age)
    if isinstance(once, Walk) and isinstance(twice, Walk):
        assert math.isclose(once.velocity.linear_x, twice.velocity.linear_x, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
        assert math.isclose(once.velocity.linear_y, twice.velocity.linear_y, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
        assert once.velocity.angular == twice.velocity.angular
    elif isinstance(once, WalkTo) and isinstance(twice, WalkTo):
        assert math.isclose(once.max_speed, twice.max_speed, rel_tol=TOLERANCE)
        assert replace(once, max_speed=1.0) == replace(twice, max_speed=1.0)
    else:
        assert once == twice


@settings(max_examples=200)
@given(limits, walks, people, st.none() | st.floats(-1.0, 5.0))
def test_closing_speed_is_bounded_by_the_room_that_is_left(
    limits: SafetyLimits, command: Walk, seen: list[Cue], obstacle: float | None
) -> None:
    passed = govern(limits, command, seen, replace(ready, obstacle_ahead=obstacle), 0.1)
    assert isinstance(passed, Walk)
    velocity = passed.velocity
    for cue in seen:
        if not cue.is_person:
            continue
        if cue.distance is None or cue.bearing is None or not math.isfinite(cue.distance + cue.bearing):
            assert velocity.speed == 0.0
        else:
            closing = velocity.linear_x * math.cos(cue.bearing) + velocity.linear_y * math.sin(cue.bearing)
            room = max(0.0, cue.distance - limits.person_distance)
            assert closing <= APPROACH_GAIN * room + TOLERANCE
    if obstacle is not None:
        assert velocity.linear_x <= APPROACH_GAIN * max(0.0, obstacle - limits.obstacle_distance) + TOLERANCE


@settings(max_examples=150)
@given(limits, walks, people, cues)
def test_one_more_person_never_makes_it_faster(limits: SafetyLimits, command: Walk, seen: list[Cue], more: Cue) -> None:
    assume(more.is_person)
    before = govern(limits, command, seen, ready, 0.1)
    after = govern(limits, command, [*seen, more], ready, 0.1)
    assert isinstance(before, Walk) and isinstance(after, Walk)
    assert after.velocity.speed <= before.velocity.speed + TOLERANCE


@settings(max_examples=200)
@given(limits, commands, people, cues, states, ages)
def test_who_is_doubted_bounds_every_command_as_anybody_does(
    limits: SafetyLimits, command: Command, seen: list[Cue], more: Cue, state: RobotState, age: float | None
) -> None:
    doubted = govern(limits, command, [*seen, replace(more, doubted=True)], state, age)
    assert repr(doubted) == repr(govern(limits, command, [*seen, more], state, age)), "by text: NaN is not itself"


@settings(max_examples=200)
@given(limits, commands, people, cues, ages)
def test_one_more_who_is_doubted_never_makes_it_faster(
    limits: SafetyLimits, command: Command, seen: list[Cue], more: Cue, age: float | None
) -> None:
    before = govern(limits, command, seen, ready, age)
    after = govern(limits, command, [*seen, replace(more, is_person=True, doubted=True)], ready, age)
    assert isinstance(after, (type(before), Stop))
    if isinstance(before, Walk) and isinstance(after, Walk):
        assert after.velocity.speed <= before.velocity.speed + TOLERANCE
        assert after.velocity.angular == before.velocity.angular
    if isinstance(before, WalkTo) and isinstance(after, WalkTo):
        assert (after.goal, after.max_turn_rate) == (before.goal, before.max_turn_rate)
        assert after.max_speed <= before.max_speed + TOLERANCE


@settings(max_examples=150)
@given(limits, walks, people)
def test_direction_of_walking_is_kept(limits: SafetyLimits, command: Walk, seen: list[Cue]) -> None:
    passed = govern(limits, command, seen, ready, 0.1)
    assert isinstance(passed, Walk)
    cross = command.velocity.linear_x * passed.velocity.linear_y - command.velocity.linear_y * passed.velocity.linear_x
    assert abs(cross) <= TOLERANCE
    assert command.velocity.linear_x * passed.velocity.linear_x >= 0.0
