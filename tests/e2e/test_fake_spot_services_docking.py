"""Docking, undocking, and what a docked robot refuses."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from bosdyn.api import robot_state_pb2, world_object_pb2
from bosdyn.api.docking import docking_pb2
from bosdyn.client.docking import DockingClient, blocking_dock_robot, blocking_undock, get_dock_id
from bosdyn.client.exceptions import InvalidRequestError, ResponseError
from bosdyn.client.frame_helpers import get_a_tform_b
from bosdyn.client.lease import LeaseClient, LeaseNotOwnedByWallet
from bosdyn.client.power import power_on_motors
from bosdyn.client.robot import Robot
from bosdyn.client.robot_command import DockedError, RobotCommandBuilder, RobotCommandClient, blocking_stand
from bosdyn.client.robot_state import RobotStateClient
from bosdyn.client.world_object import WorldObjectClient
from bosdyn.util import now_sec, seconds_to_timestamp

from simulator.fake_spot import FakeSpot
from simulator.robot.battery import BatterySettings
from simulator.robot.behaviours import PlanarPose
from simulator.robot.docks import Dock
from simulator.robot.robot import RobotSettings
from simulator.testing import connect

DOCK = Dock(520, PlanarPose(1.6, 0.0, 0.0))
FAR = Dock(521, PlanarPose(50.0, 0.0, 0.0))
SETTINGS = RobotSettings(docks=(DOCK, FAR))
Feedback = docking_pb2.DockingCommandFeedbackResponse
Response = docking_pb2.DockingCommandResponse
State = docking_pb2.DockState
Power = robot_state_pb2.PowerState


@pytest.fixture
def spot() -> Iterator[FakeSpot]:
    with FakeSpot(settings=SETTINGS) as spot:
        yield spot


def driver(spot: FakeSpot, *, standing: bool = True) -> Robot:
    if standing:
        spot.stand_up()
    robot = connect(spot, "driver")
    robot.ensure_client(LeaseClient.default_service_name).acquire(timeout=5)
    return robot


def docking(robot: Robot) -> DockingClient:
    return robot.ensure_client(DockingClient.default_service_name)


def start(robot: Robot, dock_id: int = 520, seconds: float = 30.0, clock: str | None = None, prep: int = 1) -> int:
    end = robot.time_sync.robot_timestamp_from_local_secs(now_sec() + seconds)
    clock = robot.time_sync.endpoint.clock_identifier if clock is None else clock
    return docking(robot).docking_command(dock_id, clock, end, prep, timeout=5)


def feedback(robot: Robot, number: int) -> int:
    return int(docking(robot).docking_command_feedback_full(number, timeout=5).status)


def outcome(spot: FakeSpot, robot: Robot, number: int) -> str:
    progress = Feedback.STATUS_IN_PROGRESS
    spot.wait_for(lambda truth: feedback(robot, number) != progress, 20.0, "the end of the docking command")
    return Feedback.Status.Name(feedback(robot, number))


def power_state(robot: Robot) -> robot_state_pb2.PowerState:
    return robot.ensure_client(RobotStateClient.default_service_name).get_robot_state(timeout=5).power_state


def test_dock_and_undock_as_the_sdk_does(spot: FakeSpot) -> None:
    robot = driver(spot)
    assert get_dock_id(robot) is None
    assert blocking_dock_robot(robot, 520, timeout=30) == 0
    assert get_dock_id(robot) == 520
    truth = spot.truth()
    assert (truth.x, truth.y) == pytest.approx((1.6, 0.0), abs=0.05)
    assert not truth.powered
    state = power_state(robot)
    assert state.shore_power_state == Power.SHORE_POWER_STATE_ON
    assert state.motor_power_state == Power.MOTOR_POWER_STATE_OFF
    commands = robot.ensure_client(RobotCommandClient.default_service_name)
    power_on_motors(robot.ensure_client("power"), timeout_sec=10)
    with pytest.raises(DockedError):
        commands.robot_command(RobotCommandBuilder.synchro_stand_command(), timeout=5)
    blocking_undock(robot, timeout=30)
    assert get_dock_id(robot) is None
    assert spot.truth().x == pytest.approx(0.6, abs=0.1)
    blocking_stand(commands, timeout_sec=10)
    assert power_state(robot).shore_power_state == Power.SHORE_POWER_STATE_OFF


def test_robot_that_boots_in_its_dock(tmp_path: Path) -> None:
    with FakeSpot(settings=RobotSettings(docks=(DOCK,), docked_at=520)) as spot:
        robot = driver(spot, standing=False)
        state = docking(robot).get_docking_state(timeout=5)
        assert state.status == State.DOCK_STATUS_DOCKED
        assert state.power_status == State.LINK_STATUS_CONNECTED
        assert state.dock_type == docking_pb2.DOCK_TYPE_SPOT_DOCK
        assert spot.truth().x == 1.6
        ranges = docking(robot).get_docking_config(timeout=5)
        assert any(each.id_start <= 520 <= each.id_end for each in ranges)
        battery = robot.ensure_client("robot-state").get_robot_state(timeout=5).battery_states[0]
        assert battery.status == battery.STATUS_CHARGING
        number = start(robot)
        spot.wait_for(lambda truth: feedback(robot, number) != Feedback.STATUS_IN_PROGRESS)
        assert feedback(robot, number) == Feedback.STATUS_DOCKED


def test_prep_pose_only(spot: FakeSpot) -> None:
    robot = driver(spot)
    number = start(robot, prep=docking_pb2.PREP_POSE_ONLY_POSE)
    assert docking(robot).get_docking_state(timeout=5).status == State.DOCK_STATUS_DOCKING
    assert outcome(spot, robot, number) == "STATUS_AT_PREP_POSE"
    assert spot.truth().x == pytest.approx(0.6, abs=0.1)
    assert spot.truth().powered


@pytest.mark.parametrize(("dock_id", "name"), [(521, "far away"), (555, "unknown")])
def test_dock_that_is_not_found(spot: FakeSpot, dock_id: int, name: str) -> None:
    robot = driver(spot)
    with pytest.raises(ResponseError) as error:
        start(robot, dock_id)
    assert error.value.response.status == Response.STATUS_ERROR_DOCK_NOT_FOUND, name


def test_what_a_docking_command_refuses(spot: FakeSpot) -> None:
    robot = driver(spot)
    with pytest.raises(ResponseError) as error:
        start(robot, 0, prep=docking_pb2.PREP_POSE_UNDOCK)
    assert error.value.response.status == Response.STATUS_ERROR_NOT_DOCKED
    assert outcome(spot, robot, start(robot, clock="nobody")) == "STATUS_ERROR_NO_TIMESYNC"
    assert outcome(spot, robot, start(robot, seconds=7200.0)) == "STATUS_ERROR_TOO_DISTANT"
    assert outcome(spot, robot, start(robot, seconds=0.2)) == "STATUS_ERROR_COMMAND_TIMED_OUT"
    with pytest.raises(InvalidRequestError):
        docking(robot).docking_command_feedback_full(999, timeout=5)
    spot.robot.power.switch_off()
    with pytest.raises(ResponseError) as error:
        start(robot)
    assert error.value.response.status == Response.STATUS_ERROR_SYSTEM


def test_docking_ends_when_the_lease_is_taken(spot: FakeSpot) -> None:
    robot = driver(spot)
    number = start(robot)
    spot.wait_for(lambda truth: truth.speed > 0.1)
    spot.take_lease("tablet")
    assert outcome(spot, robot, number) == "STATUS_ERROR_LEASE"
    spot.wait_for(lambda truth: truth.speed == 0.0)
    with pytest.raises(LeaseNotOwnedByWallet):  # the feedback told the SDK's wallet who holds the lease now
        start(robot)


def test_docking_is_overridden_by_a_command_and_by_another_docking(spot: FakeSpot) -> None:
    robot = driver(spot)
    first, second = start(robot), start(robot)
    assert outcome(spot, robot, first) == "STATUS_OLD_DOCKING_COMMAND"
    commands = robot.ensure_client(RobotCommandClient.default_service_name)
    commands.robot_command(RobotCommandBuilder.synchro_stand_command(), timeout=5)
    assert outcome(spot, robot, second) == "STATUS_OLD_DOCKING_COMMAND"


def test_end_time_can_be_moved(spot: FakeSpot) -> None:
    robot = driver(spot)
    number = start(robot, seconds=60)
    sooner = seconds_to_timestamp(spot.robot.clock.now())
    docking(robot).docking_command_feedback_full(number, end_time=sooner, timeout=5)
    assert outcome(spot, robot, number) == "STATUS_ERROR_COMMAND_TIMED_OUT"


def test_fiducial_in_a_scene_is_a_dock(tmp_path: Path) -> None:
    path = tmp_path / "dock.yaml"
    path.write_text(
        "name: dock\nduration: 60\nobjects:\n"
        "  - {kind: apriltag, name: the dock, id: 523, position: [2.5, 0.5, 0.3], yaw: 180 deg}\n"
    )
    with FakeSpot(path) as spot:
        robot = driver(spot)
        assert blocking_dock_robot(robot, 523, timeout=30) == 0
        truth = spot.truth()
        assert truth.x < 2.0
        assert truth.y == pytest.approx(0.5, abs=0.05)
        assert math.cos(truth.yaw) == pytest.approx(1.0, abs=0.01)
    with FakeSpot(path, settings=RobotSettings(docked_at=523)) as spot:
        assert get_dock_id(connect(spot)) == 523
        assert spot.truth().x == pytest.approx(1.75)
    with pytest.raises(ValueError, match="523"):
        FakeSpot(path, settings=RobotSettings(docked_at=524))


def test_docking_takes_robot_time_not_the_hosts() -> None:
    with FakeSpot(clock_skew=-400.0, settings=SETTINGS) as spot:
        robot = driver(spot)
        began = time.monotonic()
        assert blocking_dock_robot(robot, 520, timeout=30) == 0
        assert time.monotonic() - began < 30


def test_docks_are_objects_of_the_world_and_charge_the_battery() -> None:
    settings = RobotSettings(docks=(DOCK, FAR), docked_at=520, battery=BatterySettings(charging_time=20.0), charge=0.5)
    with FakeSpot(settings=settings) as spot:
        robot = connect(spot)
        kinds = [world_object_pb2.WORLD_OBJECT_DOCK]
        found = robot.ensure_client(WorldObjectClient.default_service_name).list_world_objects(kinds, timeout=5)
        assert [each.dock_properties.dock_id for each in found.world_objects] == [520]
        dock = found.world_objects[0]
        place = get_a_tform_b(dock.transforms_snapshot, "flat_body", dock.dock_properties.frame_name_dock)
        assert (place.x, place.y) == pytest.approx((0.0, 0.0), abs=1e-3)
        states = robot.ensure_client(RobotStateClient.default_service_name)
        spot.wait_for(
            lambda truth: states.get_robot_state(timeout=5).battery_states[0].charge_percentage.value > 55, 10.0
        )


def test_docking_does_not_outdo_the_estop_nor_a_fault(spot: FakeSpot) -> None:
    robot = driver(spot)
    number = start(robot)
    spot.wait_for(lambda truth: truth.speed > 0.1)
    spot.press_estop()
    outcome(spot, robot, number)
    assert spot.truth().speed == 0.0
    assert spot.journal.commands[-1].command == "docking_command"
    spot.press_estop(pressed=False)
    spot.stand_up()
    spot.raise_behavior_fault(robot_state_pb2.BehaviorFault.CAUSE_FALL)
    assert outcome(spot, robot, start(robot)) == "STATUS_ERROR_SYSTEM"
