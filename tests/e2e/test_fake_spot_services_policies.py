"""Keepalive policies and AutoReturn: what becomes of the robot when its client falls silent."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest
from bosdyn.api import data_buffer_pb2
from bosdyn.api.auto_return import auto_return_pb2
from bosdyn.api.keepalive import keepalive_pb2
from bosdyn.client.auto_return import AutoReturnClient, InvalidParameterError
from bosdyn.client.exceptions import InvalidRequestError, RpcError
from bosdyn.client.keepalive import (
    InvalidLeaseError,
    InvalidPolicyError,
    KeepaliveClient,
    Policy,
    PolicyKeepalive,
    remove_all_policies,
)
from bosdyn.client.lease import LeaseClient
from bosdyn.client.power import KeepaliveMotorsOffError, PowerClient, power_on_motors
from bosdyn.client.robot import Robot
from bosdyn.client.robot_command import RobotCommandBuilder, RobotCommandClient
from bosdyn.client.robot_state import RobotStateClient

from simulator.fake_spot import FakeSpot
from simulator.testing import connect

Status = keepalive_pb2.GetStatusResponse
Action = keepalive_pb2.ActionAfter


@pytest.fixture
def spot() -> Iterator[FakeSpot]:
    with FakeSpot() as spot:
        spot.stand_up()
        yield spot


def driver(spot: FakeSpot) -> Robot:
    robot = connect(spot, "driver")
    robot.ensure_client(LeaseClient.default_service_name).acquire(timeout=5)
    return robot


def policies(robot: Robot) -> KeepaliveClient:
    return robot.ensure_client(KeepaliveClient.default_service_name)


def policy(*fill: Callable[[Policy], None]) -> Policy:
    made = Policy()
    made.name = "test"
    for each in fill:
        each(made)
    return made


def add(robot: Robot, made: Policy) -> int:
    return policies(robot).modify_policy(to_add=made, timeout=5).added_policy.policy_id


def raw(name: str, after: float) -> Policy:
    """A policy with an action that the SDK's helper class has no method for."""
    made = Policy()
    made._configure_action(after, lambda action: getattr(action, name).SetInParent())
    return made


def walk(robot: Robot, x: float = 0.4, seconds: float = 20.0) -> None:
    command = RobotCommandBuilder.synchro_velocity_command(x, 0.0, 0.0)
    client = robot.ensure_client(RobotCommandClient.default_service_name)
    client.robot_command(command, end_time_secs=time.time() + seconds, timeout=5)


def controls(robot: Robot) -> list[int]:
    return list(policies(robot).get_status(timeout=5).active_control_actions)


def test_client_that_checks_in_keeps_walking_until_it_falls_silent(spot: FakeSpot) -> None:
    robot = driver(spot)
    made = policy(lambda new: new.add_controlled_motors_off_action(2.0))
    keeper = PolicyKeepalive(policies(robot), made, rpc_interval_seconds=0.2, rpc_timeout_seconds=5)
    with keeper:
        began = spot.truth().uptime
        walk(robot)
        spot.wait_for(lambda truth: truth.uptime > began + 3.0)
        assert spot.truth().speed > 0.3
        assert policies(robot).get_status(timeout=5).status[0].client_name.startswith("driver")
    spot.wait_for(lambda truth: truth.posture == "changing", 5.0)
    spot.wait_for(lambda truth: not truth.powered and truth.height < 0.15, 5.0)
    assert controls(robot) == [Status.POLICY_CONTROL_ACTION_MOTORS_OFF]
    power = robot.ensure_client(PowerClient.default_service_name)
    with pytest.raises(KeepaliveMotorsOffError):
        power_on_motors(power, timeout_sec=5)
    keeper.remove_policy()
    power_on_motors(power, timeout_sec=10)
    assert controls(robot) == []


def test_policy_is_removed_at_exit_if_that_is_asked(spot: FakeSpot) -> None:
    robot = driver(spot)
    made = policy(lambda new: new.add_controlled_motors_off_action(30.0))
    with PolicyKeepalive(policies(robot), made, remove_policy_on_exit=True):
        assert [live.policy.name for live in policies(robot).get_status(timeout=5).status] == ["test"]
    assert not policies(robot).get_status(timeout=5).status


def test_halt_stops_the_robot_where_it_stands(spot: FakeSpot) -> None:
    robot = driver(spot)
    number = add(robot, raw("halt_robot", 0.6))
    walk(robot)
    spot.wait_for(lambda truth: truth.speed > 0.2)
    spot.wait_for(lambda truth: truth.speed == 0.0, 5.0)
    assert spot.truth().posture == "standing"
    assert controls(robot) == [Status.POLICY_CONTROL_ACTION_HALT]
    policies(robot).check_in(number, timeout=5)
    walk(robot)
    spot.wait_for(lambda truth: truth.speed > 0.2)


def test_immediate_motors_off_lets_the_robot_fall(spot: FakeSpot) -> None:
    robot = driver(spot)
    add(robot, raw("immediate_motors_off", 0.3))
    spot.wait_for(lambda truth: not truth.powered, 5.0)
    spot.wait_for(lambda truth: truth.height < 0.15, 5.0)
    assert controls(robot) == [Status.POLICY_CONTROL_ACTION_IMMEDIATE_MOTORS_OFF]


