"""What the services answer, seen through the official SDK. What they refuse is in ``test_refusals.py``."""

from __future__ import annotations

import time

import grpc
import pytest
from bosdyn.api import (
    basic_command_pb2,
    header_pb2,
    image_pb2,
    lease_pb2,
    mobility_command_pb2,
    power_pb2,
    robot_command_pb2,
    robot_state_pb2,
    service_fault_pb2,
    time_sync_pb2,
    world_object_pb2,
)
from bosdyn.api.graph_nav import graph_nav_pb2, graph_nav_service_pb2_grpc
from bosdyn.client import estop, image, lease
from bosdyn.client.exceptions import LeaseUseError, ResponseError, UnauthenticatedError
from bosdyn.client.fault import FaultClient, ServiceFaultAlreadyExistsError, ServiceFaultDoesNotExistError
from bosdyn.client.image import ImageClient, build_image_request
from bosdyn.client.power import PowerClient
from bosdyn.client.robot_command import RobotCommandBuilder
from bosdyn.client.time_sync import TimeSyncClient
from bosdyn.client.world_object import WorldObjectClient
from refusal_bench import Bench

from simulator.fake_spot import FakeSpot
from simulator.robot.robot import RobotSettings
from simulator.testing import connect, dial

Builder = RobotCommandBuilder
FALL = robot_state_pb2.BehaviorFault.CAUSE_FALL


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


# -- time ------------------------------------------------------------------------------------------------------------


def test_first_answers_ask_for_more_samples(bench: Bench) -> None:
    client = bench.robot.ensure_client(TimeSyncClient.default_service_name)
    first = client.get_time_sync_update(None, "", timeout=5)
    assert first.state.status == time_sync_pb2.TimeSyncState.STATUS_MORE_SAMPLES_NEEDED
    assert first.clock_identifier


# -- commands --------------------------------------------------------------------------------------------------------


def test_a_good_command_is_obeyed(bench: Bench) -> None:
    assert bench.walk() > 0
    bench.spot.wait_for(lambda truth: truth.speed > 0.2, 2.0)


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
    stub = graph_nav_service_pb2_grpc.GraphNavServiceStub(channel)
    with pytest.raises(grpc.RpcError) as error:
        stub.GetLocalizationState(graph_nav_pb2.GetLocalizationStateRequest(), timeout=5)
    assert error.value.code() is grpc.StatusCode.UNIMPLEMENTED
    assert bench.spot.journal.calls["graph_nav.GraphNavService/GetLocalizationState UNIMPLEMENTED"] == 1
    with pytest.raises(grpc.RpcError) as error:
        channel.unary_unary("/bosdyn.api.RobotStateService/GetRobotDreams")(b"", timeout=5)
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
