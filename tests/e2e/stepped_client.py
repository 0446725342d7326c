"""Drives a fake Spot whose clock is stepped, through the official SDK."""

from __future__ import annotations

from bosdyn.api import robot_command_pb2
from bosdyn.api.spot import robot_command_pb2 as spot_command_pb2
from bosdyn.client.lease import LeaseClient
from bosdyn.client.processors import AddRequestHeader
from bosdyn.client.robot import Robot
from bosdyn.client.robot_command import RobotCommandBuilder, RobotCommandClient

from simulator.fake_spot import FakeSpot
from simulator.robot.frames import world_tform_body
from simulator.robot.timestamps import to_timestamp
from simulator.testing import dial

CALL_TIMEOUT = 20.0


class SteppedClient:
    """An SDK client that holds the lease of a standing robot.

    Its commands end at robot times: while the clock is stepped, an end in the client's own time would mean nothing.
    """

    def __init__(self, spot: FakeSpot) -> None:
        self.spot = spot
        self.robot: Robot = dial(spot)
        # The SDK's own name for a client holds the number of its process; every call tells it, the login too.
        self.robot.request_processors.append(AddRequestHeader(lambda: "stepped"))
        self.robot.authenticate("user", "password", timeout=CALL_TIMEOUT)
        self.robot.time_sync.wait_for_sync(timeout_sec=CALL_TIMEOUT)
        self.robot.ensure_client(LeaseClient.default_service_name).acquire(timeout=CALL_TIMEOUT)
        spot.stand_up()

    def walk(
        self, x: float, y: float = 0.0, turn: float = 0.0, *, seconds: float, params: object | None = None
    ) -> None:
        """Send a velocity, and step until it has ended."""
        self.send(x, y, turn, seconds=seconds, params=params)
        self.spot.step(seconds)

    def send(self, x: float, y: float, turn: float, *, seconds: float, params: object | None = None) -> int:
        """Send a velocity without a step."""
        command = RobotCommandBuilder.synchro_velocity_command(x, y, turn, params=params)
        self._end(command, seconds)
        client = self.robot.ensure_client(RobotCommandClient.default_service_name)
        return int(client.robot_command(command, timeout=CALL_TIMEOUT))

    def go_to(self, x: float, y: float, yaw: float, *, seconds: float) -> int:
        """Send a goal in the frame of the body without a step."""
        odom_tform_body = self.spot.robot.frames.world_tform("odom").inverse() * world_tform_body(self.spot.robot.body)
        goal_x, goal_y, _ = odom_tform_body.transform_point(x, y, 0.0)
        heading = odom_tform_body.rot.to_yaw() + yaw
        command = RobotCommandBuilder.synchro_se2_trajectory_point_command(goal_x, goal_y, heading, "odom")
        request = command.synchronized_command.mobility_command.se2_trajectory_request
        request.end_time.CopyFrom(to_timestamp(self.spot.robot_time() + seconds + 0.005))
        client = self.robot.ensure_client(RobotCommandClient.default_service_name)
        return int(client.robot_command(command, timeout=CALL_TIMEOUT))

    def _end(self, command: robot_command_pb2.RobotCommand, seconds: float) -> None:
        request = command.synchronized_command.mobility_command.se2_velocity_request
        # Half a tick later, so that rounding decides nothing.
        request.end_time.CopyFrom(to_timestamp(self.spot.robot_time() + seconds + 0.005))


def without_avoidance() -> spot_command_pb2.MobilityParams:
    """Params that switch obstacle avoidance with the body off."""
    params = spot_command_pb2.MobilityParams()
    params.obstacle_params.disable_vision_body_obstacle_avoidance = True
    return params


def with_padding(metres: float) -> spot_command_pb2.MobilityParams:
    """Params that keep a distance."""
    params = spot_command_pb2.MobilityParams()
    params.obstacle_params.obstacle_avoidance_padding = metres
    return params
