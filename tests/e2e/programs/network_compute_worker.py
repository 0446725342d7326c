"""Serves a model of its own to everyone through the robot, and asks it once about two cameras."""

import argparse
import logging
import sys

import bosdyn.client
import bosdyn.client.util
import cv2
import numpy as np
from bosdyn.api import network_compute_bridge_pb2, network_compute_bridge_service_pb2_grpc
from bosdyn.client.directory_registration import DirectoryRegistrationClient, DirectoryRegistrationKeepAlive
from bosdyn.client.network_compute_bridge_client import NetworkComputeBridgeClient
from bosdyn.client.server_util import GrpcServiceRunner, populate_response_header
from google.protobuf import wrappers_pb2

NAME, TYPE, AUTHORITY = "brightest-worker", "bosdyn.api.NetworkComputeBridgeWorker", "brightest-worker"
MODEL = "brightest-spot"
_LOGGER = logging.getLogger(__name__)


class BrightestSpotServicer(network_compute_bridge_service_pb2_grpc.NetworkComputeBridgeWorkerServicer):
    def ListAvailableModels(self, request, context):  # noqa: N802
        response = network_compute_bridge_pb2.ListAvailableModelsResponse()
        response.models.data.add(model_name=MODEL, available_labels=["bright"])
        response.status = network_compute_bridge_pb2.LIST_AVAILABLE_MODELS_STATUS_SUCCESS
        populate_response_header(response, request)
        return response

    def WorkerCompute(self, request, context):  # noqa: N802
        response = network_compute_bridge_pb2.WorkerComputeResponse()
        populate_response_header(response, request)
        if request.input_data.parameters.model_name != MODEL:
            response.status = network_compute_bridge_pb2.NETWORK_COMPUTE_STATUS_ANALYSIS_FAILED
            return response
        for image in request.input_data.images:
            data = np.frombuffer(image.shot.image.data, np.uint8)
            pixels = cv2.imdecode(data, cv2.IMREAD_GRAYSCALE)
            _, brightness, _, (x, y) = cv2.minMaxLoc(cv2.GaussianBlur(pixels, (0, 0), 5))
            output = response.output_images[image.source.name]
            found = output.object_in_image.add(name="bright")
            for dx, dy in ((-5, -5), (5, -5), (5, 5), (-5, 5)):
                found.image_properties.coordinates.vertexes.add(x=x + dx, y=y + dy)
            found.additional_properties.Pack(wrappers_pb2.FloatValue(value=brightness / 255))
        response.status = network_compute_bridge_pb2.NETWORK_COMPUTE_STATUS_SUCCESS
        return response


def ask(robot, model):
    client = robot.ensure_client(NetworkComputeBridgeClient.default_service_name)
    models = client.list_available_models(NAME).models.data
    print("models:", [each.model_name for each in models])
    request = network_compute_bridge_pb2.NetworkComputeRequest()
    request.server_config.service_name = NAME
    request.input_data_bridge.parameters.model_name = model
    for source in ("frontleft_fisheye_image", "frontright_fisheye_image"):
        request.input_data_bridge.image_sources_and_services.add(image_source=source)
    return client.network_compute_bridge_command(request)


def main():
    parser = argparse.ArgumentParser()
    bosdyn.client.util.add_base_arguments(parser)
    bosdyn.client.util.add_service_hosting_arguments(parser)
    options = parser.parse_args()
    bosdyn.client.util.setup_logging(options.verbose)
    sdk = bosdyn.client.create_standard_sdk("NetworkComputeWorkerSDK")
    robot = sdk.create_robot(options.hostname)
    bosdyn.client.util.authenticate(robot)
    robot.time_sync.wait_for_sync()

    adder = network_compute_bridge_service_pb2_grpc.add_NetworkComputeBridgeWorkerServicer_to_server
    runner = GrpcServiceRunner(BrightestSpotServicer(), adder, options.port, logger=_LOGGER)
    registration = robot.ensure_client(DirectoryRegistrationClient.default_service_name)
    keep_alive = DirectoryRegistrationKeepAlive(registration, logger=_LOGGER)
    keep_alive.start(NAME, TYPE, AUTHORITY, "127.0.0.1", runner.port)

    response = ask(robot, MODEL)
    for name, output in sorted(response.output_images.items()):
        found = output.object_in_image[0]
        corners = [(vertex.x, vertex.y) for vertex in found.image_properties.coordinates.vertexes]
        confidence = wrappers_pb2.FloatValue()
        assert found.additional_properties.Unpack(confidence)
        print("found:", name, found.name, len(corners), 0.0 < confidence.value <= 1.0)
    stamps = {image.shot.acquisition_time.ToNanoseconds() for image in response.image_responses}
    print("moments:", len(stamps))
    keep_alive.unregister()
    runner.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
