"""What the robot says about itself."""

from __future__ import annotations

import math

import grpc
from bosdyn.api import geometry_pb2, parameter_pb2, robot_state_pb2, robot_state_service_pb2_grpc

from simulator.robot.body_state import BodyState
from simulator.robot.estop import CUT, NONE
from simulator.robot.frames import FIXED_FRAMES, snapshot
from simulator.robot.robot import Robot
from simulator.robot.timestamps import to_duration, to_timestamp

_HIP_X, _HIP_Y = 0.298, 0.166  # m: feet below the hips of Spot's published URDF, roughly
_JOINTS = tuple(f"{leg}.{joint}" for leg in ("fl", "fr", "hl", "hr") for joint in ("hx", "hy", "kn"))
_FULL_RUNTIME = 90 * 60.0  # s: typical runtime of the data sheet
_EStop = robot_state_pb2.EStopState
_Power = robot_state_pb2.PowerState


class RobotStateService(
    robot_state_service_pb2_grpc.RobotStateServiceServicer  # type: ignore[misc]  # generated without types
):
    """GetRobotState, GetRobotMetrics and GetRobotHardwareConfiguration."""

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
        """Uptime, the one metric that the simulator keeps."""
        uptime = self._robot.clock.uptime()
        metric = parameter_pb2.Parameter(label="uptime", units="s", float_value=uptime)
        metrics = robot_state_pb2.RobotMetrics(timestamp=to_timestamp(self._robot.clock.now()), metrics=[metric])
        return robot_state_pb2.RobotMetricsResponse(robot_metrics=metrics)

    def GetRobotHardwareConfiguration(  # noqa: N802 - the name of the RPC
        self, request: robot_state_pb2.RobotHardwareConfigurationRequest, context: grpc.ServicerContext
    ) -> robot_state_pb2.RobotHardwareConfigurationResponse:
        """A robot without an arm, whose computer cannot be switched off by a client."""
        skeleton = robot_state_pb2.Skeleton(links=[], urdf='<robot name="spot"/>')
        configuration = robot_state_pb2.HardwareConfiguration(skeleton=skeleton)
        return robot_state_pb2.RobotHardwareConfigurationResponse(hardware_configuration=configuration)


def robot_state(robot: Robot) -> robot_state_pb2.RobotState:
    """The state of a robot whose lock is held."""
    stamp = to_timestamp(robot.moment.time)
    missing = robot.power.obstacles.battery_missing
    battery = robot_state_pb2.BatteryState(timestamp=stamp, identifier="FAKE-BATTERY", temperatures=[30.0] * 5)
    battery.status = battery.STATUS_MISSING if missing else battery.STATUS_DISCHARGING
    battery.charge_percentage.value = 0.0 if missing else robot.charge * 100
    battery.estimated_runtime.CopyFrom(to_duration(robot.charge * _FULL_RUNTIME))
    battery.voltage.value, battery.current.value = 55.0, -3.0
    wifi = robot_state_pb2.WiFiState(current_mode=robot_state_pb2.WiFiState.MODE_ACCESS_POINT, essid="fake-spot")
    return robot_state_pb2.RobotState(
        power_state=_power_state(robot),
        battery_states=[battery],
        comms_states=[robot_state_pb2.CommsState(timestamp=stamp, wifi_state=wifi)],
        system_fault_state=robot_state_pb2.SystemFaultState(),
        estop_states=_estop_states(robot),
        kinematic_state=_kinematic_state(robot),
        behavior_fault_state=robot_state_pb2.BehaviorFaultState(faults=robot.faults.behavior),
        foot_state=_foot_states(robot.body),
        service_fault_state=robot_state_pb2.ServiceFaultState(faults=robot.faults.service),
        behavior_state=robot_state_pb2.BehaviorState(state=robot.behavior_state()),
    )


def _power_state(robot: Robot) -> robot_state_pb2.PowerState:
    on_charger = robot.power.obstacles.shore_power
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
    for name in _JOINTS:
        joint = state.joint_states.add(name=name)
        joint.position.value = joint.velocity.value = joint.acceleration.value = joint.load.value = 0.0
    velocities = (state.velocity_of_body_in_odom, state.velocity_of_body_in_vision)
    for frame, velocity in zip(FIXED_FRAMES, velocities, strict=True):
        velocity.CopyFrom(_velocity(body, robot.frames.planar(frame).yaw))
    return state


def _velocity(body: BodyState, frame_yaw: float) -> geometry_pb2.SE3Velocity:
    angle, own = body.yaw - frame_yaw, body.velocity
    cos, sin = math.cos(angle), math.sin(angle)
    return geometry_pb2.SE3Velocity(
        linear=geometry_pb2.Vec3(x=cos * own.x - sin * own.y, y=sin * own.x + cos * own.y),
        angular=geometry_pb2.Vec3(z=own.turn),
    )


def _foot_states(body: BodyState) -> list[robot_state_pb2.FootState]:
    contact = robot_state_pb2.FootState.CONTACT_MADE
    positions = (geometry_pb2.Vec3(x=x, y=y, z=-body.height) for x in (_HIP_X, -_HIP_X) for y in (_HIP_Y, -_HIP_Y))
    return [robot_state_pb2.FootState(foot_position_rt_body=at, contact=contact) for at in positions]
