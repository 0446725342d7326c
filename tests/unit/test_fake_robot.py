"""The whole robot on a stepped clock: no thread, no network, no waiting."""

from __future__ import annotations

import pytest
from bosdyn.api import (
    basic_command_pb2,
    estop_pb2,
    geometry_pb2,
    lease_pb2,
    power_pb2,
    robot_command_pb2,
    time_sync_pb2,
)
from bosdyn.api.spot import robot_command_pb2 as spot_command_pb2
from bosdyn.client.lease import Lease
from bosdyn.client.robot_command import RobotCommandBuilder
from hypothesis import given
from hypothesis import strategies as st

from simulator.robot.behaviours import GoTo, Walk
from simulator.robot.body_state import Velocity
from simulator.robot.commands import Order, read_command
from simulator.robot.estop import CUT, NONE, SETTLE_THEN_CUT, EstopSystem
from simulator.robot.lease import LeaseBook
from simulator.robot.mobility import CommandProblem
from simulator.robot.power import MotorPower
from simulator.robot.robot import TICK, Robot
from simulator.robot.timestamps import to_duration, to_seconds, to_timestamp
from simulator.services.time_sync import estimate

Builder = RobotCommandBuilder
Feedback = basic_command_pb2.RobotCommandFeedbackStatus
Use = lease_pb2.LeaseUseResult


class Stepped:
    """A robot whose time passes only when it is told to."""

    def __init__(self) -> None:
        self.robot = Robot()
        self.ticks = 0

    @property
    def now(self) -> float:
        return self.robot.clock.at(self.ticks * TICK)

    def run(self, seconds: float) -> None:
        for _ in range(round(seconds / TICK)):
            self.ticks += 1
            self.robot.tick(self.ticks * TICK)

    def order(self, command: robot_command_pb2.RobotCommand) -> Order:
        order = read_command(command, self.robot.body, self.robot.frames, self.now)
        assert isinstance(order, Order)
        return order

    def walk(self, seconds: float, x: float = 0.5) -> int:
        command = Builder.synchro_velocity_command(x, 0.0, 0.0)
        request = command.synchronized_command.mobility_command.se2_velocity_request
        request.end_time.CopyFrom(to_timestamp(self.now + seconds))
        return self.robot.runner.accept(self.order(command)).command_id


@pytest.fixture
def stepped() -> Stepped:
    robot = Stepped()
    robot.robot.stand_up()
    return robot


def test_motion_ends_at_its_end_time(stepped: Stepped) -> None:
    number = stepped.walk(0.6)
    stepped.run(0.59)
    assert stepped.robot.body.velocity.x == pytest.approx(0.5)
    stepped.run(0.25)
    assert stepped.robot.body.velocity == Velocity()
    record = stepped.robot.runner.find(number)
    assert record is not None
    assert record.status == Feedback.STATUS_COMMAND_TIMED_OUT
    assert stepped.robot.body.is_standing


def test_velocities_sent_again_and_again_never_stutter(stepped: Stepped) -> None:
    stepped.walk(0.6)
    stepped.run(0.3)
    for _ in range(20):
        stepped.walk(0.6)
        stepped.run(0.1)
        assert stepped.robot.body.velocity.x == pytest.approx(0.5)


def test_two_runs_are_equal() -> None:
    bodies = []
    for _ in range(2):
        stepped = Stepped()
        stepped.robot.stand_up()
        stepped.walk(1.0)
        stepped.run(2.0)
        bodies.append(stepped.robot.body)
    assert bodies[0] == bodies[1]


def test_power_takes_a_second_and_off_overrides_on() -> None:
    stepped = Stepped()
    power = stepped.robot.power
    first = power.switch_on(0.0, estopped=False, faulted=False)
    assert first.status == power_pb2.STATUS_IN_PROGRESS
    assert power.switch_on(0.1, estopped=False, faulted=False).status == power_pb2.STATUS_COMMAND_IN_PROGRESS
    stepped.run(0.9)
    assert power.motors is MotorPower.POWERING_ON
    stepped.run(0.2)
    assert power.status(first.command_id) == power_pb2.STATUS_SUCCESS
    power.switch_off()
    second = power.switch_on(2.0, estopped=False, faulted=False)
    power.switch_off()
    assert power.status(second.command_id) == power_pb2.STATUS_OVERRIDDEN


