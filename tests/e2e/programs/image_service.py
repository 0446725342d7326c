"""Serves a camera of its own to everyone through the robot, and looks through it once."""

import argparse
import logging
import sys
import time

import bosdyn.client
import bosdyn.client.util
import cv2
import numpy as np
from bosdyn.api import image_pb2, image_service_pb2_grpc
from bosdyn.client.directory_registration import DirectoryRegistrationClient, DirectoryRegistrationKeepAlive
from bosdyn.client.image import ImageClient
from bosdyn.client.image_service_helpers import CameraBaseImageServicer, CameraInterface, VisualImageSource
from bosdyn.client.server_util import GrpcServiceRunner

NAME, TYPE, AUTHORITY = "test-card-image-service", "bosdyn.api.ImageService", "test-card-image-service"
_LOGGER = logging.getLogger(__name__)


class TestCard(CameraInterface):
    def blocking_capture(self, custom_params=None, **kwargs):
        card = np.zeros((48, 64, 3), np.uint8)
        card[:, 32:] = 255
        return card, time.time()

    def image_decode(self, image_data, image_proto, image_req):
        image_proto.rows, image_proto.cols = image_data.shape[:2]
        image_proto.pixel_format = image_pb2.Image.PIXEL_FORMAT_RGB_U8
        image_proto.format = image_pb2.Image.FORMAT_JPEG
        image_proto.data = cv2.imencode(".jpg", image_data)[1].tobytes()


def main():
    parser = argparse.ArgumentParser()
    bosdyn.client.util.add_base_arguments(parser)
    bosdyn.client.util.add_service_hosting_arguments(parser)
    options = parser.parse_args()
    bosdyn.client.util.setup_logging(options.verbose)
    sdk = bosdyn.client.create_standard_sdk("ImageServiceSDK")
    robot = sdk.create_robot(options.hostname)
    bosdyn.client.util.authenticate(robot)
    robot.time_sync.wait_for_sync()

    sources = [VisualImageSource("test-card", TestCard(), rows=48, cols=64, pixel_formats=[3])]
    servicer = CameraBaseImageServicer(robot, NAME, sources, _LOGGER)
    runner = GrpcServiceRunner(
        servicer, image_service_pb2_grpc.add_ImageServiceServicer_to_server, options.port, logger=_LOGGER
    )
    registration = robot.ensure_client(DirectoryRegistrationClient.default_service_name)
    keep_alive = DirectoryRegistrationKeepAlive(registration, logger=_LOGGER)
    keep_alive.start(NAME, TYPE, AUTHORITY, "127.0.0.1", runner.port)

    robot.sync_with_directory()
    image_client = robot.ensure_client(NAME)
    assert isinstance(image_client, ImageClient)
    print("sources:", [source.name for source in image_client.list_image_sources()])
    shot = image_client.get_image_from_sources(["test-card"])[0].shot
    print("picture:", cv2.imdecode(np.frombuffer(shot.image.data, np.uint8), -1).shape)
    keep_alive.unregister()
    runner.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
