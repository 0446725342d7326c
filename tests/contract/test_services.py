"""What a robot refuses, the fake one refuses: each RPC under each condition, seen through the official SDK."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import grpc
import pytest
from bosdyn.api import (
    basic_command_pb2,
    estop_pb2,
    header_pb2,
    image_pb2,
    lease_pb2,
    mobility_command_pb2,
    power_pb2,
    robot_command_pb2,
    robot_state_pb2,
    service_fault_pb2,
    synchronized_command_pb2,
    time_sync_pb2,
    world_object_pb2,
)
from bosdyn.api.docking import docking_pb2, docking_service_pb2_grpc
from bosdyn.client import auth, estop, image, lease, power, robot_command
from bosdyn.client.exceptions import InvalidRequestError, LeaseUseError, ResponseError, UnauthenticatedError
from bosdyn.client.fault import FaultClient, ServiceFaultAlreadyExistsError, ServiceFaultDoesNotExistError
from bosdyn.client.image import ImageClient, build_image_request
from bosdyn.client.lease import Lease, LeaseClient
from bosdyn.client.power import PowerClient
from bosdyn.client.robot import Robot
from bosdyn.client.robot_command import RobotCommandBuilder, RobotCommandClient
from bosdyn.client.time_sync import TimeSyncClient
from bosdyn.client.world_object import WorldObjectClient

from simulator.fake_spot import FakeSpot
from simulator.robot.robot import RobotSettings
from simulator.robot.timestamps import to_timestamp
from simulator.services.auth import Credentials
from simulator.testing import connect, dial

Builder = RobotCommandBuilder
FALL = robot_state_pb2.BehaviorFault.CAUSE_FALL


@dataclass
class Bench:
    """A fake Spot that stands, and a client that holds its lease."""

    spot: FakeSpot
    robot: Robot
    lease: Lease

    @property
    def commands(self) -> RobotCommandClient:
        return self.robot.ensure_client(RobotCommandClient.default_service_name)

    @property
    def leases(self) -> LeaseClient:
        return self.robot.ensure_client(LeaseClient.default_service_name)

    @property
    def images(self) -> ImageClient:
        return self.robot.ensure_client(ImageClient.default_service_name)

    def walk(self, seconds: float = 0.6, frame: str = "body") -> int:
        command = Builder.synchro_velocity_command(0.3, 0, 0, frame_name=frame)
        return self.commands.robot_command(command, end_time_secs=time.time() + seconds, timeout=5)

    def raw(self, **changes: object) -> robot_command_pb2.RobotCommandResponse:
        """Send a hand-made velocity command past the SDK's own checks."""
        end = to_timestamp(self.spot.robot.clock.now() + 0.5)
        request = basic_command_pb2.SE2VelocityCommand.Request(se2_frame_name="body", end_time=end)
        request.velocity.linear.x = 0.3
        for name, value in changes.items():
            if name == "speed":
                request.velocity.linear.x = value
            elif value is None:
                request.ClearField(name)
            elif isinstance(value, str):
                setattr(request, name, value)
            else:
                getattr(request, name).CopyFrom(value)
        mobility = mobility_command_pb2.MobilityCommand.Request(se2_velocity_request=request)
        return self.send(mobility)

    def send(self, mobility: mobility_command_pb2.MobilityCommand.Request) -> robot_command_pb2.RobotCommandResponse:
        parts = synchronized_command_pb2.SynchronizedCommand.Request(mobility_command=mobility)
        message = robot_command_pb2.RobotCommandRequest(
            command=robot_command_pb2.RobotCommand(synchronized_command=parts),
            clock_identifier=self.robot.time_sync.endpoint.clock_identifier,
            lease=self.robot.lease_wallet.advance().lease_proto,
        )
        return self.commands._stub.RobotCommand(message, timeout=5)


@pytest.fixture
def bench() -> Iterator[Bench]:
    with FakeSpot() as spot:
        robot = connect(spot)
        client = robot.ensure_client(LeaseClient.default_service_name)
        spot.stand_up()
        yield Bench(spot, robot, client.acquire(timeout=5))
        robot.time_sync.stop()


def status(error: pytest.ExceptionInfo[ResponseError]) -> int:
    return int(error.value.response.status)


