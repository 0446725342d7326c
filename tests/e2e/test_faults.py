"""What goes wrong on purpose, and what a client of the official SDK sees of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pytest
from bosdyn.api import image_pb2, robot_state_pb2
from bosdyn.client import exceptions, image, robot_command
from bosdyn.client.estop import EstopClient, EstopEndpoint, EstopKeepAlive
from bosdyn.client.exceptions import LeaseUseError
from bosdyn.client.image import build_image_request
from bosdyn.client.lease import LeaseClient, NoSuchLease
from bosdyn.client.robot import Robot
from bosdyn.client.robot_command import RobotCommandBuilder

from simulator.errors import SceneError
from simulator.events import FaultBegan, FaultEnded, SimulatorEvent
from simulator.fake_spot import FakeSpot
from simulator.scene import Scene
from simulator.scene.faults import Fault
from simulator.testing import connect

EYE, DEPTH = "left_fisheye_image", "left_depth"
STANDING = robot_state_pb2.BehaviorState.STATE_STANDING
DEADLINE = 20.0


@dataclass
class Bench:
    """A fake Spot that stands, and a client that holds its lease."""

    spot: FakeSpot
    robot: Robot

    def let(self, fault: str, **details: object) -> None:
        """Let something go wrong now, and wait until it has."""
        before = len(self.begun())
        self.spot.schedule({"fault": fault, "at": 0.0, **details})
        self.wait(lambda: len(self.begun()) > before)

    def begun(self) -> list[str]:
        return [event.detail for event in self.spot.journal.events if event.name == "fault begins"]

    def ended(self) -> list[str]:
        return [event.detail for event in self.spot.journal.events if event.name == "fault ends"]

    def wait(self, condition: Callable[[], bool]) -> None:
        self.spot.wait_for(lambda truth: condition(), timeout=DEADLINE)

    def picture(self, name: str = EYE, timeout: float = 5.0) -> image_pb2.ImageCapture:
        request = [build_image_request(name)]
        return self.robot.ensure_client("image").get_image(request, timeout=timeout)[0].shot

    def walk(self) -> int:
        command = RobotCommandBuilder.synchro_velocity_command(0.3, 0, 0)
        client = self.robot.ensure_client("robot-command")
        return int(client.robot_command(command, end_time_secs=time.time() + 0.6, timeout=5))

    def state(self, timeout: float = 5.0) -> robot_state_pb2.RobotState:
        return self.robot.ensure_client("robot-state").get_robot_state(timeout=timeout)


@pytest.fixture
def bench() -> Iterator[Bench]:
    with FakeSpot() as spot:
        robot = connect(spot)
        spot.stand_up()
        robot.ensure_client(LeaseClient.default_service_name).acquire(timeout=5)
        yield Bench(spot, robot)
        robot.time_sync.stop()


def taken_at(shot: image_pb2.ImageCapture) -> float:
    return float(shot.acquisition_time.ToNanoseconds() / 1e9)


# -- cameras ---------------------------------------------------------------------------------------------------------


def test_a_frozen_camera_keeps_its_picture_and_its_time(bench: Bench) -> None:
    bench.let("cameras frozen", sources=[EYE], **{"for": 1.5})
    first = bench.picture()
    seen = bench.spot.truth().uptime
    bench.spot.wait_for(lambda truth: truth.uptime > seen + 0.3)
    if not bench.ended():
        assert taken_at(bench.picture()) == taken_at(first)
        assert taken_at(bench.picture(DEPTH)) > taken_at(first)
    bench.wait(lambda: bool(bench.ended()))
    assert taken_at(bench.picture()) > taken_at(first)


def test_a_dropped_picture_is_a_source_data_error(bench: Bench) -> None:
    bench.let("cameras dropped", sources=[EYE])
    with pytest.raises(image.SourceDataError):
        bench.picture()
    assert bench.picture(DEPTH).image.data


def test_a_black_camera_serves_good_pictures_of_nothing(bench: Bench) -> None:
    bench.let("cameras black")
    for shot in (bench.picture(), bench.picture()):
        assert not np.any(cv2.imdecode(np.frombuffer(shot.image.data, np.uint8), cv2.IMREAD_GRAYSCALE) > 8)
    assert not np.any(np.frombuffer(bench.picture(DEPTH).image.data, np.uint16))


def test_a_corrupt_jpeg_cannot_be_decoded(bench: Bench) -> None:
    bench.let("cameras corrupt", **{"for": 3.0})
    shot = bench.picture()
    assert len(shot.image.data) > 100
    assert cv2.imdecode(np.frombuffer(shot.image.data, np.uint8), cv2.IMREAD_COLOR) is None
    bench.wait(lambda: bool(bench.ended()))
    shot = bench.picture()
    assert cv2.imdecode(np.frombuffer(shot.image.data, np.uint8), cv2.IMREAD_COLOR) is not None


def test_a_late_picture_is_old_when_it_comes(bench: Bench) -> None:
    bench.let("cameras late", by=0.8)
    shot = bench.picture(timeout=20)
    assert bench.spot.robot_time() - taken_at(shot) > 0.75


# -- calls and connections -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("UNAVAILABLE", exceptions.UnableToConnectToRobotError),
        ("DEADLINE_EXCEEDED", exceptions.TimedOutError),
        ("RESOURCE_EXHAUSTED", exceptions.RpcError),
        ("INTERNAL", exceptions.RpcError),
    ],
)
def test_calls_fail_with_a_status(bench: Bench, status: str, expected: type[Exception]) -> None:
    bench.let("calls fail", method="RobotStateService/*", status=status)
    with pytest.raises(expected):
        bench.state()
    assert bench.picture().image.data


def test_a_call_that_hangs_ends_with_the_client_s_patience_and_is_never_obeyed(bench: Bench) -> None:
    bench.let("calls hang", method="RobotCommandService/RobotCommand", **{"for": 2.0})
    client = bench.robot.ensure_client("robot-command")
    before = time.monotonic()
    with pytest.raises(exceptions.TimedOutError):
        client.robot_command(RobotCommandBuilder.synchro_sit_command(), timeout=0.5)
    assert time.monotonic() - before < 5.0
    bench.wait(lambda: bool(bench.ended()))
    bench.walk()
    assert [command.command for command in bench.spot.journal.commands] == ["se2_velocity_request"]


def test_calls_are_slow(bench: Bench) -> None:
    bench.let("calls slow", method="RobotStateService/GetRobotState", by=0.5)
    before = time.monotonic()
    bench.state(timeout=20)
    assert time.monotonic() - before > 0.45


def test_a_cut_connection_comes_back_and_the_lease_is_still_good(bench: Bench) -> None:
    bench.walk()
    bench.let("connection cut", **{"for": 1.0})
    if not bench.ended():
        with pytest.raises(exceptions.RpcError):
            bench.state(timeout=0.5)
    bench.wait(lambda: bool(bench.ended()))

    def is_back() -> bool:
        try:
            return bench.state(timeout=2.0).behavior_state.state == STANDING
        except exceptions.RpcError:  # gRPC waits longer and longer between attempts
            return False

    bench.wait(is_back)
    assert bench.walk() > 0


def test_a_fake_spot_stops_in_good_order_while_its_connection_is_cut() -> None:
    with FakeSpot(faults=[{"fault": "connection cut", "at": 0}, {"fault": "calls hang", "at": 0}]) as spot:
        spot.wait_for(lambda truth: len(spot.journal.events) >= 2)


# -- people, tokens, clocks ------------------------------------------------------------------------------------------


def test_a_tablet_takes_the_lease_and_gives_it_back(bench: Bench) -> None:
    bench.walk()
    bench.let("lease taken", by="a tablet", **{"for": 1.0})
    with pytest.raises(LeaseUseError) as refused:
        bench.walk()
    result = refused.value.response.lease_use_result
    assert result.status == result.STATUS_OLDER
    bench.wait(lambda: bool(bench.ended()))
    bench.robot.ensure_client("lease").acquire(timeout=5)
    assert bench.walk() > 0


def test_a_pressed_estop_cuts_power_and_shows(bench: Bench) -> None:
    bench.let("estop pressed", **{"for": 1.0})
    bench.wait(lambda: bool(bench.ended()))
    assert not bench.spot.truth().powered
    with pytest.raises(robot_command.NotPoweredOnError):
        bench.walk()


def test_a_silent_endpoint_times_out() -> None:
    with FakeSpot() as spot:
        robot = connect(spot)
        client = robot.ensure_client(EstopClient.default_service_name)
        endpoint = EstopEndpoint(client, "test", 2.0, estop_cut_power_timeout=2.5)
        endpoint.force_simple_setup()
        with EstopKeepAlive(endpoint, rpc_timeout_seconds=0.5, rpc_interval_seconds=0.2):
            spot.wait_for(lambda truth: truth.estop_level == "ESTOP_LEVEL_NONE", timeout=DEADLINE)
            spot.stand_up()
            spot.schedule({"fault": "estop silent", "at": 0.0})
            spot.wait_for(lambda truth: not truth.powered, timeout=DEADLINE)
            assert robot.is_estopped(timeout=5)


def test_expired_tokens_are_refused(bench: Bench) -> None:
    bench.let("tokens expired")
    with pytest.raises(exceptions.UnauthenticatedError):
        bench.state()


def test_a_clock_jump_expires_commands_until_the_next_sync(bench: Bench) -> None:
    bench.let("clock jump", by="5 s")
    with pytest.raises(robot_command.ExpiredError):
        bench.walk()
    bench.robot.time_sync.endpoint.establish_timesync(max_samples=30)  # until the robot keeps no older sample
    assert bench.walk() > 0


def test_forgotten_clocks_need_a_new_sync(bench: Bench) -> None:
    bench.let("clocks forgotten")
    with pytest.raises(robot_command.NoTimeSyncError):
        bench.walk()


# -- the robot itself ------------------------------------------------------------------------------------------------


def test_a_low_battery_shows(bench: Bench) -> None:
    bench.let("battery low", charge=0.04)
    bench.wait(lambda: bench.state().battery_states[0].charge_percentage.value < 5)


def test_a_behavior_fault_stops_commands_until_it_is_gone(bench: Bench) -> None:
    bench.let("behavior fault", cause="hardware", clearable=False, **{"for": 1.5})
    with pytest.raises(robot_command.BehaviorFaultError):
        bench.walk()
    [fault] = bench.state().behavior_fault_state.faults or [None]
    assert fault is None or fault.cause == robot_state_pb2.BehaviorFault.CAUSE_HARDWARE
    bench.wait(lambda: bool(bench.ended()))
    assert bench.walk() > 0


def test_a_fallen_robot_lies_there_until_its_fault_is_cleared(bench: Bench) -> None:
    bench.spot.schedule({"fault": "fall", "when": "robot walks"})
    bench.walk()
    bench.wait(lambda: bool(bench.begun()))
    truth = bench.spot.truth()
    assert truth.powered
    assert truth.posture == "sitting"
    [fault] = bench.state().behavior_fault_state.faults
    assert fault.cause == robot_state_pb2.BehaviorFault.CAUSE_FALL
    commands = bench.robot.ensure_client("robot-command")
    with pytest.raises(robot_command.BehaviorFaultError):
        bench.walk()
    assert commands.clear_behavior_fault(fault.behavior_fault_id, timeout=5)
    commands.robot_command(RobotCommandBuilder.selfright_command(), timeout=5)
    commands.robot_command(RobotCommandBuilder.synchro_stand_command(), timeout=5)
    bench.spot.wait_for(lambda truth: truth.posture == "standing")


def test_lost_motor_power_lets_the_robot_sink(bench: Bench) -> None:
    bench.let("motor power lost")
    bench.spot.wait_for(lambda truth: not truth.powered and truth.height < 0.15)
    with pytest.raises(robot_command.NotPoweredOnError):
        bench.walk()
    off = robot_state_pb2.PowerState.MOTOR_POWER_STATE_OFF
    assert bench.state().power_state.motor_power_state == off


@pytest.mark.parametrize(
    ("service", "expected"),
    [
        ("lease", LeaseUseError),
        ("time-sync", robot_command.NoTimeSyncError),
        ("auth", exceptions.UnauthenticatedError),
    ],
)
def test_a_restarted_service_has_forgotten(bench: Bench, service: str, expected: type[Exception]) -> None:
    bench.walk()
    bench.let("service restart", service=service)
    with pytest.raises(expected):
        bench.walk()


def test_a_restarted_lease_service_has_another_epoch(bench: Bench) -> None:
    bench.let("service restart", service="lease")
    with pytest.raises(LeaseUseError) as error:
        bench.walk()
    assert error.value.response.lease_use_result.status == error.value.response.lease_use_result.STATUS_WRONG_EPOCH
    with pytest.raises(NoSuchLease):
        bench.robot.lease_wallet.get_lease("no such resource")


def test_a_service_is_unavailable_while_it_restarts(bench: Bench) -> None:
    number = bench.walk()
    bench.let("service restart", service="robot-command", **{"for": 1.5})
    with pytest.raises(exceptions.UnableToConnectToRobotError):
        bench.walk()
    bench.wait(lambda: bool(bench.ended()))
    with pytest.raises(exceptions.InvalidRequestError):
        bench.robot.ensure_client("robot-command").robot_command_feedback(number, timeout=5)
    assert bench.walk() > 0


# -- when ------------------------------------------------------------------------------------------------------------

SCENE = """
name: faults
duration: 60 s
objects:
  - {kind: ball, name: ball, position: [2, 0], visible: [[0.3 s, 60 s]]}
