"""Leases between two clients: hijacking, going stale, parts of the body."""

from __future__ import annotations

import time

import pytest
from bosdyn.api import lease_pb2
from bosdyn.client.exceptions import LeaseUseError
from bosdyn.client.lease import (
    Lease,
    LeaseClient,
    LeaseKeepAlive,
    LeaseNotOwnedByWallet,
    NotActiveLeaseError,
    ResourceAlreadyClaimedError,
)
from bosdyn.client.robot import Robot
from bosdyn.client.robot_command import RobotCommandBuilder, RobotCommandClient

from simulator.fake_spot import FakeSpot
from simulator.robot.robot import RobotSettings
from simulator.testing import connect

Result = lease_pb2.LeaseUseResult


def leases(robot: Robot) -> LeaseClient:
    return robot.ensure_client(LeaseClient.default_service_name)


def walk(robot: Robot, seconds: float = 0.6) -> None:
    command = RobotCommandBuilder.synchro_velocity_command(0.3, 0.0, 0.0)
    client = robot.ensure_client(RobotCommandClient.default_service_name)
    client.robot_command(command, end_time_secs=time.time() + seconds, timeout=5)


def owner(robot: Robot, resource: str = "body") -> str:
    listed = {each.resource: each for each in leases(robot).list_leases(timeout=5)}
    return str(listed[resource].lease_owner.client_name)


def test_hijack_is_told_to_the_old_owner_by_name() -> None:
    with FakeSpot() as spot:
        spot.stand_up()
        first, second = connect(spot, "first"), connect(spot, "second")
        mine = leases(first).acquire(timeout=5)
        walk(first)
        with pytest.raises(ResourceAlreadyClaimedError) as error:
            leases(second).acquire(timeout=5)
        assert error.value.response.lease_owner.client_name.startswith("first")
        theirs = leases(second).take(timeout=5)
        assert mine.compare(theirs) is Lease.CompareResult.OLDER
        assert owner(first).startswith("second")
        with pytest.raises(LeaseUseError) as lost:
            leases(first).retain_lease(mine, timeout=5)
        result = lost.value.response.lease_use_result
        assert result.status == Result.STATUS_OLDER
        assert result.owner.client_name.startswith("second")
        with pytest.raises((LeaseUseError, LeaseNotOwnedByWallet)):
            walk(first)
        with pytest.raises(NotActiveLeaseError):
            leases(first).return_lease(mine, timeout=5)
        walk(second)
        leases(first).take(timeout=5)
        walk(first)
        assert owner(second).startswith("first")


def test_keepalive_of_the_old_owner_hears_of_the_hijack() -> None:
    with FakeSpot() as spot:
        robot = connect(spot, "driver")
        heard: list[Exception] = []

        def hear(error: Exception) -> None:
            heard.append(error)

        with LeaseKeepAlive(leases(robot), must_acquire=True, rpc_interval_seconds=0.1, on_failure_callback=hear):
            spot.take_lease("tablet")
            spot.wait_for(lambda truth: bool(heard), 10.0, "the failure of the keepalive")
        assert isinstance(heard[0], LeaseUseError)
        assert heard[0].response.lease_use_result.owner.client_name == "tablet"


def test_stale_lease_can_be_acquired_and_its_owner_can_still_use_it() -> None:
    with FakeSpot(settings=RobotSettings(lease_stale_after=0.3)) as spot:
        spot.stand_up()
        first, second = connect(spot, "first"), connect(spot, "second")
        leases(first).acquire(timeout=5)
        spot.wait_for(lambda truth: leases(second).list_leases(timeout=5)[0].is_stale, 10.0, "a stale lease")
        walk(first)
        spot.wait_for(lambda truth: leases(second).list_leases(timeout=5)[0].is_stale, 10.0, "a stale lease")
        leases(second).acquire(timeout=5)
        with pytest.raises((LeaseUseError, LeaseNotOwnedByWallet)):
            walk(first)


def test_who_takes_the_legs_takes_them_from_the_body() -> None:
    with FakeSpot() as spot:
        spot.stand_up()
        first, second = connect(spot, "first"), connect(spot, "second")
        leases(first).acquire(timeout=5)
        leases(second).take("mobility", timeout=5)
        assert owner(first, "mobility").startswith("second")
        assert owner(first, "gripper").startswith("first")
        with pytest.raises((LeaseUseError, LeaseNotOwnedByWallet)):
            walk(first)