# -- logging in ------------------------------------------------------------------------------------------------------


def test_every_service_but_auth_and_robot_id_needs_a_token() -> None:
    with FakeSpot() as spot:
        robot = dial(spot)
        assert robot.get_id().species == "spot"
        with pytest.raises(UnauthenticatedError):
            robot.list_services()


def test_expired_token_is_refused_and_a_new_login_helps(bench: Bench) -> None:
    bench.spot.expire_tokens()
    with pytest.raises(UnauthenticatedError):
        bench.images.list_image_sources(timeout=5)
    bench.robot.authenticate("user", "password", timeout=5)
    assert bench.images.list_image_sources(timeout=5)


def test_token_refreshes_itself(bench: Bench) -> None:
    before = bench.robot.user_token
    bench.robot.authenticate_with_token(before, timeout=5)
    assert bench.robot.user_token != before


@pytest.mark.parametrize(("user", "password"), [("someone", "secret"), ("spot", "wrong"), ("", "")])
def test_wrong_login(user: str, password: str) -> None:
    with FakeSpot(credentials=Credentials("spot", "secret")) as spot, pytest.raises(auth.InvalidLoginError):
        dial(spot).authenticate(user, password, timeout=5)


def test_six_wrong_logins_lock_the_user_out() -> None:
    with FakeSpot(credentials=Credentials("spot", "secret")) as spot:
        robot = dial(spot)
        for _ in range(6):
            with pytest.raises(auth.InvalidLoginError):
                robot.authenticate("spot", "wrong", timeout=5)
        with pytest.raises(auth.TemporarilyLockedOutError):
            robot.authenticate("spot", "secret", timeout=5)


def test_unknown_token_is_invalid() -> None:
    with FakeSpot() as spot, pytest.raises(auth.InvalidTokenError):
        dial(spot).authenticate_with_token("made up", timeout=5)


# -- time ------------------------------------------------------------------------------------------------------------


def test_round_trip_without_clock_identifier_is_invalid(bench: Bench) -> None:
    client = bench.robot.ensure_client(TimeSyncClient.default_service_name)
    now = to_timestamp(time.time())
    trip = time_sync_pb2.TimeSyncRoundTrip(client_tx=now, server_rx=now, server_tx=now, client_rx=now)
    with pytest.raises(InvalidRequestError):
        client.get_time_sync_update(trip, "", timeout=5)


def test_first_answers_ask_for_more_samples(bench: Bench) -> None:
    client = bench.robot.ensure_client(TimeSyncClient.default_service_name)
    first = client.get_time_sync_update(None, "", timeout=5)
    assert first.state.status == time_sync_pb2.TimeSyncState.STATUS_MORE_SAMPLES_NEEDED
    assert first.clock_identifier


# -- commands --------------------------------------------------------------------------------------------------------


def test_a_good_command_is_obeyed(bench: Bench) -> None:
    assert bench.walk() > 0
    bench.spot.wait_for(lambda truth: truth.speed > 0.2, 2.0)


def test_no_lease(bench: Bench) -> None:
    bench.leases.return_lease(bench.lease, timeout=5)
    with pytest.raises(lease.NoSuchLease):
        bench.walk()


def use_status(bench: Bench, proto: lease_pb2.Lease) -> int:
    request = robot_command_pb2.RobotCommandRequest(command=Builder.synchro_stand_command(), lease=proto)
    return int(bench.commands._stub.RobotCommand(request, timeout=5).lease_use_result.status)


def edited(bench: Bench, **fields: object) -> lease_pb2.Lease:
    proto = lease_pb2.Lease()
    proto.CopyFrom(bench.lease.lease_proto)
    for name, value in fields.items():
        if name == "sequence":
            del proto.sequence[:]
            proto.sequence.extend(value)  # type: ignore[arg-type]
        else:
            setattr(proto, name, value)
    return proto


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"resource": ""}, "STATUS_INVALID_LEASE"),
        ({"sequence": []}, "STATUS_INVALID_LEASE"),
        ({"sequence": [99]}, "STATUS_INVALID_LEASE"),
        ({"sequence": [0]}, "STATUS_OLDER"),
        ({"epoch": "another boot"}, "STATUS_WRONG_EPOCH"),
        ({"resource": "tail"}, "STATUS_UNMANAGED"),
        ({"resource": "arm"}, "STATUS_INVALID_LEASE"),
        ({"resource": "mobility"}, "STATUS_OK"),
        ({}, "STATUS_OK"),
    ],
)
def test_lease_of_a_command_is_judged(bench: Bench, fields: dict[str, object], expected: str) -> None:
    assert lease_pb2.LeaseUseResult.Status.Name(use_status(bench, edited(bench, **fields))) == expected


