"""The safety governor, fact by fact."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest

from behaviors import (
    Command,
    Cue,
    Decision,
    GovernedCommand,
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

NOW = 100.0
READY = RobotState(
    time=NOW, posture=Posture.STANDING, powered=True, lease_held=True, estop_alive=True, time_synced=True, battery=0.8
)
AHEAD = Walk(SE2Velocity(linear_x=0.5))
GO = WalkTo(SE2Pose(4.0, 0.0, 0.0), 0.5, 0.5)
MOTIONS = [AHEAD, GO]
LIMITS = SafetyLimits()


def govern(
    command: Command | None, *people: Cue, state: RobotState = READY, evidence_age: float | None = 0.1, now: float = NOW
) -> GovernedCommand:
    decision = Decision(now, "rule", command, 1, evidence_age, ())
    return Governor(LIMITS).govern(decision, people, state, now)


def person(distance: float | None, bearing: float | None = 0.0, position: Point2 | None = None) -> Cue:
    return Cue("person", 1, 0.9, 1.0, 0.1, distance, bearing, position, is_person=True)


UNSAFE_STATES = [
    ({"time": NOW - 0.6}, "the robot's state is 0.6 s old"),
    ({"time": NOW + 0.6}, "the robot's state is -0.6 s old"),
    ({"time": math.nan}, "the robot's state is nan s old"),
    ({"lease_held": False}, "the lease is not ours"),
    ({"estop_alive": False}, "the E-Stop is not alive"),
    ({"time_synced": False}, "there is no time sync with the robot"),
    ({"powered": False}, "the motors are off"),
    ({"faults": ("LEGS", "IMU")}, "the robot reports a fault: LEGS, IMU"),
]
UNFIT_FOR_MOTION = [
    *({"posture": posture} for posture in Posture if posture not in (Posture.STANDING, Posture.STEPPING)),
]
UNFIT_FOR_WALKING = [
    ({"battery": None}, "the battery's charge is unknown"),
    ({"battery": math.nan}, "the battery is at nan%"),
    ({"battery": 0.09}, "the battery is at 9%"),
    ({"pose": SE2Pose(math.nan, 0.0, 0.0)}, "the robot's position is unknown"),
]


@pytest.mark.parametrize("command", [*MOTIONS, Stand(), PoseBody()])
@pytest.mark.parametrize(("changes", "reason"), UNSAFE_STATES)
def test_nothing_but_stopping_in_an_unsafe_state(command: Command, changes: dict[str, Any], reason: str) -> None:
    governed = govern(command, state=replace(READY, **changes))
    assert governed == GovernedCommand(Stop(), command, (f"refused: {reason}",))


@pytest.mark.parametrize("command", [Stop(), Sit(), None])
@pytest.mark.parametrize("state", [READY, RobotState(time=0.0)])
def test_stop_and_sit_always_pass(command: Command | None, state: RobotState) -> None:
    assert govern(command, state=state, evidence_age=None) == GovernedCommand(command, command)


@pytest.mark.parametrize("command", [*MOTIONS, PoseBody()])
@pytest.mark.parametrize("changes", UNFIT_FOR_MOTION)
def test_only_a_standing_robot_moves(command: Command, changes: dict[str, Any]) -> None:
    governed = govern(command, state=replace(READY, **changes))
    assert governed.command == Stop()
    assert governed.notes == (f"refused: the robot is {changes['posture'].value}",)


@pytest.mark.parametrize("command", MOTIONS)
@pytest.mark.parametrize(("changes", "reason"), UNFIT_FOR_WALKING)
def test_walking_needs_a_battery_and_a_position(command: Command, changes: dict[str, Any], reason: str) -> None:
    governed = govern(command, state=replace(READY, **changes))
    assert (governed.command, governed.notes) == (Stop(), (f"refused: {reason}",))


@pytest.mark.parametrize("command", MOTIONS)
@pytest.mark.parametrize(
    ("age", "reason"),
    [
        (None, "there is no frame that speaks for walking"),
        (0.51, "the newest frame that speaks for it is 0.51 s old"),
        (-0.1, "the newest frame that speaks for it is -0.10 s old"),
        (math.nan, "the newest frame that speaks for it is nan s old"),
    ],
)
def test_walking_needs_a_fresh_frame(command: Command, age: float | None, reason: str) -> None:
    governed = govern(command, evidence_age=age)
    assert (governed.command, governed.notes) == (Stop(), (f"refused: {reason}",))


@pytest.mark.parametrize("command", [*MOTIONS, Stand(), PoseBody(pitch=0.2)])
def test_what_is_within_the_limits_passes_unchanged(command: Command) -> None:
    assert govern(command, evidence_age=0.5) == GovernedCommand(command, command)
    stepping = replace(READY, posture=Posture.STEPPING, time=NOW - 0.5)
    assert govern(command, state=stepping) == GovernedCommand(command, command)


@pytest.mark.parametrize("command", [Stand(), PoseBody()])
def test_standing_needs_neither_frame_nor_battery(command: Command) -> None:
    assert govern(command, state=replace(READY, battery=None), evidence_age=None).command == command


def test_speed_and_turn_rate_are_limited() -> None:
    governed = govern(Walk(SE2Velocity(3.0, 4.0, -2.0)))
    assert governed.command == Walk(SE2Velocity(pytest.approx(0.48), pytest.approx(0.64), -1.0))
    assert governed.notes == ("speed limited to 0.8 m/s", "turn rate limited to 1.0 rad/s")
    walk_to = govern(WalkTo(GO.goal, 3.0, 3.0))
    assert walk_to.command == WalkTo(GO.goal, 0.8, 1.0)
    assert walk_to.notes == ("speed limited to 0.8 m/s",)


@pytest.mark.parametrize(
    "command",
    [
        Walk(SE2Velocity(math.nan)),
        Walk(SE2Velocity(0.0, math.inf)),
        Walk(SE2Velocity(0.0, 0.0, math.nan)),
        Walk(SE2Velocity(1.7e308, 1.7e308)),
        replace(GO, goal=SE2Pose(math.inf, 0.0, 0.0)),
        replace(GO, goal=SE2Pose(1.0, math.nan, 0.0)),
        replace(GO, goal=SE2Pose(1.0, 0.0, math.nan)),
        replace(GO, max_speed=math.nan),
        replace(GO, max_turn_rate=math.inf),
        PoseBody(roll=math.nan),
        PoseBody(height=math.inf),
    ],
)
def test_what_is_not_a_number_is_refused(command: Command) -> None:
    governed = govern(command)
    assert governed.command == Stop()
    assert governed.notes[0].startswith("refused: the ")
    assert governed.notes[0].endswith("is not a number")


@pytest.mark.parametrize(
    "command", [replace(GO, max_speed=0.0), replace(GO, max_speed=-1.0), replace(GO, max_turn_rate=0.0)]
)
def test_walking_without_speed_is_stopping(command: Command) -> None:
    assert govern(command).command == Stop()


def test_pose_is_limited() -> None:
    governed = govern(PoseBody(1.0, -1.0, 0.3, 0.5))
    assert governed.command == PoseBody(0.5, -0.5, 0.3, 0.15)
    assert governed.notes == ("pose limited to 0.5 rad and 0.15 m",)


def test_person_ahead_slows_the_robot_and_stops_it() -> None:
    near = govern(AHEAD, person(1.5))
    assert near.command == Walk(SE2Velocity(pytest.approx(0.7 * 0.3)))
    assert near.notes == ("person #1 is 1.5 m away",)
    assert govern(AHEAD, person(1.2)).command == Walk(SE2Velocity())
    assert govern(AHEAD, person(0.3)).command == Walk(SE2Velocity())
    assert govern(AHEAD, person(5.0)).command == AHEAD


def test_person_who_is_not_ahead_does_not_hinder() -> None:
    assert govern(AHEAD, person(0.5, math.pi)).command == AHEAD
    assert govern(AHEAD, person(0.5, math.pi / 2 + 0.01)).command == AHEAD
    left = Walk(SE2Velocity(0.0, 0.5))
    assert govern(left, person(0.5, math.pi / 2)).command == Walk(SE2Velocity(0.0, pytest.approx(0.0)))


def test_only_the_part_of_the_speed_that_closes_in_counts() -> None:
    governed = govern(AHEAD, person(1.5, math.radians(60)))
    assert governed.command == Walk(SE2Velocity(pytest.approx(0.7 * 0.3 / 0.5)))


@pytest.mark.parametrize(
    ("distance", "bearing"),
    [(None, 0.0), (3.0, None), (math.nan, 0.0), (math.inf, 0.0), (3.0, math.nan), (3.0, math.inf)],
)
def test_person_at_an_unknown_place_stops_the_robot(distance: float | None, bearing: float | None) -> None:
    governed = govern(AHEAD, person(5.0), person(distance, bearing))
    assert governed.command == Walk(SE2Velocity())
    assert governed.notes == ("person #1 is at an unknown distance",)
    assert govern(GO, person(distance, bearing)).command == Stop()


def test_turning_on_the_spot_passes_beside_a_person() -> None:
    turn = Walk(SE2Velocity(angular=0.5))
    assert govern(turn, person(0.5), person(None)).command == turn


def test_things_that_are_no_people_do_not_hinder() -> None:
    assert govern(AHEAD, replace(person(0.5), is_person=False)).command == AHEAD


def test_goal_beside_a_person_is_refused() -> None:
    beside = person(5.0, 0.0, Point2(4.5, 0.5))
    governed = govern(GO, beside)
    assert (governed.command, governed.notes) == (Stop(), ("refused: the goal is too near to person #1",))
    assert govern(GO, person(5.0, 0.0, Point2(math.nan, 0.0))).command == Stop()
    assert govern(GO, person(9.0, 0.0, Point2(9.0, 0.0))).command == GO


def test_goal_behind_a_person_is_approached_slowly_and_never_reached() -> None:
    between = person(2.0, 0.0, Point2(2.0, 0.0))
    fast = replace(GO, max_speed=0.8)
    assert govern(fast, between).command == replace(fast, max_speed=pytest.approx(0.7 * 0.8))
    assert govern(fast, person(1.2, 0.0, Point2(1.2, 0.0))).command == Stop()


def test_who_is_doubted_is_kept_clear_of_all_the_same_and_the_note_says_so() -> None:
    doubted = replace(person(1.7, 0.0, Point2(1.7, 0.0)), doubted=True)
    governed = govern(AHEAD, doubted)
    assert governed.command == Walk(SE2Velocity(pytest.approx(0.7 * 0.5)))
    assert governed.notes == ("person #1 (doubted) is 1.7 m away",)
    near = replace(doubted, position=Point2(4.0, 1.0))
    assert govern(GO, near).notes == ("refused: the goal is too near to person #1 (doubted)",)


def test_goal_where_the_robot_stands_is_a_turn() -> None:
    turn = WalkTo(READY.pose, 0.5, 0.5)
    assert govern(turn, person(2.0, 0.0, Point2(2.0, 0.0))).command == turn


def test_obstacle_ahead_slows_the_robot_and_stops_it() -> None:
    governed = govern(AHEAD, state=replace(READY, obstacle_ahead=0.8))
    assert governed.command == Walk(SE2Velocity(pytest.approx(0.7 * 0.3)))
    assert governed.notes == ("an obstacle is 0.8 m ahead",)
    for ahead in (0.5, 0.0, -1.0, math.nan):
        assert govern(AHEAD, state=replace(READY, obstacle_ahead=ahead)).command == Walk(SE2Velocity())
    back = Walk(SE2Velocity(-0.3))
    assert govern(back, state=replace(READY, obstacle_ahead=0.0)).command == back


def test_the_narrowest_bound_is_the_one_that_is_told() -> None:
    governed = govern(AHEAD, person(1.7), state=replace(READY, obstacle_ahead=0.6))
    assert governed.notes == ("an obstacle is 0.6 m ahead",)


def test_walking_past_an_obstacle_counts_only_the_part_ahead() -> None:
    aslant = Walk(SE2Velocity(0.3, 0.4))
    governed = govern(aslant, state=replace(READY, obstacle_ahead=0.8))
    assert governed.command == Walk(SE2Velocity(pytest.approx(0.7 * 0.3), pytest.approx(0.7 * 0.3 * 4 / 3)))


def test_battery_at_the_limit_is_enough() -> None:
    assert govern(AHEAD, state=replace(READY, battery=LIMITS.min_battery)).command == AHEAD
