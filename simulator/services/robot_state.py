"""What the robot says about itself."""

from __future__ import annotations

import math

import grpc
from bosdyn.api import geometry_pb2, parameter_pb2, robot_state_pb2, robot_state_service_pb2_grpc

from simulator.robot.body_state import BodyState
from simulator.robot.estop import CUT, NONE
from simulator.robot.frames import FIXED_FRAMES, snapshot
from simulator.robot.robot import Robot
from simulator.robot.skeleton import HIP_X, HIP_Y, JOINTS, LINKS, UPPER_Y, hardware_skeleton, joint_angles
from simulator.robot.timestamps import to_duration, to_timestamp
from simulator.services.gate import reject

_FOOT_Y = HIP_Y + UPPER_Y
_FULL_RUNTIME = 90 * 60.0  # s: typical runtime of the data sheet
_EStop = robot_state_pb2.EStopState
_Power = robot_state_pb2.PowerState


class RobotStateService(
    robot_state_service_pb2_grpc.RobotStateServiceServicer  # type: ignore[misc]  # generated without types
):
    """GetRobotState, GetRobotMetrics, GetRobotHardwareConfiguration and GetRobotLinkModel."""

    def __init__(self, robot: Robot) -> None:
        self._robot = robot

    def GetRobotState(  # noqa: N802 - the name of the RPC
        self, request: robot_state_pb2.RobotStateRequest, context: grpc.ServicerContext
    ) -> robot_state_pb2.RobotStateResponse:
        """The whole state at the newest step."""
        with self._robot.lock:
            return robot_state_pb2.RobotStateResponse(robot_state=robot_state(self._robot))

    def GetRobotMetrics(  # noqa: N802 - the name of the RPC
        self, request: robot_state_pb2.RobotMetricsRequest, context: grpc.ServicerContext
    ) -> robot_state_pb2.RobotMetricsResponse:
        """Distance walked and uptime, the metrics that the simulator keeps."""
        values = (("distance", "m", self._robot.walked), ("uptime", "s", self._robot.clock.uptime()))
        found = [parameter_pb2.Parameter(label=label, units=units, float_value=value) for label, units, value in values]
        metrics = robot_state_pb2.RobotMetrics(timestamp=to_timestamp(self._robot.clock.now()), metrics=found)
        return robot_state_pb2.RobotMetricsResponse(robot_metrics=metrics)

    def GetRobotHardwareConfiguration(  # noqa: N802 - the name of the RPC
        self, request: robot_state_pb2.RobotHardwareConfigurationRequest, context: grpc.ServicerContext
    ) -> robot_state_pb2.RobotHardwareConfigurationResponse:
        """A robot without an arm, whose computer cannot be switched off by a client."""
        configuration = robot_state_pb2.HardwareConfiguration(skeleton=hardware_skeleton())
        return robot_state_pb2.RobotHardwareConfigurationResponse(hardware_configuration=configuration)

    def GetRobotLinkModel(  # noqa: N802 - the name of the RPC
        self, request: robot_state_pb2.RobotLinkModelRequest, context: grpc.ServicerContext
    ) -> robot_state_pb2.RobotLinkModelResponse:
        """The mesh of one link, as a Wavefront OBJ."""
        response = robot_state_pb2.RobotLinkModelResponse()
        link = next((link for link in LINKS if link.name == request.link_name), None)
        if link is None:
            reject(response, f"there is no link {request.link_name!r}")
        else:
            response.link_model.file_name, response.link_model.file_contents = link.file_name, link.mesh()
        return response


