"""Two clients want the robot: the second is refused, takes it by force, and the first may not command any more."""

import argparse
import sys

import bosdyn.client
import bosdyn.client.util
from bosdyn.client.exceptions import LeaseUseError
from bosdyn.client.lease import LeaseClient, ResourceAlreadyClaimedError
from bosdyn.client.robot_command import RobotCommandBuilder, RobotCommandClient


def client(name, hostname):
    robot = bosdyn.client.create_standard_sdk(name).create_robot(hostname)
    bosdyn.client.util.authenticate(robot)
    robot.time_sync.wait_for_sync()
    return robot


def main():
    parser = argparse.ArgumentParser()
    bosdyn.client.util.add_base_arguments(parser)
    options = parser.parse_args()
    first, second = client("first", options.hostname), client("second", options.hostname)
    first_leases = first.ensure_client(LeaseClient.default_service_name)
    second_leases = second.ensure_client(LeaseClient.default_service_name)
    first_leases.acquire()
    first.power_on(timeout_sec=20)
    try:
        second_leases.acquire()
    except ResourceAlreadyClaimedError as error:
        print("claimed by", error.response.lease_owner.client_name.split("-")[0][:5])
    taken = second_leases.take()
    commands = first.ensure_client(RobotCommandClient.default_service_name)
    try:
        commands.robot_command(RobotCommandBuilder.synchro_stand_command())
    except LeaseUseError as error:
        print("refused:", type(error).__name__)
    second.power_off(cut_immediately=False, timeout_sec=20)
    second_leases.return_lease(taken)
    return 0


if __name__ == "__main__":
    sys.exit(main())
