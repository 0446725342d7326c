"""The software E-Stop."""

from __future__ import annotations

import grpc
from bosdyn.api import estop_pb2, estop_service_pb2_grpc

from simulator.robot.estop import Endpoint
from simulator.robot.robot import Robot
from simulator.robot.timestamps import to_duration, to_seconds

_CheckIn = estop_pb2.EstopCheckInResponse
_Register = estop_pb2.RegisterEstopEndpointResponse
_Deregister = estop_pb2.DeregisterEstopEndpointResponse
_SetConfig = estop_pb2.SetEstopConfigResponse


class EstopService(estop_service_pb2_grpc.EstopServiceServicer):  # type: ignore[misc]  # generated without types
    """Configuration, endpoints, check-in and status of the E-Stop."""

    def __init__(self, robot: Robot) -> None:
        self._robot = robot

    def GetEstopConfig(  # noqa: N802 - the name of the RPC
        self, request: estop_pb2.GetEstopConfigRequest, context: grpc.ServicerContext
    ) -> estop_pb2.GetEstopConfigResponse:
        """The active configuration."""
        with self._robot.lock:
            config = self._robot.estop.config
            return estop_pb2.GetEstopConfigResponse(request=request, active_config=config)

    def SetEstopConfig(  # noqa: N802 - the name of the RPC
        self, request: estop_pb2.SetEstopConfigRequest, context: grpc.ServicerContext
    ) -> estop_pb2.SetEstopConfigResponse:
        """Replace the configuration, unless the motors are on."""
        with self._robot.lock:
            estop = self._robot.estop
            if request.target_config_id != estop.config.unique_id:
                status = _SetConfig.STATUS_INVALID_ID
            elif self._robot.power.is_on:
                status = _SetConfig.STATUS_MOTORS_ON
            else:
                estop.configure(request.config)
                status = _SetConfig.STATUS_SUCCESS
            return _SetConfig(request=request, active_config=estop.config, status=status)

    def RegisterEstopEndpoint(  # noqa: N802 - the name of the RPC
        self, request: estop_pb2.RegisterEstopEndpointRequest, context: grpc.ServicerContext
    ) -> estop_pb2.RegisterEstopEndpointResponse:
        """Register an endpoint for a role of the configuration."""
        with self._robot.lock:
            estop, new = self._robot.estop, request.new_endpoint
            if request.target_config_id != estop.config.unique_id:
                return _Register(request=request, status=_Register.STATUS_CONFIG_MISMATCH)
            if not estop.has_slot(request.target_endpoint.role):
                return _Register(request=request, status=_Register.STATUS_ENDPOINT_MISMATCH)
            if new.role != request.target_endpoint.role or to_seconds(new.timeout) <= 0:
                return _Register(request=request, status=_Register.STATUS_INVALID_ENDPOINT)
            registered = estop.register(new)
            return _Register(request=request, new_endpoint=registered, status=_Register.STATUS_SUCCESS)

    def DeregisterEstopEndpoint(  # noqa: N802 - the name of the RPC
        self, request: estop_pb2.DeregisterEstopEndpointRequest, context: grpc.ServicerContext
    ) -> estop_pb2.DeregisterEstopEndpointResponse:
        """Forget an endpoint, unless the motors are on."""
        with self._robot.lock:
            estop = self._robot.estop
            endpoint = estop.find(request.target_endpoint)
            if request.target_config_id != estop.config.unique_id:
                status = _Deregister.STATUS_CONFIG_MISMATCH
            elif endpoint is None:
                status = _Deregister.STATUS_ENDPOINT_MISMATCH
            elif self._robot.power.is_on:
                status = _Deregister.STATUS_MOTORS_ON
            else:
                estop.deregister(endpoint)
                status = _Deregister.STATUS_SUCCESS
            return _Deregister(request=request, status=status)

    def EstopCheckIn(  # noqa: N802 - the name of the RPC
        self, request: estop_pb2.EstopCheckInRequest, context: grpc.ServicerContext
    ) -> estop_pb2.EstopCheckInResponse:
        """Take the answer to a challenge and pose the next one."""
        with self._robot.lock:
            estop = self._robot.estop
            endpoint = estop.find(request.endpoint)
            if endpoint is None:
                return _CheckIn(request=request, status=_CheckIn.STATUS_ENDPOINT_UNKNOWN)
            right = estop.check_in(endpoint, request, self._robot.clock.uptime())
            status = _CheckIn.STATUS_OK if right else _CheckIn.STATUS_INCORRECT_CHALLENGE_RESPONSE
            return _CheckIn(request=request, challenge=endpoint.challenge, status=status)

    def GetEstopSystemStatus(  # noqa: N802 - the name of the RPC
        self, request: estop_pb2.GetEstopSystemStatusRequest, context: grpc.ServicerContext
    ) -> estop_pb2.GetEstopSystemStatusResponse:
        """The level that holds, and every endpoint's part in it."""
        with self._robot.lock:
            uptime = self._robot.clock.uptime()
            level = self._robot.estop.level(uptime)
            status = estop_pb2.EstopSystemStatus(
                endpoints=[_describe(endpoint, uptime) for endpoint in self._robot.estop.endpoints],
                stop_level=level,
                stop_level_details=estop_pb2.EstopStopLevel.Name(level),
            )
            return estop_pb2.GetEstopSystemStatusResponse(status=status)


def _describe(endpoint: Endpoint, uptime: float) -> estop_pb2.EstopEndpointWithStatus:
    answered = endpoint.answered_at
    return estop_pb2.EstopEndpointWithStatus(
        endpoint=endpoint.proto,
        stop_level=endpoint.stop_level(uptime),
        time_since_valid_response=to_duration(uptime - answered) if answered is not None else None,
    )