def test_returned_lease_is_revoked_and_reordered_command_is_older(bench: Bench) -> None:
    root = bench.lease.lease_proto.sequence[0]
    assert use_status(bench, edited(bench, sequence=[root, 5])) == lease_pb2.LeaseUseResult.STATUS_OK
    assert use_status(bench, edited(bench, sequence=[root, 4])) == lease_pb2.LeaseUseResult.STATUS_OLDER
    bench.leases.return_lease(bench.lease, timeout=5)
    assert use_status(bench, edited(bench, sequence=[root, 6])) == lease_pb2.LeaseUseResult.STATUS_REVOKED


def test_lease_taken_by_another_names_its_owner(bench: Bench) -> None:
    bench.spot.take_lease("tablet")
    with pytest.raises(LeaseUseError) as error:
        bench.walk()
    result = error.value.response.lease_use_result
    assert result.status == result.STATUS_OLDER
    assert result.owner.client_name == "tablet"


Spoil = Callable[[Bench], object]
REFUSALS: list[tuple[str, Spoil, Callable[[Bench], object], type[Exception]]] = [
    ("expired", lambda b: None, lambda b: b.walk(-1.0), robot_command.ExpiredError),
    ("too distant", lambda b: None, lambda b: b.walk(3600.0), robot_command.TooDistantError),
    ("unknown frame", lambda b: None, lambda b: b.walk(frame="moon"), robot_command.UnknownFrameError),
    ("no time sync", lambda b: b.spot.forget_clocks(), lambda b: b.walk(), robot_command.NoTimeSyncError),
    ("no power", lambda b: b.spot.robot.power.switch_off(), lambda b: b.walk(), robot_command.NotPoweredOnError),
    ("E-Stop", lambda b: press(b), lambda b: b.walk(), robot_command.NotPoweredOnError),
    ("fault", lambda b: b.spot.raise_behavior_fault(FALL), lambda b: b.walk(), robot_command.BehaviorFaultError),
    ("docked", lambda b: dock(b), lambda b: b.walk(), robot_command.DockedError),
    (
        "not simulated",
        lambda b: None,
        lambda b: b.commands.robot_command(Builder.battery_change_pose_command(), timeout=5),
        robot_command.UnsupportedError,
    ),
    (
        "power while E-Stopped",
        lambda b: press(b),
        lambda b: power.power_on_motors(b.robot.ensure_client(PowerClient.default_service_name), 3),
        power.EstoppedError,
    ),
    (
        "power while charging",
        lambda b: charge(b),
        lambda b: power.power_on_motors(b.robot.ensure_client(PowerClient.default_service_name), 3),
        power.ShorePowerConnectedError,
    ),
    (
        "acquire what is held",
        lambda b: None,
        lambda b: b.leases.acquire(timeout=5),
        lease.ResourceAlreadyClaimedError,
    ),
    (
        "acquire what there is not",
        lambda b: None,
        lambda b: b.leases.acquire("tail", timeout=5),
        lease.InvalidResourceError,
    ),
    (
        "return a lease that was taken away",
        lambda b: b.spot.take_lease("tablet"),
        lambda b: b.leases.return_lease(b.lease, timeout=5),
        lease.NotActiveLeaseError,
    ),
    (
        "retain a lease that was taken away",
        lambda b: b.spot.take_lease("tablet"),
        lambda b: b.leases.retain_lease(b.lease, timeout=5),
        LeaseUseError,
    ),
    (
        "E-Stop configuration while the motors are on",
        lambda b: None,
        lambda b: simple_estop(b),
        estop.MotorsOnError,
    ),
    (
        "feedback of an unknown command",
        lambda b: None,
        lambda b: b.commands.robot_command_feedback(12345, timeout=5),
        InvalidRequestError,
    ),
    (
        "unknown camera",
        lambda b: None,
        lambda b: b.images.get_image_from_sources(["third_eye"], timeout=5),
        image.UnknownImageSourceError,
    ),
    (
        "depth as JPEG",
        lambda b: None,
        lambda b: shoot(b, "left_depth", image_format=image_pb2.Image.FORMAT_JPEG),
        image.UnsupportedImageFormatRequestedError,
    ),
    (
        "depth in colour",
        lambda b: None,
        lambda b: shoot(b, "left_depth", pixel_format=image_pb2.Image.PIXEL_FORMAT_RGB_U8),
        image.UnsupportedPixelFormatRequestedError,
    ),
    (
        "resized",
        lambda b: None,
        lambda b: shoot(b, "left_fisheye_image", resize_ratio=0.5),
        image.UnsupportedResizeRatioRequestedError,
    ),
    (
        "broken camera",
        lambda b: b.spot.break_sources("left_fisheye_image"),
        lambda b: shoot(b, "left_fisheye_image"),
        image.ImageDataError,
    ),
]