def test_safe_power_off_sits_first(stepped: Stepped) -> None:
    record = stepped.robot.runner.accept(stepped.order(Builder.safe_power_off_command()))
    stepped.run(0.5)
    assert stepped.robot.power.is_on
    stepped.run(1.5)
    assert stepped.robot.body.is_sitting
    assert not stepped.robot.power.is_on
    assert record.status == Feedback.STATUS_PROCESSING


def test_cut_power_ends_the_command(stepped: Stepped) -> None:
    number = stepped.walk(5.0)
    stepped.run(0.5)
    stepped.robot.power.switch_off()
    stepped.run(0.5)
    record = stepped.robot.runner.find(number)
    assert record is not None
    assert record.status == Feedback.STATUS_COMMAND_OVERRIDDEN
    assert stepped.robot.body.is_sitting


def checked_in(estop: EstopSystem, uptime: float) -> estop_pb2.EstopEndpoint:
    endpoint = estop_pb2.EstopEndpoint(role="PDB_rooted", timeout=to_duration(1), cut_power_timeout=to_duration(3))
    estop.configure(estop_pb2.EstopConfig(endpoints=[endpoint]))
    assert estop.level(uptime) == CUT  # until the endpoint checks in
    registered = estop.register(endpoint)
    found = estop.find(registered)
    assert found is not None
    request = estop_pb2.EstopCheckInRequest(endpoint=registered, stop_level=NONE)
    assert not estop.check_in(found, request, uptime)  # there was no challenge yet
    request.challenge, request.response = found.challenge, found.challenge ^ (2**64 - 1)
    assert estop.check_in(found, request, uptime)
    return registered


@pytest.mark.parametrize(
    ("silence", "level"), [(0.9, NONE), (1.1, SETTLE_THEN_CUT), (2.9, SETTLE_THEN_CUT), (3.1, CUT)]
)
def test_silent_endpoint(silence: float, level: int) -> None:
    estop = EstopSystem()
    assert estop.level(0.0) == NONE  # no configuration is legal
    checked_in(estop, 10.0)
    assert estop.level(10.0 + silence) == level


def test_settle_makes_the_robot_sit_and_no_command_helps(stepped: Stepped) -> None:
    checked_in(stepped.robot.estop, 0.0)
    stepped.run(1.5)
    stepped.walk(2.0)
    stepped.run(1.0)
    assert stepped.robot.body.is_sitting
    assert not stepped.robot.power.is_on


def test_pictures_are_taken_fifteen_times_a_second(stepped: Stepped) -> None:
    moments = set()
    for _ in range(200):
        stepped.run(TICK)
        moments.add(stepped.robot.exposure.uptime)
    assert len(moments) in (30, 31)


@pytest.mark.parametrize(
    ("upper", "expected"),
    [((0.2, 0.1, 0.3), (0.2, 0.1, 0.3)), ((0.2, 0.0, 0.0), (0.2, 0.0, 0.0)), ((9.0, 9.0, 9.0), (1.0, 0.5, 0.4))],
)
def test_velocity_limit_of_mobility_params(
    stepped: Stepped, upper: tuple[float, float, float], expected: tuple[float, float, float]
) -> None:
    limit = geometry_pb2.SE2VelocityLimit()
    limit.max_vel.linear.x, limit.max_vel.linear.y, limit.max_vel.angular = upper
    params = spot_command_pb2.MobilityParams(vel_limit=limit)
    command = Builder.synchro_velocity_command(1.0, 0.5, 0.4, params=params)
    command.synchronized_command.mobility_command.se2_velocity_request.end_time.CopyFrom(to_timestamp(stepped.now + 3))
    stepped.robot.runner.accept(stepped.order(command))
    stepped.run(1.0)
    velocity = stepped.robot.body.velocity
    assert (velocity.x, velocity.y, velocity.turn) == pytest.approx(expected)


