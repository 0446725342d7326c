"""Our commands as the robot's messages."""

from __future__ import annotations

from bosdyn.api import geometry_pb2, robot_command_pb2
from bosdyn.api.spot import robot_command_pb2 as spot_command_pb2
from bosdyn.client.frame_helpers import ODOM_FRAME_NAME
from bosdyn.client.robot_command import RobotCommandBuilder
from bosdyn.geometry import EulerZXY

from behaviors import Command, PoseBody, Sit, Stand, Stop, Walk, WalkTo

# A walking command lives this long unless it is sent again. At 0.8 m/s and with 2.5 m/s² of braking the robot stands
# 0.62 s after the last one; below 0.25 s it would stutter.
MOTION_LIFETIME = 0.3  # s
RESEND_PERIOD = 0.1  # s; the SDK's own examples resend a velocity that often


def to_message(command: Command) -> robot_command_pb2.RobotCommand:
    """Translate a command. End times are set when it is sent."""
    match command:
        case Stop():
            return RobotCommandBuilder.stop_command()
        case Sit():
            return RobotCommandBuilder.synchro_sit_command()
        case Stand():
            return RobotCommandBuilder.synchro_stand_command()
        case PoseBody(roll, pitch, yaw, height):
            attitude = EulerZXY(yaw=yaw, roll=roll, pitch=pitch)
            return RobotCommandBuilder.synchro_stand_command(body_height=height, footprint_R_body=attitude)
        case Walk(velocity):
            return RobotCommandBuilder.synchro_velocity_command(velocity.linear_x, velocity.linear_y, velocity.angular)
        case WalkTo(goal, max_speed, max_turn_rate):
            return RobotCommandBuilder.synchro_se2_trajectory_point_command(
                goal.x, goal.y, goal.yaw, ODOM_FRAME_NAME, params=_speed_limits(max_speed, max_turn_rate)
            )


def _speed_limits(speed: float, turn_rate: float) -> spot_command_pb2.MobilityParams:
    """The SDK's defaults, with limits in every direction: one that is left unset would mean zero to the robot."""
    greatest = geometry_pb2.SE2Velocity(linear=geometry_pb2.Vec2(x=speed, y=speed), angular=turn_rate)
    least = geometry_pb2.SE2Velocity(linear=geometry_pb2.Vec2(x=-speed, y=-speed), angular=-turn_rate)
    params = RobotCommandBuilder.mobility_params()
    params.vel_limit.CopyFrom(geometry_pb2.SE2VelocityLimit(max_vel=greatest, min_vel=least))
    return params
