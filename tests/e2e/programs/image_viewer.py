"""Shows camera images, without a window: decodes ten rounds of pictures from two cameras and says what they are."""

import argparse
import sys

import bosdyn.client
import bosdyn.client.util
import cv2
import numpy as np
from bosdyn.api import image_pb2
from bosdyn.client.image import ImageClient, build_image_request

ROTATION_ANGLE = {"frontleft_fisheye_image": -78, "frontright_fisheye_image": -102, "right_fisheye_image": 180}


def image_to_opencv(image):
    num_channels = 1
    dtype = np.uint8
    if image.shot.image.pixel_format == image_pb2.Image.PIXEL_FORMAT_DEPTH_U16:
        dtype = np.uint16
    elif image.shot.image.pixel_format == image_pb2.Image.PIXEL_FORMAT_RGB_U8:
        num_channels = 3
    img = np.frombuffer(image.shot.image.data, dtype=dtype)
    if image.shot.image.format == image_pb2.Image.FORMAT_RAW:
        return img.reshape((image.shot.image.rows, image.shot.image.cols, num_channels))
    return cv2.imdecode(img, -1)


def main():
    parser = argparse.ArgumentParser()
    bosdyn.client.util.add_base_arguments(parser)
    options = parser.parse_args()

    sdk = bosdyn.client.create_standard_sdk("image_viewer")
    robot = sdk.create_robot(options.hostname)
    bosdyn.client.util.authenticate(robot)
    robot.sync_with_directory()
    robot.time_sync.wait_for_sync()

    image_client = robot.ensure_client(ImageClient.default_service_name)
    sources = [source.name for source in image_client.list_image_sources()]
    print(len(sources), "sources")
    requests = [build_image_request("frontleft_fisheye_image"), build_image_request("left_depth")]
    for _ in range(10):
        for response in image_client.get_image(requests, timeout=5):
            picture = image_to_opencv(response)
            turned = np.rot90(picture) if response.source.name in ROTATION_ANGLE else picture
            print(response.source.name, turned.shape)
    try:
        image_client.get_image_from_sources(["hand_color_image"])
    except bosdyn.client.image.UnknownImageSourceError:
        print("this robot has no hand camera")
    return 0


if __name__ == "__main__":
    sys.exit(main())
