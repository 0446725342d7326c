"""Walks to the nearest fiducial that the robot sees."""

import argparse
import math
import sys
import time

import bosdyn.client
import bosdyn.client.util
from bosdyn.api import world_object_pb2
from bosdyn.client.estop import EstopClient, EstopEndpoint, EstopKeepAlive
from bosdyn.client.frame_helpers import VISION_FRAME_NAME, get_a_tform_b, get_vision_tform_body
from bosdyn.client.lease import LeaseClient, LeaseKeepAlive
from bosdyn.client.robot_command import RobotCommandBuilder, RobotCommandClient, blocking_stand
from bosdyn.client.robot_state import RobotStateClient
from bosdyn.client.world_object import WorldObjectClient

DISTANCE_MARGIN = 0.8
DEADLINE = 20.0


def nearest_fiducial(world_objects):
    request = [world_object_pb2.WORLD_OBJECT_APRILTAG]
    for fiducial in world_objects.list_world_objects(object_type=request).world_objects:
        frame = fiducial.apriltag_properties.frame_name_fiducial
        vision_tform_fiducial = get_a_tform_b(fiducial.transforms_snapshot, VISION_FRAME_NAME, frame)
        if vision_tform_fiducial is not None:
            return vision_tform_fiducial
    return None


def follow(robot):
    commands = robot.ensure_client(RobotCommandClient.default_service_name)
    states = robot.ensure_client(RobotStateClient.default_service_name)
    world_objects = robot.ensure_client(WorldObjectClient.default_service_name)
    robot.power_on(timeout_sec=20)
    blocking_stand(commands, timeout_sec=10)
    end = time.time() + DEADLINE
    while time.time() < end:
        fiducial = nearest_fiducial(world_objects)
        if fiducial is None:
            time.sleep(0.2)
            continue
        body = get_vision_tform_body(states.get_robot_state().kinematic_state.transforms_snapshot)
        dx, dy = fiducial.x - body.x, fiducial.y - body.y
        distance = math.hypot(dx, dy)
        if distance < DISTANCE_MARGIN + 0.1:
            print("arrived")
            return True
        share = (distance - DISTANCE_MARGIN) / distance
        goal = RobotCommandBuilder.synchro_se2_trajectory_point_command(
            goal_x=body.x + dx * share,
            goal_y=body.y + dy * share,
            goal_heading=math.atan2(dy, dx),
            frame_name=VISION_FRAME_NAME,
        )
        commands.robot_command(goal, end_time_secs=time.time() + 2.0)
        time.sleep(0.3)
    return False


def main():
    parser = argparse.ArgumentParser()
    bosdyn.client.util.add_base_arguments(parser)
    options = parser.parse_args()
    sdk = bosdyn.client.create_standard_sdk("FollowFiducialClient")
    robot = sdk.create_robot(options.hostname)
    bosdyn.client.util.authenticate(robot)
    robot.time_sync.wait_for_sync()
    endpoint = EstopEndpoint(robot.ensure_client(EstopClient.default_service_name), "fiducial follow", 9.0)
    endpoint.force_simple_setup()
    leases = robot.ensure_client(LeaseClient.default_service_name)
    with EstopKeepAlive(endpoint), LeaseKeepAlive(leases, must_acquire=True, return_at_exit=True):
        arrived = follow(robot)
        robot.power_off(cut_immediately=False, timeout_sec=20)
    return 0 if arrived else 1


if __name__ == "__main__":
    sys.exit(main())