def press(bench: Bench) -> None:
    bench.spot.press_estop()
    bench.spot.wait_for(lambda truth: not truth.powered)


def dock(bench: Bench) -> None:
    bench.spot.robot.power.obstacles.docked = True


def charge(bench: Bench) -> None:
    bench.spot.robot.power.switch_off()
    bench.spot.robot.power.obstacles.shore_power = True


def simple_estop(bench: Bench) -> None:
    client = bench.robot.ensure_client(estop.EstopClient.default_service_name)
    estop.EstopEndpoint(client, "test", 3.0).force_simple_setup()


def shoot(bench: Bench, source: str, **wanted: object) -> object:
    return bench.images.get_image([build_image_request(source, **wanted)], timeout=5)


@pytest.mark.parametrize(("spoil", "call", "expected"), [row[1:] for row in REFUSALS], ids=[row[0] for row in REFUSALS])
def test_refusal(bench: Bench, spoil: Spoil, call: Callable[[Bench], object], expected: type[Exception]) -> None:
    spoil(bench)
    with pytest.raises(expected):
        call(bench)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"end_time": None}, "STATUS_INVALID_REQUEST"),
        ({"speed": float("nan")}, "STATUS_INVALID_REQUEST"),
        ({"speed": float("inf")}, "STATUS_INVALID_REQUEST"),
        ({"se2_frame_name": ""}, "STATUS_UNKNOWN_FRAME"),
        ({"se2_frame_name": "odom"}, "STATUS_OK"),
        ({"se2_frame_name": "vision"}, "STATUS_OK"),
        ({"se2_frame_name": "flat_body"}, "STATUS_OK"),
    ],
)
def test_velocity_is_judged(bench: Bench, changes: dict[str, object], expected: str) -> None:
    response = bench.raw(**changes)
    assert robot_command_pb2.RobotCommandResponse.Status.Name(response.status) == expected
    assert response.lease_use_result.status == lease_pb2.LeaseUseResult.STATUS_OK


@pytest.mark.parametrize("kind", ["se2_trajectory_request", "stance_request", ""])
def test_motion_without_end_or_content_is_invalid(bench: Bench, kind: str) -> None:
    mobility = mobility_command_pb2.MobilityCommand.Request()
    if kind == "se2_trajectory_request":
        mobility.se2_trajectory_request.se2_frame_name = "odom"
        mobility.se2_trajectory_request.trajectory.points.add()
    elif kind:
        getattr(mobility, kind).SetInParent()
    assert bench.send(mobility).status == robot_command_pb2.RobotCommandResponse.STATUS_INVALID_REQUEST


def test_arm_command_finds_no_arm(bench: Bench) -> None:
    command_id = bench.commands.robot_command(Builder.arm_stow_command(), timeout=5)
    feedback = bench.commands.robot_command_feedback(command_id, timeout=5).feedback.synchronized_feedback
    incompatible = basic_command_pb2.RobotCommandFeedbackStatus.STATUS_INCOMPATIBLE_HARDWARE
    assert feedback.arm_command_feedback.status == incompatible