faults:
  - {fault: cameras black, at: 0.2 s, for: 200 ms}
  - {fault: battery low, at: ball shown, charge: 0.1}
  - {fault: tokens expired, on call: RobotStateService/*, occurrence: 3, delay: 100 ms}
"""


def test_a_scene_tells_what_goes_wrong_and_when(tmp_path: Path) -> None:
    path = tmp_path / "scene.yaml"
    path.write_text(SCENE)
    events: list[SimulatorEvent] = []
    with FakeSpot(path, emit=events.append) as spot:
        client = connect(spot).ensure_client("robot-state")
        for _ in range(3):
            client.get_robot_state(timeout=5)
        spot.wait_for(lambda truth: len(spot.journal.events) >= 5, timeout=DEADLINE)
        told = {(event.name, event.detail): event.time for event in spot.journal.events}
    assert told["fault begins", "cameras black"] == pytest.approx(0.2, abs=0.05)
    assert told["fault ends", "cameras black"] == pytest.approx(0.4, abs=0.05)
    assert told["fault begins", "battery low"] == pytest.approx(0.3, abs=0.05)
    assert ("fault begins", "tokens expired") in told
    assert FaultBegan("cameras black", 0.2) in events
    assert FaultEnded("cameras black") in events


def test_a_stepped_clock_lets_faults_happen_at_their_step() -> None:
    with FakeSpot(clock="stepped", faults=[{"fault": "battery low", "at": 0.5, "charge": 0.2}]) as spot:
        spot.step(0.45)
        assert spot.robot.charge > 0.5
        spot.step(0.2)
        assert spot.robot.charge < 0.21


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{fault: cameras blakc, at: 1 s}", "did you mean 'cameras black'"),
        ("{fault: fall}", "say when it begins"),
        ("{fault: fall, at: 1 s, when: robot walks}", "say when it begins"),
        ("{fault: fall, at: 1 s, for: 2 s}", "cannot last"),
        ("{fault: estop pressed, at: bal shown}", "no object 'bal'; did you mean 'ball'"),
        ("{fault: estop pressed, at: ball hidden (3)}", "comes and goes only"),
        ("{fault: battery low, at: 1 s, charge: 5}", "less than or equal to 1"),
    ],
)
def test_a_mistake_in_a_scene_is_told_with_its_line(tmp_path: Path, line: str, words: str) -> None:
    path = tmp_path / "scene.yaml"
    path.write_text(SCENE.split("faults:")[0] + f"faults:\n  - {line}\n")
    with pytest.raises(SceneError, match=r"line [67]") as error:
        Scene.load(path)
    assert words in str(error.value)


@pytest.mark.parametrize("fault", [{"fault": "boredom", "at": 1}, {"fault": "fall", "at": "ball shown"}])
def test_a_mistake_in_a_program_is_told(fault: dict[str, object]) -> None:
    with pytest.raises(SceneError):
        FakeSpot(faults=[fault])


def test_every_kind_of_fault_is_documented() -> None:
    page = (Path(__file__).parents[2] / "docs" / "simulator.md").read_text()
    names = {
        name
        for kind in Fault.__subclasses__()
        for name in kind.model_fields["fault"].annotation.__args__  # type: ignore[union-attr]
    }
    assert {name for name in names if f"`{name}`" not in page} == set()
