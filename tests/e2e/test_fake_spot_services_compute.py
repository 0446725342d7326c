"""The network-compute bridge: workers of clients compute on the robot's pictures."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager

import cv2
import grpc
import numpy as np
import pytest
from bosdyn.api import image_pb2, network_compute_bridge_pb2, network_compute_bridge_service_pb2_grpc
from bosdyn.client.directory_registration import DirectoryRegistrationClient
from bosdyn.client.exceptions import InvalidRequestError
from bosdyn.client.network_compute_bridge_client import (
    ExternalServerError,
    ExternalServiceNotFoundError,
    NetworkComputeBridgeClient,
    NetworkComputeRotationError,
)
from bosdyn.client.robot import Robot
from bosdyn.client.server_util import GrpcServiceRunner, populate_response_header
from google.protobuf import wrappers_pb2
from hosted_services import IMAGE_TYPE, webcam

from simulator.fake_spot import FakeSpot
from simulator.testing import connect

Api = network_compute_bridge_pb2
Input = Api.NetworkComputeInputData
Servicer = network_compute_bridge_service_pb2_grpc.NetworkComputeBridgeWorkerServicer
TYPE = "bosdyn.api.NetworkComputeBridgeWorker"
add_to_server = network_compute_bridge_service_pb2_grpc.add_NetworkComputeBridgeWorkerServicer_to_server


class OldWorker(Servicer):
    """Finds one thing in the middle of every picture; of before release 3.3."""

    def ListAvailableModels(  # noqa: N802
        self, request: Api.ListAvailableModelsRequest, context: grpc.ServicerContext
    ) -> Api.ListAvailableModelsResponse:
        response = Api.ListAvailableModelsResponse(status=Api.LIST_AVAILABLE_MODELS_STATUS_SUCCESS)
        response.models.data.add(model_name="middle", available_labels=["thing"])
        populate_response_header(response, request)
        return response

    def NetworkCompute(  # noqa: N802
        self, request: Api.NetworkComputeRequest, context: grpc.ServicerContext
    ) -> Api.NetworkComputeResponse:
        response = Api.NetworkComputeResponse(status=Api.NETWORK_COMPUTE_STATUS_SUCCESS)
        populate_response_header(response, request)
        image = request.input_data.image
        pixels = cv2.imdecode(np.frombuffer(image.data, np.uint8), cv2.IMREAD_UNCHANGED)
        assert pixels.shape[:2] == (image.rows, image.cols)
        found = response.object_in_image.add(name="obj1_label_thing")
        corner = found.image_properties.coordinates.vertexes.add()
        corner.x, corner.y = image.cols / 2, image.rows / 2
        found.additional_properties.Pack(wrappers_pb2.FloatValue(value=0.9))
        return response


class NewWorker(OldWorker):
    """The same since release 3.3, for any number of pictures."""

    def WorkerCompute(  # noqa: N802
        self, request: Api.WorkerComputeRequest, context: grpc.ServicerContext
    ) -> Api.WorkerComputeResponse:
        response = Api.WorkerComputeResponse(status=Api.NETWORK_COMPUTE_STATUS_SUCCESS)
        populate_response_header(response, request)
        for image in request.input_data.images:
            output = response.output_images[f"{image.image_service}/{image.source.name}"]
            output.image_response.shot.CopyFrom(image.shot)
            output.object_in_image.add(name=request.input_data.parameters.model_name)
        return response


@contextmanager
def worker(robot: Robot, servicer: Servicer, name: str = "worker") -> Iterator[GrpcServiceRunner]:
    with GrpcServiceRunner(servicer, add_to_server) as runner:
        registry = robot.ensure_client(DirectoryRegistrationClient.default_service_name)
        registry.register(name, TYPE, f"{name}.spot.robot", "127.0.0.1", runner.port)
        yield runner


def bridge(robot: Robot) -> NetworkComputeBridgeClient:
    return robot.ensure_client(NetworkComputeBridgeClient.default_service_name)


def old_request(source: str = "left_fisheye_image", rotate: int = 0, service: str = "") -> Api.NetworkComputeRequest:
    request = Api.NetworkComputeRequest()
    request.server_config.service_name = "worker"
    order = request.input_data.image_source_and_service
    order.image_source, order.image_service = source, service
    request.input_data.model_name, request.input_data.rotate_image = "middle", rotate
    return request


def new_request(*sources: str) -> Api.NetworkComputeRequest:
    request = Api.NetworkComputeRequest()
    request.server_config.service_name = "worker"
    request.input_data_bridge.parameters.model_name = "middle"
    for source in sources:
        request.input_data_bridge.image_sources_and_services.add(image_source=source)
    return request


@pytest.fixture
def robot() -> Iterator[Robot]:
    with FakeSpot() as spot:
        spot.stand_up()
        yield connect(spot)


def test_models_of_a_worker(robot: Robot) -> None:
    with worker(robot, OldWorker()):
        models = bridge(robot).list_available_models("worker", timeout=10).models.data
        assert [(model.model_name, list(model.available_labels)) for model in models] == [("middle", ["thing"])]
        for name in ("nobody", "image"):
            with pytest.raises(ExternalServiceNotFoundError):
                bridge(robot).list_available_models(name, timeout=10)
    with pytest.raises(ExternalServerError):
        bridge(robot).list_available_models("worker", timeout=10)


@pytest.mark.parametrize(
    ("source", "degrees"),
    [("frontleft_fisheye_image", -78.0), ("frontright_fisheye_image", -102.0), ("right_fisheye_image", 180.0)],
)
def test_earlier_form_with_a_picture_turned_upright(robot: Robot, source: str, degrees: float) -> None:
    with worker(robot, OldWorker()):
        request = old_request(source, Input.ROTATE_IMAGE_ALIGN_HORIZONTAL)
        response = bridge(robot).network_compute_bridge_command(request, timeout=20)
        turned = math.remainder(response.image_rotation_angle - math.radians(degrees), math.tau)
        assert turned == pytest.approx(0.0, abs=math.radians(4.0))
        image = response.image_response.shot.image
        assert (image.cols, image.rows) == (640, 480)  # the picture itself is not turned
        corner = response.object_in_image[0].image_properties.coordinates.vertexes[0]
        assert (corner.x, corner.y) == pytest.approx((320, 240), abs=1.0)


def test_earlier_form_without_rotation_and_with_a_picture_of_the_client(robot: Robot) -> None:
    with worker(robot, OldWorker()):
        response = bridge(robot).network_compute_bridge_command(old_request(), timeout=20)
        assert response.image_rotation_angle == 0.0
        assert response.image_response.source.name == "left_fisheye_image"
        own = Api.NetworkComputeRequest()
        own.server_config.service_name = "worker"
        data = cv2.imencode(".jpg", np.zeros((20, 30), np.uint8))[1].tobytes()
        own.input_data.image.CopyFrom(image_pb2.Image(rows=20, cols=30, data=data, format=image_pb2.Image.FORMAT_JPEG))
        response = bridge(robot).network_compute_bridge_command(own, timeout=20)
        assert response.object_in_image[0].image_properties.coordinates.vertexes[0].x == 15
        assert not response.HasField("image_response")


def test_later_form_with_pictures_of_one_moment(robot: Robot) -> None:
    with worker(robot, NewWorker()):
        request = new_request("left_fisheye_image", "back_fisheye_image")
        response = bridge(robot).network_compute_bridge_command(request, timeout=20)
        assert set(response.output_images) == {"image/left_fisheye_image", "image/back_fisheye_image"}
        assert response.output_images["image/back_fisheye_image"].object_in_image[0].name == "middle"
        stamps = {each.shot.acquisition_time.ToNanoseconds() for each in response.image_responses}
        assert len(response.image_responses) == 2
        assert len(stamps) == 1


def test_later_form_with_a_worker_of_before(robot: Robot) -> None:
    with worker(robot, OldWorker()):
        response = bridge(robot).network_compute_bridge_command(new_request("left_fisheye_image"), timeout=20)
        assert response.output_images["left_fisheye_image"].object_in_image[0].name == "obj1_label_thing"
        assert [each.source.name for each in response.image_responses] == ["left_fisheye_image"]


def test_what_the_bridge_refuses(robot: Robot) -> None:
    client = bridge(robot)
    with pytest.raises(ExternalServiceNotFoundError):
        client.network_compute_bridge_command(new_request("left_fisheye_image"), timeout=10)
    with worker(robot, NewWorker()):
        empty = Api.NetworkComputeRequest()
        empty.server_config.service_name = "worker"
        with pytest.raises(InvalidRequestError):
            client.network_compute_bridge_command(empty, timeout=10)
        with pytest.raises(ExternalServiceNotFoundError):
            client.network_compute_bridge_command(old_request(service="no cameras"), timeout=10)
        with pytest.raises(ExternalServerError):
            client.network_compute_bridge_command(new_request("no such source"), timeout=10)
    with pytest.raises(ExternalServerError):  # the worker has gone
        client.network_compute_bridge_command(old_request(), timeout=10)


def test_pictures_of_a_client_are_taken_too_but_cannot_be_turned_upright(robot: Robot) -> None:
    registry = robot.ensure_client(DirectoryRegistrationClient.default_service_name)
    with worker(robot, NewWorker()), webcam(robot) as camera:
        registry.register("web-cam", IMAGE_TYPE, "web-cam", "127.0.0.1", camera.port)
        request = new_request()
        for source, service in (("left_fisheye_image", "image"), ("desk", "web-cam"), ("right_fisheye_image", "")):
            request.input_data_bridge.image_sources_and_services.add(image_source=source, image_service=service)
        response = bridge(robot).network_compute_bridge_command(request, timeout=20)
        assert [each.source.name for each in response.image_responses] == [
            "left_fisheye_image", "desk", "right_fisheye_image",
        ]  # fmt: skip
        turned = old_request("desk", Input.ROTATE_IMAGE_ALIGN_HORIZONTAL, "web-cam")
        with pytest.raises(NetworkComputeRotationError):
            bridge(robot).network_compute_bridge_command(turned, timeout=20)
