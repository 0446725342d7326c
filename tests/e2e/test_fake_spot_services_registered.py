"""Services that clients register with the robot, called through the robot by other clients."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent import futures
from dataclasses import dataclass

import grpc
import pytest
from bosdyn.api import (
    image_pb2,
    image_service_pb2_grpc,
    robot_state_pb2,
    robot_state_service_pb2_grpc,
)
from bosdyn.client.directory_registration import (
    DirectoryRegistrationClient,
    DirectoryRegistrationKeepAlive,
    ServiceAlreadyExistsError,
    ServiceDoesNotExistError,
)
from bosdyn.client.exceptions import (
    InvalidRequestError,
    ServiceUnavailableError,
    TimedOutError,
    UnauthenticatedError,
)
from bosdyn.client.image import build_image_request
from bosdyn.client.robot import Robot
from bosdyn.client.robot_state import RobotStateClient, RobotStateStreamingClient
from hosted_services import IMAGE_TYPE, images, webcam

from simulator.fake_spot import FakeSpot
from simulator.robot.registry import LIVENESS_FAULT
from simulator.testing import connect, dial


def registration(robot: Robot) -> DirectoryRegistrationClient:
    return robot.ensure_client(DirectoryRegistrationClient.default_service_name)


def test_image_service_of_a_client_is_read_through_the_robot() -> None:
    with FakeSpot() as spot:
        host, viewer = connect(spot, "host"), connect(spot, "viewer")
        with webcam(host) as runner, DirectoryRegistrationKeepAlive(registration(host)) as alive:
            alive.start("web-cam", IMAGE_TYPE, "robot-web-cam", "127.0.0.1", runner.port)
            entry = next(each for each in viewer.list_services() if each.name == "web-cam")
            assert entry.authority == "robot-web-cam.spot.robot"  # a label stands for its full name
            camera = images(viewer, "web-cam")
            assert [source.name for source in camera.list_image_sources(timeout=10)] == ["desk"]
            request = build_image_request("desk", image_format=image_pb2.Image.FORMAT_RAW)
            picture = camera.get_image([request], timeout=10)[0]
            assert set(picture.shot.image.data) == {77}
            assert picture.shot.acquisition_time.ToNanoseconds() / 1e9 == pytest.approx(time.time() + 12.5, abs=5)
            own = images(viewer, "image")
            assert len(own.list_image_sources(timeout=10)) == 15
            assert spot.journal.calls["ImageService/GetImage of web-cam"] == 1
        assert "web-cam" not in [each.name for each in viewer.list_services()]


def test_two_services_of_one_type_are_told_apart_by_their_authority() -> None:
    with FakeSpot() as spot:
        host = connect(spot, "host")
        client = registration(host)
        with webcam(host) as first, webcam(host) as second:
            client.register("one", IMAGE_TYPE, "one.spot.robot", "127.0.0.1", first.port)
            client.register("two", IMAGE_TYPE, "two.spot.robot", "127.0.0.1", second.port)
            second.stop()
            assert images(host, "one").list_image_sources(timeout=10)
            with pytest.raises(ServiceUnavailableError):
                images(host, "two").list_image_sources(timeout=10)


def test_dead_endpoint_answers_unavailable_and_comes_back() -> None:
    with FakeSpot() as spot:
        host = connect(spot, "host")
        client = registration(host)
        with webcam(host) as runner:
            client.register("web-cam", IMAGE_TYPE, "web-cam", "127.0.0.1", runner.port)
        began = time.monotonic()
        with pytest.raises(ServiceUnavailableError):
            images(host, "web-cam").list_image_sources(timeout=30)
        assert time.monotonic() - began < 10
        with webcam(host) as runner:
            client.update("web-cam", IMAGE_TYPE, "web-cam", "127.0.0.1", runner.port)
            assert images(host, "web-cam").list_image_sources(timeout=10)


def test_endpoint_that_never_answers_ends_with_the_clients_deadline() -> None:
    class Deaf(image_service_pb2_grpc.ImageServiceServicer):
        def ListImageSources(  # noqa: N802
            self, request: image_pb2.ListImageSourcesRequest, context: grpc.ServicerContext
        ) -> image_pb2.ListImageSourcesResponse:
            while context.is_active():
                time.sleep(0.01)
            return image_pb2.ListImageSourcesResponse()

    server = grpc.server(futures.ThreadPoolExecutor(2))
    image_service_pb2_grpc.add_ImageServiceServicer_to_server(Deaf(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    with FakeSpot() as spot:
        host = connect(spot, "host")
        registration(host).register("deaf", IMAGE_TYPE, "deaf", "127.0.0.1", port)
        with pytest.raises(TimedOutError):
            images(host, "deaf").list_image_sources(timeout=0.5)
    server.stop(None).wait()


def test_only_this_machine_is_dialled() -> None:
    with FakeSpot() as spot:
        host = connect(spot, "host")
        registration(host).register("far", IMAGE_TYPE, "far", "192.0.2.1", 50051)
        with pytest.raises(ServiceUnavailableError) as error:
            images(host, "far").list_image_sources(timeout=10)
        assert "dial_any_host" in error.value.error.details()


def test_token_is_asked_for_unless_the_service_needs_none() -> None:
    with FakeSpot() as spot:
        host, stranger = connect(spot, "host"), dial(spot, "stranger")
        with webcam(host) as runner:
            for name, needs_token in (("closed", True), ("open", False)):
                registration(host).register(
                    name, IMAGE_TYPE, name, "127.0.0.1", runner.port, user_token_required=needs_token
                )
            stub = image_service_pb2_grpc.ImageServiceStub(stranger.ensure_secure_channel("open.spot.robot"))
            assert stub.ListImageSources(image_pb2.ListImageSourcesRequest(), timeout=10).image_sources
            stub = image_service_pb2_grpc.ImageServiceStub(stranger.ensure_secure_channel("closed.spot.robot"))
            with pytest.raises(grpc.RpcError) as error:
                stub.ListImageSources(image_pb2.ListImageSourcesRequest(), timeout=10)
            assert error.value.code() is grpc.StatusCode.UNAUTHENTICATED
        with pytest.raises(UnauthenticatedError):
            stranger.list_services()


@dataclass(frozen=True)
class Mistake:
    """A registration that the robot refuses, and how."""

    call: str
    name: str
    authority: str
    port: int
    error: type[Exception]


@pytest.mark.parametrize(
    "mistake",
    [
        Mistake("register", "web-cam", "other", 1, ServiceAlreadyExistsError),
        Mistake("register", "image", "other", 1, ServiceAlreadyExistsError),
        Mistake("register", "second", "web-cam", 1, InvalidRequestError),
        Mistake("register", "second", "", 1, InvalidRequestError),
        Mistake("register", "", "other", 1, InvalidRequestError),
        Mistake("register", "second", "other", 0, InvalidRequestError),
        Mistake("update", "second", "other", 1, ServiceDoesNotExistError),
        Mistake("update", "web-cam", "web-cam", 70000, InvalidRequestError),
    ],
    ids=lambda mistake: f"{mistake.call}-{mistake.name}-{mistake.authority}-{mistake.port}",
)
def test_wrong_registrations_are_refused(mistake: Mistake) -> None:
    with FakeSpot() as spot:
        client = registration(connect(spot))
        client.register("web-cam", IMAGE_TYPE, "web-cam", "127.0.0.1", 1)
        with pytest.raises(mistake.error):
            getattr(client, mistake.call)(mistake.name, IMAGE_TYPE, mistake.authority, "127.0.0.1", mistake.port)
        with pytest.raises(ServiceDoesNotExistError):
            client.unregister("nobody")


def test_silent_service_gets_a_fault_until_it_is_heard_again() -> None:
    with FakeSpot() as spot:
        robot = connect(spot)
        client = registration(robot)
        states = robot.ensure_client(RobotStateClient.default_service_name)

        def faults() -> list[str]:
            found = states.get_robot_state(timeout=5).service_fault_state.faults
            return [f"{fault.fault_id.service_name}: {fault.fault_id.fault_name}" for fault in found]

        client.register("web-cam", IMAGE_TYPE, "web-cam", "127.0.0.1", 1, liveness_timeout_secs=0.2)
        spot.wait_for(lambda truth: bool(faults()), 5.0, "a fault")
        assert faults() == [f"web-cam: {LIVENESS_FAULT}"]
        client.update("web-cam", IMAGE_TYPE, "web-cam", "127.0.0.1", 1, liveness_timeout_secs=30)
        assert not faults()
        client.update("web-cam", IMAGE_TYPE, "web-cam", "127.0.0.1", 1, liveness_timeout_secs=0.2)
        spot.wait_for(lambda truth: bool(faults()), 5.0, "a fault")
        client.unregister("web-cam")
        assert not faults()


def test_stream_of_a_client_beside_that_of_the_robot() -> None:
    class Countdown(robot_state_service_pb2_grpc.RobotStateStreamingServiceServicer):
        def GetRobotStateStream(  # noqa: N802
            self, request: robot_state_pb2.RobotStateStreamRequest, context: grpc.ServicerContext
        ) -> Iterator[robot_state_pb2.RobotStateStreamResponse]:
            for number in (3, 2, 1):
                response = robot_state_pb2.RobotStateStreamResponse()
                response.last_command.user_command_key = number
                yield response
            context.abort(grpc.StatusCode.OUT_OF_RANGE, "no more numbers")

    server = grpc.server(futures.ThreadPoolExecutor(2))
    robot_state_service_pb2_grpc.add_RobotStateStreamingServiceServicer_to_server(Countdown(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    with FakeSpot() as spot:
        host = connect(spot, "host")
        kind = "bosdyn.api.RobotStateStreamingService"
        registration(host).register("countdown", kind, "countdown", "127.0.0.1", port)
        client = RobotStateStreamingClient()
        client.channel = host.ensure_secure_channel("countdown.spot.robot")
        numbers = []
        with pytest.raises(grpc.RpcError) as error:
            for state in client.get_robot_state_stream():
                numbers.append(state.last_command.user_command_key)
        assert numbers == [3, 2, 1]
        assert (error.value.code(), error.value.details()) == (grpc.StatusCode.OUT_OF_RANGE, "no more numbers")
        client.channel = host.ensure_secure_channel("state-streaming.spot.robot")
        own = client.get_robot_state_stream()
        assert len(next(own).joint_states.position) == 12
        own.cancel()
    server.stop(None).wait()


def test_method_that_a_service_of_a_client_lacks_is_unimplemented() -> None:
    with FakeSpot() as spot:
        host = connect(spot, "host")
        registration(host).register("lamp", "bosdyn.api.LampService", "lamp", "127.0.0.1", 1)
        with webcam(host) as runner:
            registration(host).register("cam", IMAGE_TYPE, "cam", "127.0.0.1", runner.port)
            call = host.ensure_secure_channel("cam.spot.robot").unary_unary(f"/{IMAGE_TYPE}/Blink")
            with pytest.raises(grpc.RpcError) as error:
                call(b"", timeout=10)
            assert error.value.code() is grpc.StatusCode.UNIMPLEMENTED
        call = host.ensure_secure_channel("other.spot.robot").unary_unary("/bosdyn.api.LampService/Blink")
        with pytest.raises(grpc.RpcError) as error:
            call(b"", timeout=10)
        assert error.value.code() is grpc.StatusCode.UNIMPLEMENTED
        assert spot.journal.calls["LampService/Blink UNIMPLEMENTED"] == 1