def test_faults_are_cleared_or_not(bench: Bench) -> None:
    fault = bench.spot.raise_behavior_fault(FALL)
    stubborn = bench.spot.raise_behavior_fault(robot_state_pb2.BehaviorFault.CAUSE_HARDWARE, clearable=False)
    assert bench.commands.clear_behavior_fault(fault, timeout=5)
    with pytest.raises(ResponseError):
        bench.commands.clear_behavior_fault(stubborn, timeout=5)


def test_service_faults(bench: Bench) -> None:
    client = bench.robot.ensure_client(FaultClient.default_service_name)
    fault = service_fault_pb2.ServiceFault(
        fault_id=service_fault_pb2.ServiceFaultId(fault_name="hot", service_name="eyes"),
        severity=service_fault_pb2.ServiceFault.SEVERITY_WARN,
    )
    client.trigger_service_fault(fault, timeout=5)
    with pytest.raises(ServiceFaultAlreadyExistsError):
        client.trigger_service_fault(fault, timeout=5)
    state = bench.robot.ensure_client("robot-state").get_robot_state(timeout=5)
    assert [each.fault_id.fault_name for each in state.service_fault_state.faults] == ["hot"]
    client.clear_service_fault(fault.fault_id, timeout=5)
    with pytest.raises(ServiceFaultDoesNotExistError):
        client.clear_service_fault(fault.fault_id, timeout=5)


# -- leases ----------------------------------------------------------------------------------------------------------


def test_stale_lease_still_works_and_is_refreshed_but_others_may_acquire() -> None:
    with FakeSpot(settings=RobotSettings(lease_stale_after=0.2)) as spot:
        spot.stand_up()
        mine, other = connect(spot, "mine"), connect(spot, "other")
        held = mine.ensure_client("lease").acquire(timeout=5)
        assert held.lease_proto.epoch == spot.robot.lease.epoch

        def is_stale() -> bool:
            body = other.ensure_client("lease").list_leases(timeout=5)[0]
            return bool(body.is_stale)

        deadline = time.monotonic() + 5
        while not is_stale():
            assert time.monotonic() < deadline
        mine.ensure_client("robot-command").robot_command(Builder.synchro_stand_command(), timeout=5)
        assert not is_stale()
        with pytest.raises(lease.ResourceAlreadyClaimedError):
            other.ensure_client("lease").acquire(timeout=5)
        while not is_stale():
            assert time.monotonic() < deadline
        taken = other.ensure_client("lease").acquire(timeout=5)
        assert taken.lease_proto.sequence[0] > held.lease_proto.sequence[0]
        assert spot.truth().powered
        assert spot.truth().posture == "standing"


# -- E-Stop ----------------------------------------------------------------------------------------------------------


def test_wrong_ids_of_the_estop(bench: Bench) -> None:
    bench.spot.robot.power.switch_off()
    client = bench.robot.ensure_client(estop.EstopClient.default_service_name)
    with pytest.raises(estop.InvalidIdError):
        client.set_config(estop_pb2.EstopConfig(), "not this one", timeout=5)
    active = client.get_config(timeout=5)
    endpoint = estop.EstopEndpoint(client, "test", 3.0)
    with pytest.raises(estop.ConfigMismatchError):
        client.register("not this one", endpoint, timeout=5)
    with pytest.raises(estop.EndpointMismatchError):
        client.register(active.unique_id, endpoint, timeout=5)
    with pytest.raises(estop.EndpointUnknownError):
        client.check_in(estop.StopLevel.ESTOP_LEVEL_NONE, endpoint, 1, 2, timeout=5)


def test_estop_needs_the_right_answer(bench: Bench) -> None:
    bench.spot.robot.power.switch_off()
    client = bench.robot.ensure_client(estop.EstopClient.default_service_name)
    endpoint = estop.EstopEndpoint(client, "test", 3.0)
    endpoint.force_simple_setup()
    assert bench.robot.is_estopped(timeout=5)
    with pytest.raises(estop.IncorrectChallengeResponseError):
        client.check_in(estop.StopLevel.ESTOP_LEVEL_NONE, endpoint, endpoint.get_challenge(), 0, timeout=5)
    assert bench.robot.is_estopped(timeout=5)


# -- images ----------------------------------------------------------------------------------------------------------


