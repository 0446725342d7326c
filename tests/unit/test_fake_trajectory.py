"""A trajectory of several points: each is passed at its time."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import replace

import pytest
from bosdyn.api import basic_command_pb2, mobility_command_pb2, robot_command_pb2
from bosdyn.api.spot import robot_command_pb2 as spot_command_pb2
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.robot.behaviours import FollowTrajectory, GoTo, VelocityLimits, setpoint
from simulator.robot.body import DEFAULT_ACCELERATION, TOP_SPEED, TOP_TURN_RATE, step, wrap_angle
from simulator.robot.body_state import BodyState, Velocity
from simulator.robot.commands import Order, read_command
from simulator.robot.frames import FixedFrames
from simulator.robot.mobility import CommandProblem
from simulator.robot.robot import TICK, Robot
from simulator.robot.timestamps import to_duration, to_timestamp
from simulator.robot.trajectory import Knot, MovingTarget
from simulator.services.command_feedback import feedback

STANDING = BodyState(stance=1.0)
START = 1_767_225_600.0
INVALID = robot_command_pb2.RobotCommandResponse.STATUS_INVALID_REQUEST
Feedback = basic_command_pb2.SE2TrajectoryCommand.Feedback
Point = tuple[float | None, float, float, float]

places = st.tuples(st.floats(-2, 2), st.floats(-2, 2), st.floats(-3.1, 3.1))


def trajectory(
    points: Sequence[Point], frame: str = "odom", reference: float | None = None, end: float = START + 60
) -> robot_command_pb2.RobotCommand:
    request = basic_command_pb2.SE2TrajectoryCommand.Request(se2_frame_name=frame, end_time=to_timestamp(end))
    for time, x, y, yaw in points:
        point = request.trajectory.points.add()
        point.pose.position.x, point.pose.position.y, point.pose.angle = x, y, yaw
        if time is not None:
            point.time_since_reference.CopyFrom(to_duration(time))
    if reference is not None:
        request.trajectory.reference_time.CopyFrom(to_timestamp(reference))
    command = robot_command_pb2.RobotCommand()
    mobility = mobility_command_pb2.MobilityCommand.Request(se2_trajectory_request=request)
    command.synchronized_command.mobility_command.CopyFrom(mobility)
    return command


def read(command: robot_command_pb2.RobotCommand, state: BodyState = STANDING) -> Order | CommandProblem:
    return read_command(command, state, FixedFrames.at_boot(0.0, 0.0, 0.0), START)


def follow(command: robot_command_pb2.RobotCommand, state: BodyState = STANDING) -> FollowTrajectory:
    order = read(command, state)
    assert isinstance(order, Order)
    assert isinstance(order.behaviour, FollowTrajectory)
    return order.behaviour


def run(behaviour: FollowTrajectory, seconds: float, state: BodyState = STANDING) -> list[BodyState]:
    """The body at every step; number ``i`` is of the moment ``i * TICK`` after the start."""
    states = [state]
    for index in range(1, round(seconds / TICK) + 1):
        state = step(state, setpoint(behaviour, state, START + index * TICK), TICK)
        states.append(state)
    return states


def generous(poses: Sequence[tuple[float, float, float]]) -> list[Point]:
    """Points that leave the robot time: about half a metre and half a radian a second, and a second and a half."""
    points: list[Point] = []
    time, before = 0.0, (0.0, 0.0, 0.0)
    for pose in poses:
        distance = math.hypot(pose[0] - before[0], pose[1] - before[1])
        time += round(1.5 + max(distance, abs(wrap_angle(pose[2] - before[2]))) / 0.5, 2)
        points.append((time, *pose))
        before = pose
    return points


@given(st.lists(places, min_size=2, max_size=4))
@settings(max_examples=25)
def test_passes_each_point_at_its_time_and_stays_at_the_last(poses: list[tuple[float, float, float]]) -> None:
    points = generous(poses)
    last = points[-1][0]
    assert last is not None
    behaviour = follow(trajectory(points))
    states = run(behaviour, last + 2.5)
    for time, x, y, yaw in points:
        assert time is not None
        body = states[round(time / TICK)]
        assert math.hypot(body.x - x, body.y - y) < 0.06
        assert abs(wrap_angle(body.yaw - yaw)) < 0.06
    assert behaviour.end.is_reached(states[-1])
    for body in states[round(last / TICK) :]:
        assert behaviour.end.distance(body) < 0.06


@given(st.lists(st.tuples(st.floats(0.001, 3), places), min_size=2, max_size=5), st.floats(0, 1.6), st.floats(0, 1.8))
@settings(max_examples=25)
def test_is_never_faster_than_the_limits_however_little_time_there_is(
    legs: list[tuple[float, tuple[float, float, float]]], speed: float, turn: float
) -> None:
    points: list[Point] = []
    for seconds, pose in legs:
        points.append((seconds + (points[-1][0] or 0.0 if points else 0.0), *pose))
    upper, lower = Velocity(speed, speed, turn), Velocity(-speed, -speed, -turn)
    behaviour = replace(follow(trajectory(points)), limits=VelocityLimits(upper, lower))
    states = run(behaviour, 6.0)
    for before, after in itertools.pairwise(states):
        velocity = after.velocity
        assert max(abs(velocity.x), abs(velocity.y)) <= speed + 1e-9
        assert velocity.speed <= TOP_SPEED + 1e-9
        assert abs(velocity.turn) <= min(turn, TOP_TURN_RATE) + 1e-9
        change = max(abs(velocity.x - before.velocity.x), abs(velocity.y - before.velocity.y))
        assert change <= DEFAULT_ACCELERATION.x * TICK + 1e-9
        assert abs(velocity.turn - before.velocity.turn) <= DEFAULT_ACCELERATION.turn * TICK + 1e-9


@given(st.lists(places, min_size=2, max_size=4))
@settings(max_examples=10)
def test_same_trajectory_same_way(poses: list[tuple[float, float, float]]) -> None:
    command = trajectory(generous(poses))
    assert run(follow(command), 3.0) == run(follow(command), 3.0)


def test_turns_the_shorter_way_over_the_seam_of_the_angles() -> None:
    target = MovingTarget(START, [Knot(0.0, 0.0, 0.0, 3.0), Knot(2.0, 2.0, 0.0, -3.0)])
    middle = target.at(START + 1.0)
    assert (middle.x, middle.y, abs(middle.yaw)) == pytest.approx((1.0, 0.0, math.pi))
    assert (middle.velocity.x, middle.velocity.turn) == pytest.approx((1.0, math.pi - 3.0))
    assert (target.at(START - 5.0).x, target.at(START + 5.0).x) == (0.0, 2.0)


def test_a_pose_that_comes_twice_is_a_wait() -> None:
    states = run(follow(trajectory([(3.0, 1.0, 0.0, 0.0), (6.0, 1.0, 0.0, 0.0), (9.0, 1.0, 1.0, 0.0)])), 9.0)
    assert states[580].velocity.is_still
    assert (states[580].x, states[580].y) == pytest.approx((1.0, 0.0), abs=0.02)
    assert states[900].y == pytest.approx(1.0, abs=0.03)


def test_times_count_from_the_reference_time() -> None:
    points: list[Point] = [(0.0, 0.0, 0.0, 0.0), (4.0, 2.0, 0.0, 0.0)]
    later, earlier = (run(follow(trajectory(points, reference=START + shift)), 6.0) for shift in (2.0, -2.0))
    assert later[200].x == pytest.approx(0.0, abs=1e-3)
    assert later[600].x == pytest.approx(2.0, abs=0.06)
    assert earlier[200].x == pytest.approx(2.0, abs=0.3)  # what was missed is caught up, not walked twice
    assert earlier[300].x == pytest.approx(2.0, abs=0.06)


def test_points_in_the_body_frame_lie_where_the_body_was() -> None:
    body = BodyState(1.0, 2.0, math.pi / 2, 1.0)
    behaviour = follow(trajectory([(3.0, 1.0, 0.0, 0.0), (6.0, 1.0, 1.0, 0.0)], frame="body"), body)
    states = run(behaviour, 7.0, body)
    assert (states[300].x, states[300].y) == pytest.approx((1.0, 3.0), abs=0.05)
    assert (states[-1].x, states[-1].y) == pytest.approx((0.0, 3.0), abs=0.05)


@pytest.mark.parametrize("time", [None, 0.0, 5.0])
def test_a_single_point_is_a_goal_whatever_its_time(time: float | None) -> None:
    order = read(trajectory([(time, 1.0, 0.5, 0.2)]))
    assert isinstance(order, Order)
    assert isinstance(order.behaviour, GoTo)
    assert (order.behaviour.goal.x, order.behaviour.goal.y) == pytest.approx((1.0, 0.5))


@pytest.mark.parametrize(
    ("points", "word"),
    [
        ([(1.0, 0.0, 0.0, 0.0), (None, 1.0, 0.0, 0.0)], "point 1 of the trajectory has no time_since_reference"),
        ([(1.0, 0.0, 0.0, 0.0), (1.0, 1.0, 0.0, 0.0)], "not later"),
        ([(2.0, 0.0, 0.0, 0.0), (1.0, 1.0, 0.0, 0.0)], "not later"),
        ([(1.0, math.nan, 0.0, 0.0), (2.0, 1.0, 0.0, 0.0)], "not finite"),
        ([(1.0, 1e308, 0.0, 0.0), (2.0, -1e308, 0.0, 0.0)], "too far apart"),
    ],
)
def test_what_makes_no_sense_is_invalid(points: list[Point], word: str) -> None:
    problem = read(trajectory(points))
    assert isinstance(problem, CommandProblem)
    assert problem.status == INVALID
    assert word in problem.message


def test_a_round_trip_is_at_its_goal_only_when_it_is_over() -> None:
    robot = Robot()
    robot.stand_up()
    points: list[Point] = [(3.0, 1.0, 0.0, 0.0), (6.0, 0.0, 0.0, 0.0)]
    now = robot.clock.at(0.0)
    command = trajectory(points, reference=now, end=now + 20)
    order = read_command(command, robot.body, robot.frames, now)
    assert isinstance(order, Order)
    record = robot.runner.accept(order)
    statuses = []
    for tick in range(1, 900):
        robot.tick(tick * TICK)
        mobility = feedback(record, robot).synchronized_feedback.mobility_command_feedback
        statuses.append(mobility.se2_trajectory_feedback.status)
    assert set(statuses[:598]) == {Feedback.STATUS_GOING_TO_GOAL}
    assert statuses[-1] == Feedback.STATUS_AT_GOAL


def test_the_limit_of_mobility_params_holds() -> None:
    command = trajectory([(1.0, 1.0, 0.0, 0.0), (2.0, 2.0, 0.0, 0.0)])
    params = spot_command_pb2.MobilityParams()
    params.vel_limit.max_vel.linear.x = 0.3
    command.synchronized_command.mobility_command.params.Pack(params)
    states = run(follow(command), 9.0)
    assert max(body.velocity.x for body in states) == pytest.approx(0.3)
    assert states[-1].x == pytest.approx(2.0, abs=0.05)