def test_foreign_params_are_invalid(stepped: Stepped) -> None:
    command = Builder.synchro_stand_command()
    command.synchronized_command.mobility_command.params.Pack(geometry_pb2.Vec3())
    problem = read_command(command, stepped.robot.body, stepped.robot.frames, stepped.now)
    assert isinstance(problem, CommandProblem)
    assert problem.status == robot_command_pb2.RobotCommandResponse.STATUS_INVALID_REQUEST


def test_goal_in_the_body_frame_is_where_the_body_was(stepped: Stepped) -> None:
    stepped.walk(0.6)
    stepped.run(0.6)
    command = Builder.synchro_se2_trajectory_point_command(1.0, 0.0, 0.0, frame_name="body")
    command.synchronized_command.mobility_command.se2_trajectory_request.end_time.CopyFrom(to_timestamp(stepped.now))
    order = stepped.order(command)
    assert isinstance(order.behaviour, GoTo)
    assert order.behaviour.goal.x == pytest.approx(stepped.robot.body.x + 1.0)


def test_velocity_in_vision_is_turned_into_the_world(stepped: Stepped) -> None:
    command = Builder.synchro_velocity_command(0.5, 0.0, 0.0, frame_name="vision")
    command.synchronized_command.mobility_command.se2_velocity_request.end_time.seconds = 1
    order = stepped.order(command)
    assert isinstance(order.behaviour, Walk)
    assert order.behaviour.heading == pytest.approx(stepped.robot.frames.vision.yaw)


def test_leases_of_parts_do_not_disturb_each_other() -> None:
    book = LeaseBook(stale_after=3.0)
    owner = lease_pb2.LeaseOwner(client_name="a")
    arm, legs = book.give("arm", owner, 0.0), book.give("mobility", owner, 0.0)
    assert not book.is_free("body", 1.0)
    assert book.is_free("gripper", 1.0)
    assert book.use(arm, "arm", 1.0).status == Use.STATUS_OK
    assert book.use(legs, "mobility", 1.0).status == Use.STATUS_OK
    assert book.use(legs, "body", 1.0).status == Use.STATUS_INVALID_LEASE
    whole = book.give("body", owner, 2.0)
    assert book.use(arm, "arm", 2.0).status == Use.STATUS_OLDER
    assert book.use(whole, "mobility", 2.0).status == Use.STATUS_OK


@given(st.lists(st.integers(1, 6), min_size=1, max_size=12))
def test_a_lease_is_good_only_if_it_is_not_older_than_the_last_good_one(numbers: list[int]) -> None:
    book = LeaseBook(stale_after=3.0)
    root = Lease(book.give("body", lease_pb2.LeaseOwner(client_name="a"), 0.0))
    newest = 0
    for number in numbers:
        lease = root.create_sublease()
        lease.lease_proto.sequence[-1] = number
        result = book.use(lease.lease_proto, "body", 0.0)
        assert (result.status == Use.STATUS_OK) == (number >= newest)
        newest = max(newest, number)


@given(st.floats(-1000, 1000), st.floats(0, 0.5), st.floats(0, 0.5), st.floats(0, 0.1))
def test_skew_is_estimated_to_half_a_round_trip(skew: float, out: float, back: float, inside: float) -> None:
    sent = 1_000_000.0
    trip = time_sync_pb2.TimeSyncRoundTrip(
        client_tx=to_timestamp(sent),
        server_rx=to_timestamp(sent + out + skew),
        server_tx=to_timestamp(sent + out + inside + skew),
        client_rx=to_timestamp(sent + out + inside + back),
    )
    result = estimate(trip)
    assert result.round_trip == pytest.approx(out + back, abs=1e-6)
    assert abs(result.skew - skew) <= (out + back) / 2 + 1e-6


@given(st.floats(-1e6, 1e6))
def test_durations_survive(seconds: float) -> None:
    duration = to_duration(seconds)
    assert to_seconds(duration) == pytest.approx(seconds, abs=1e-6)
    assert duration.seconds * duration.nanos >= 0
