"""Unstows the arm; on a robot without one it says so."""

import argparse
import sys

import bosdyn.client
import bosdyn.client.util
from bosdyn.api import basic_command_pb2
from bosdyn.client.lease import LeaseClient, LeaseKeepAlive
from bosdyn.client.robot_command import RobotCommandBuilder, RobotCommandClient, blocking_stand


def main():
    parser = argparse.ArgumentParser()
    bosdyn.client.util.add_base_arguments(parser)
    options = parser.parse_args()
    sdk = bosdyn.client.create_standard_sdk("StowUnstowClient")
    robot = sdk.create_robot(options.hostname)
    bosdyn.client.util.authenticate(robot)
    robot.time_sync.wait_for_sync()
    print("has an arm:", robot.has_arm())
    leases = robot.ensure_client(LeaseClient.default_service_name)
    with LeaseKeepAlive(leases, must_acquire=True, return_at_exit=True):
        robot.power_on(timeout_sec=20)
        commands = robot.ensure_client(RobotCommandClient.default_service_name)
        blocking_stand(commands, timeout_sec=10)
        number = commands.robot_command(RobotCommandBuilder.arm_ready_command())
        feedback = commands.robot_command_feedback(number).feedback.synchronized_feedback.arm_command_feedback
        robot.power_off(cut_immediately=False, timeout_sec=20)
        if feedback.status == basic_command_pb2.RobotCommandFeedbackStatus.STATUS_INCOMPATIBLE_HARDWARE:
            print("incompatible hardware")
            return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