def test_fallback_format_is_used(bench: Bench) -> None:
    wanted = image_pb2.ImageRequest(
        image_source_name="left_depth",
        pixel_format=image_pb2.Image.PIXEL_FORMAT_RGB_U8,
        fallback_formats=[image_pb2.Image.PIXEL_FORMAT_DEPTH_U16],
    )
    response = bench.images.get_image([wanted], timeout=5)[0]
    assert response.shot.image.pixel_format == image_pb2.Image.PIXEL_FORMAT_DEPTH_U16


def test_grey_robot_has_no_colour() -> None:
    with FakeSpot(colour=False) as spot:
        client = connect(spot).ensure_client(ImageClient.default_service_name)
        with pytest.raises(image.UnsupportedPixelFormatRequestedError):
            client.get_image(
                [build_image_request("left_fisheye_image", pixel_format=image_pb2.Image.PIXEL_FORMAT_RGB_U8)],
                timeout=5,
            )


# -- world objects, unknown services, headers ------------------------------------------------------------------------


def test_world_objects_of_clients(bench: Bench) -> None:
    client = bench.robot.ensure_client(WorldObjectClient.default_service_name)
    assert not client.list_world_objects(timeout=5).world_objects
    request = world_object_pb2.MutateWorldObjectRequest()
    request.mutation.action = request.ACTION_ADD
    request.mutation.object.name = "mark"
    added = client._stub.MutateWorldObjects(request, timeout=5)
    assert added.status == added.STATUS_OK
    assert [item.name for item in client.list_world_objects(timeout=5).world_objects] == ["mark"]
    request.mutation.action, request.mutation.object.id = request.ACTION_DELETE, 77
    assert client._stub.MutateWorldObjects(request, timeout=5).status == added.STATUS_INVALID_MUTATION_ID
    request.mutation.object.id = added.mutated_object_id
    assert client._stub.MutateWorldObjects(request, timeout=5).status == added.STATUS_OK
    assert not client.list_world_objects(timeout=5).world_objects


def test_unknown_service_and_method_are_unimplemented(bench: Bench) -> None:
    channel = bench.robot.ensure_secure_channel("api.spot.robot")
    stub = docking_service_pb2_grpc.DockingServiceStub(channel)
    with pytest.raises(grpc.RpcError) as error:
        stub.GetDockingState(docking_pb2.GetDockingStateRequest(), timeout=5)
    assert error.value.code() is grpc.StatusCode.UNIMPLEMENTED
    client = bench.robot.ensure_client("robot-state")
    with pytest.raises(grpc.RpcError) as error:
        client._stub.GetRobotLinkModel(robot_state_pb2.RobotLinkModelRequest(link_name="body"), timeout=5)
    assert error.value.code() is grpc.StatusCode.UNIMPLEMENTED


def test_headers_echo_the_request_in_robot_time(bench: Bench) -> None:
    response = bench.robot.ensure_client("robot-state")._stub.GetRobotState(
        robot_state_pb2.RobotStateRequest(header=header_pb2.RequestHeader(client_name="me")), timeout=5
    )
    header = response.header
    assert header.request_header.client_name == "me"
    assert header.error.code == header_pb2.CommonError.CODE_OK
    assert header.response_timestamp.ToNanoseconds() >= header.request_received_timestamp.ToNanoseconds()
    assert header.response_timestamp.ToNanoseconds() / 1e9 == pytest.approx(time.time() + 12.5, abs=0.5)


def test_power_commands_say_how_they_go(bench: Bench) -> None:
    bench.spot.robot.power.switch_off()
    client = bench.robot.ensure_client(PowerClient.default_service_name)
    wallet = bench.robot.lease_wallet
    response = client.power_command(power_pb2.PowerCommandRequest.REQUEST_ON, wallet.advance().lease_proto, timeout=5)
    assert response.status == power_pb2.STATUS_IN_PROGRESS
    off = client.power_command(power_pb2.PowerCommandRequest.REQUEST_OFF, wallet.advance().lease_proto, timeout=5)
    assert off.status == power_pb2.STATUS_SUCCESS
    assert client.power_command_feedback(response.power_command_id, timeout=5) == power_pb2.STATUS_OVERRIDDEN