def robot_state(robot: Robot) -> robot_state_pb2.RobotState:
    """The state of a robot whose lock is held."""
    stamp = to_timestamp(robot.moment.time)
    missing = robot.power.obstacles.battery_missing
    battery = robot_state_pb2.BatteryState(timestamp=stamp, identifier="FAKE-BATTERY", temperatures=[30.0] * 5)
    charging = battery.STATUS_CHARGING if robot.power.obstacles.on_charger else battery.STATUS_DISCHARGING
    battery.status = battery.STATUS_MISSING if missing else charging
    battery.charge_percentage.value = 0.0 if missing else robot.charge * 100
    battery.estimated_runtime.CopyFrom(to_duration(robot.charge * _FULL_RUNTIME))
    battery.voltage.value, battery.current.value = 55.0, 3.0 if robot.power.obstacles.on_charger else -3.0
    wifi = robot_state_pb2.WiFiState(current_mode=robot_state_pb2.WiFiState.MODE_ACCESS_POINT, essid="fake-spot")
    return robot_state_pb2.RobotState(
        power_state=_power_state(robot),
        battery_states=[battery],
        comms_states=[robot_state_pb2.CommsState(timestamp=stamp, wifi_state=wifi)],
        system_fault_state=robot_state_pb2.SystemFaultState(),
        estop_states=_estop_states(robot),
        kinematic_state=_kinematic_state(robot),
        behavior_fault_state=robot_state_pb2.BehaviorFaultState(faults=robot.faults.behavior),
        foot_state=foot_states(robot.body),
        service_fault_state=robot_state_pb2.ServiceFaultState(faults=robot.faults.service),
        behavior_state=robot_state_pb2.BehaviorState(state=robot.behavior_state()),
    )


def _power_state(robot: Robot) -> robot_state_pb2.PowerState:
    on_charger = robot.power.obstacles.on_charger
    state = _Power(
        timestamp=to_timestamp(robot.moment.time),
        motor_power_state=robot.power.motors.value,
        shore_power_state=_Power.SHORE_POWER_STATE_ON if on_charger else _Power.SHORE_POWER_STATE_OFF,
        robot_power_state=_Power.ROBOT_POWER_STATE_ON,
        payload_ports_power_state=_Power.PAYLOAD_PORTS_POWER_STATE_ON,
        wifi_radio_power_state=_Power.WIFI_RADIO_POWER_STATE_ON,
        locomotion_estimated_runtime=to_duration(robot.charge * _FULL_RUNTIME),
    )
    state.locomotion_charge_percentage.value = robot.charge * 100
    return state


def _estop_states(robot: Robot) -> list[robot_state_pb2.EStopState]:
    software = robot.estop.software_level(robot.clock.uptime())
    levels = (
        ("hardware_estop", _EStop.TYPE_HARDWARE, CUT if robot.estop.pressed else NONE),
        ("payload_estop", _EStop.TYPE_SOFTWARE, NONE),
        ("software_estop", _EStop.TYPE_SOFTWARE, software),
    )
    stamp = to_timestamp(robot.moment.time)
    return [
        _EStop(
            timestamp=stamp,
            name=name,
            type=kind,
            state=_EStop.STATE_NOT_ESTOPPED if level == NONE else _EStop.STATE_ESTOPPED,
        )
        for name, kind, level in levels
    ]


def _kinematic_state(robot: Robot) -> robot_state_pb2.KinematicState:
    body = robot.body
    state = robot_state_pb2.KinematicState(
        acquisition_timestamp=to_timestamp(robot.moment.time), transforms_snapshot=snapshot(body, robot.frames)
    )
    for name, angle in zip(JOINTS, joint_angles(body.height), strict=True):
        joint = state.joint_states.add(name=name)
        joint.position.value = angle
        joint.velocity.value = joint.acceleration.value = joint.load.value = 0.0
    velocities = (state.velocity_of_body_in_odom, state.velocity_of_body_in_vision)
    for frame, velocity in zip(FIXED_FRAMES, velocities, strict=True):
        velocity.CopyFrom(velocity_in(body, robot.frames.planar(frame).yaw))
    return state


def velocity_in(body: BodyState, frame_yaw: float) -> geometry_pb2.SE3Velocity:
    """Velocity of the body in a frame of this yaw in the world."""
    angle, own = body.yaw - frame_yaw, body.velocity
    cos, sin = math.cos(angle), math.sin(angle)
    return geometry_pb2.SE3Velocity(
        linear=geometry_pb2.Vec3(x=cos * own.x - sin * own.y, y=sin * own.x + cos * own.y),
        angular=geometry_pb2.Vec3(z=own.turn),
    )


def foot_states(body: BodyState) -> list[robot_state_pb2.FootState]:
    """The four feet, all on the ground: front left, front right, hind left, hind right."""
    contact = robot_state_pb2.FootState.CONTACT_MADE
    positions = (geometry_pb2.Vec3(x=x, y=y, z=-body.height) for x in (HIP_X, -HIP_X) for y in (_FOOT_Y, -_FOOT_Y))
    return [robot_state_pb2.FootState(foot_position_rt_body=at, contact=contact) for at in positions]
