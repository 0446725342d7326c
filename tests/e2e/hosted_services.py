"""Services that a client of the robot hosts, as the SDK's examples do."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from bosdyn.api import image_pb2, image_service_pb2_grpc
from bosdyn.client.image import ImageClient
from bosdyn.client.image_service_helpers import CameraBaseImageServicer, CameraInterface, VisualImageSource
from bosdyn.client.robot import Robot
from bosdyn.client.server_util import GrpcServiceRunner

IMAGE_TYPE = "bosdyn.api.ImageService"


class GreyCamera(CameraInterface):
    """A camera whose every pixel is 77, and which does not know where it is."""

    def blocking_capture(self, *, custom_params: object = None, **kwargs: object) -> tuple[np.ndarray, float]:
        return np.full((24, 32), 77, np.uint8), time.time()

    def image_decode(
        self, image_data: np.ndarray, image_proto: image_pb2.Image, image_req: image_pb2.ImageRequest
    ) -> None:
        image_proto.pixel_format = image_pb2.Image.PIXEL_FORMAT_GREYSCALE_U8
        image_proto.format = image_pb2.Image.FORMAT_RAW
        image_proto.data = image_data.tobytes()


@contextmanager
def webcam(robot: Robot, name: str = "web-cam") -> Iterator[GrpcServiceRunner]:
    """The SDK's own image service, with one camera ``"desk"``; not registered with the robot."""
    formats = [image_pb2.Image.PIXEL_FORMAT_GREYSCALE_U8]
    source = VisualImageSource("desk", GreyCamera(), rows=24, cols=32, gain=1.0, exposure=0.01, pixel_formats=formats)
    servicer = CameraBaseImageServicer(robot, name, [source], use_background_capture_thread=False)
    with GrpcServiceRunner(servicer, image_service_pb2_grpc.add_ImageServiceServicer_to_server) as runner:
        yield runner


def images(robot: Robot, name: str) -> ImageClient:
    """A client of the image service of that name."""
    robot.sync_with_directory()
    return robot.ensure_client(name)