def test_robot_off_answers_nobody_any_more(spot: FakeSpot) -> None:
    robot = driver(spot)
    add(robot, policy(lambda new: new.add_immediate_robot_off_action(0.3)))
    spot.wait_for(lambda truth: not truth.powered, 5.0)
    with pytest.raises(RpcError):
        robot.ensure_client(RobotStateClient.default_service_name).get_robot_state(timeout=5)


def test_event_is_recorded_once_and_lease_goes_stale(spot: FakeSpot) -> None:
    robot, tablet = driver(spot), connect(spot, "tablet")
    lease = robot.lease_wallet.get_lease()
    event = data_buffer_pb2.Event(type="bosdyn:test", description="silent", id="1")
    add(robot, policy(lambda new: new.add_record_event_action([event], 0.2)))
    add(robot, policy(lambda new: new.add_lease_stale_action([lease], 0.3)))
    spot.wait_for(lambda truth: bool(spot.robot.data_buffer.events), 5.0)
    leases = tablet.ensure_client(LeaseClient.default_service_name)
    spot.wait_for(lambda truth: all(each.is_stale for each in leases.list_leases(timeout=5)), 5.0, "stale leases")
    assert leases.acquire(timeout=5)
    assert [each.description for each in spot.robot.data_buffer.events] == ["silent"]
    assert controls(robot) == []


def test_policy_ends_with_the_lease_that_it_is_tied_to(spot: FakeSpot) -> None:
    robot = driver(spot)
    lease = robot.lease_wallet.get_lease()
    made = policy(lambda new: new.add_controlled_motors_off_action(30.0), lambda new: new.add_associated_lease(lease))
    number = add(robot, made)
    policies(robot).check_in(number, timeout=5)
    spot.take_lease("tablet")
    spot.wait_for(lambda truth: not policies(robot).get_status(timeout=5).status)
    with pytest.raises(InvalidPolicyError):
        policies(robot).check_in(number, timeout=5)
    with pytest.raises(InvalidLeaseError):
        add(robot, made)


def test_what_is_refused(spot: FakeSpot) -> None:
    robot = driver(spot)
    with pytest.raises(InvalidRequestError):
        add(robot, Policy())
    with pytest.raises(InvalidRequestError):
        add(robot, policy(lambda new: new.add_controlled_motors_off_action(0.0)))
    with pytest.raises(InvalidRequestError):
        add(robot, policy(lambda new: new.add_auto_return_action([], auto_return_pb2.Params(), 5.0)))
    with pytest.raises(InvalidPolicyError):
        policies(robot).modify_policy(policy_ids_to_remove=[77], timeout=5)
    add(robot, policy(lambda new: new.add_controlled_motors_off_action(30.0)))
    remove_all_policies(policies(robot))
    assert not policies(robot).get_status(timeout=5).status


def test_auto_return_walks_back_the_way_it_came(spot: FakeSpot) -> None:
    robot = driver(spot)
    client = robot.ensure_client(AutoReturnClient.default_service_name)
    walk(robot, 0.8, 2.5)
    spot.wait_for(lambda truth: truth.x > 1.2)
    spot.wait_for(lambda truth: truth.speed == 0.0)
    turning_point = spot.truth().x
    lease = robot.lease_wallet.advance()
    client.start(auto_return_pb2.Params(max_displacement=0.8), [lease], timeout=5)
    spot.wait_for(lambda truth: truth.speed > 0.2)
    spot.wait_for(lambda truth: truth.speed == 0.0, 10.0)
    assert turning_point - spot.truth().x == pytest.approx(0.8, abs=0.35)


def test_auto_return_by_policy_ends_when_the_client_is_back(spot: FakeSpot) -> None:
    robot = driver(spot)
    walk(robot, 0.8, 3.0)
    spot.wait_for(lambda truth: truth.x > 1.5)
    spot.wait_for(lambda truth: truth.speed == 0.0)
    far = spot.truth().x
    lease = robot.lease_wallet.advance()
    params = auto_return_pb2.Params(max_displacement=5.0)
    number = add(robot, policy(lambda new: new.add_auto_return_action([lease], params, 0.3)))
    spot.wait_for(lambda truth: truth.x < far - 0.3, 10.0)
    assert controls(robot) == [Status.POLICY_CONTROL_ACTION_AUTO_RETURN]
    policies(robot).check_in(number, timeout=5)
    stopped = spot.wait_for(lambda truth: truth.speed == 0.0, 5.0)
    assert stopped.x > 0.5


def test_what_auto_return_refuses(spot: FakeSpot) -> None:
    robot = driver(spot)
    client = robot.ensure_client(AutoReturnClient.default_service_name)
    with pytest.raises(InvalidRequestError):
        client.start(timeout=5)
    with pytest.raises(InvalidParameterError):
        client.configure(auto_return_pb2.Params(), [], timeout=5)
    lease = robot.lease_wallet.advance()
    client.configure(auto_return_pb2.Params(max_displacement=2.0), [lease], timeout=5)
    kept = client.get_configuration(timeout=5)
    assert kept.enabled
    assert kept.request.params.max_displacement == 2.0
    spot.take_lease("tablet")
    with pytest.raises(InvalidRequestError):
        client.start(timeout=5)
