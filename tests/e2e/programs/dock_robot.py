"""Stands up, docks, and undocks again."""

import argparse
import sys

import bosdyn.client
import bosdyn.client.util
from bosdyn.client.docking import DockingClient, blocking_dock_robot, blocking_undock, get_dock_id
from bosdyn.client.lease import LeaseClient, LeaseKeepAlive
from bosdyn.client.robot_command import RobotCommandClient, blocking_stand


def main():
    parser = argparse.ArgumentParser()
    bosdyn.client.util.add_base_arguments(parser)
    parser.add_argument("--dock-id", required=True, type=int, help="Docking station ID to dock at")
    options = parser.parse_args()
    sdk = bosdyn.client.create_standard_sdk("DockingClient")
    robot = sdk.create_robot(options.hostname)
    bosdyn.client.util.authenticate(robot)
    robot.time_sync.wait_for_sync()
    leases = robot.ensure_client(LeaseClient.default_service_name)
    commands = robot.ensure_client(RobotCommandClient.default_service_name)
    docking = robot.ensure_client(DockingClient.default_service_name)
    print("docks:", [(each.id_start, each.id_end) for each in docking.get_docking_config()])
    with LeaseKeepAlive(leases, must_acquire=True, return_at_exit=True):
        robot.power_on(timeout_sec=20)
        blocking_stand(commands, timeout_sec=10)
        blocking_dock_robot(robot, options.dock_id)
        print("docked at", get_dock_id(robot))
        robot.power_on(timeout_sec=20)
        blocking_undock(robot)
        print("docked at", get_dock_id(robot))
        robot.power_off(cut_immediately=False, timeout_sec=20)
    return 0


if __name__ == "__main__":
    sys.exit(main())
