"""The stream of states: joints, inertial sensor and body, once for every step of the robot."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import grpc
from bosdyn.api import geometry_pb2, robot_state_pb2, robot_state_service_pb2_grpc

from simulator.robot.body_state import BodyState
from simulator.robot.frames import FixedFrames, world_tform_body
from simulator.robot.robot import TICK, Moment, Robot
from simulator.robot.skeleton import JOINTS, joint_angles
from simulator.robot.timestamps import to_timestamp
from simulator.services.robot_state import foot_states, velocity_in

_Response = robot_state_pb2.RobotStateStreamResponse


class RobotStateStreamingService(
    robot_state_service_pb2_grpc.RobotStateStreamingServiceServicer  # type: ignore[misc]  # generated without types
):
    """GetRobotStateStream, 100 times a second; a robot sends 333."""

    def __init__(self, robot: Robot) -> None:
        self._robot = robot
        self._pause = threading.Event()

    def GetRobotStateStream(  # noqa: N802 - the name of the RPC
        self, request: robot_state_pb2.RobotStateStreamRequest, context: grpc.ServicerContext
    ) -> Iterator[robot_state_pb2.RobotStateStreamResponse]:
        """The newest state after every step; a client that reads slowly misses some and never falls behind."""
        before = self._robot.moment
        while context.is_active():
            now = self._robot.moment
            if now is before:
                self._pause.wait(TICK / 4)
                continue
            with self._robot.lock:
                frames = self._robot.frames
            yield _state(before, now, frames)
            before = now


def _state(before: Moment, now: Moment, frames: FixedFrames) -> robot_state_pb2.RobotStateStreamResponse:
    body, seconds = now.body, max(now.uptime - before.uptime, 1e-9)
    stamp = to_timestamp(now.time)
    response = _Response()
    joints = response.joint_states
    joints.acquisition_timestamp.CopyFrom(stamp)
    angles, earlier = joint_angles(body.height), joint_angles(before.body.height)
    joints.position.extend(angles)
    joints.velocity.extend((angle - old) / seconds for angle, old in zip(angles, earlier, strict=True))
    joints.load.extend([0.0] * len(JOINTS))
    _fill_kinematics(response.kinematic_state, now, frames)
    _fill_inertia(response.inertial_state, before, now, frames)
    response.contact_states.extend(foot.contact for foot in foot_states(body))
    return response


def _fill_kinematics(
    state: robot_state_pb2.RobotStateStreamResponse.KinematicState, now: Moment, frames: FixedFrames
) -> None:
    state.acquisition_timestamp.CopyFrom(to_timestamp(now.time))
    world_tform = world_tform_body(now.body)
    state.odom_tform_body.CopyFrom((frames.world_tform("odom").inverse() * world_tform).to_proto())
    state.vision_tform_body.CopyFrom((frames.world_tform("vision").inverse() * world_tform).to_proto())
    state.velocity_of_body_in_odom.CopyFrom(velocity_in(now.body, frames.planar("odom").yaw))
    state.velocity_of_body_in_vision.CopyFrom(velocity_in(now.body, frames.planar("vision").yaw))


def _fill_inertia(state: robot_state_pb2.ImuState, before: Moment, now: Moment, frames: FixedFrames) -> None:
    state.identifier, state.mounting_link_name = "body_imu", "body"
    state.packet_rate = 1 / TICK
    state.position_imu_rt_link.SetInParent()
    seconds = max(now.uptime - before.uptime, 1e-9)
    packet = state.packets.add(timestamp=to_timestamp(now.time))
    packet.acceleration_rt_odom_in_link_frame.CopyFrom(_acceleration(before.body, now.body, seconds))
    packet.angular_velocity_rt_odom_in_link_frame.z = now.body.velocity.turn
    odom_tform_body = frames.world_tform("odom").inverse() * world_tform_body(now.body)
    packet.odom_rot_link.CopyFrom(odom_tform_body.rot.to_proto())


def _acceleration(before: BodyState, now: BodyState, seconds: float) -> geometry_pb2.Vec3:
    """Change of the velocity along the body, and of its height's; gravity is not part of it."""
    return geometry_pb2.Vec3(
        x=(now.velocity.x - before.velocity.x) / seconds - now.velocity.turn * now.velocity.y,
        y=(now.velocity.y - before.velocity.y) / seconds + now.velocity.turn * now.velocity.x,
    )
