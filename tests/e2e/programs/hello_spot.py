"""Quick start: log in, power on, stand, twist, stand tall, take a picture, power off."""

import argparse
import sys
import time

import bosdyn.client
import bosdyn.client.lease
import bosdyn.client.util
import bosdyn.geometry
from bosdyn.client.image import ImageClient
from bosdyn.client.robot_command import RobotCommandBuilder, RobotCommandClient, blocking_stand


def hello_spot(config):
    bosdyn.client.util.setup_logging(config.verbose)
    sdk = bosdyn.client.create_standard_sdk("HelloSpotClient")
    robot = sdk.create_robot(config.hostname)
    bosdyn.client.util.authenticate(robot)
    robot.time_sync.wait_for_sync()
    assert not robot.is_estopped(), "Robot is estopped. Please use an external E-Stop client to configure E-Stop."

    lease_client = robot.ensure_client(bosdyn.client.lease.LeaseClient.default_service_name)
    with bosdyn.client.lease.LeaseKeepAlive(lease_client, must_acquire=True, return_at_exit=True):
        robot.logger.info("Powering on robot... This may take several seconds.")
        robot.power_on(timeout_sec=20)
        assert robot.is_powered_on(), "Robot power on failed."

        command_client = robot.ensure_client(RobotCommandClient.default_service_name)
        blocking_stand(command_client, timeout_sec=10)

        footprint_R_body = bosdyn.geometry.EulerZXY(yaw=0.2, roll=0.0, pitch=0.0)
        command_client.robot_command(RobotCommandBuilder.synchro_stand_command(footprint_R_body=footprint_R_body))
        time.sleep(0.5)
        command_client.robot_command(RobotCommandBuilder.synchro_stand_command(body_height=0.1))

        image_client = robot.ensure_client(ImageClient.default_service_name)
        response = image_client.get_image_from_sources(["frontleft_fisheye_image"])
        print("picture of", len(response[0].shot.image.data), "bytes")

        robot.operator_comment("HelloSpot tutorial user comment.")
        robot.power_off(cut_immediately=False, timeout_sec=20)
        assert not robot.is_powered_on(), "Robot power off failed."
        robot.logger.info("Robot safely powered off.")


def main():
    parser = argparse.ArgumentParser()
    bosdyn.client.util.add_base_arguments(parser)
    options = parser.parse_args()
    try:
        hello_spot(options)
    except Exception as exc:
        bosdyn.client.util.get_logger().error("Hello, Spot! threw an exception: %r", exc)
        return False
    return True


if __name__ == "__main__":
    if not main():
        sys.exit(1)
