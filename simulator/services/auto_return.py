"""AutoReturn."""

from __future__ import annotations

import grpc
from bosdyn.api.auto_return import auto_return_pb2, auto_return_service_pb2_grpc

from simulator.robot.auto_return import problem
from simulator.robot.robot import Robot
from simulator.services.gate import reject

_Configure = auto_return_pb2.ConfigureResponse
_Start = auto_return_pb2.StartResponse


class AutoReturnService(
    auto_return_service_pb2_grpc.AutoReturnServiceServicer  # type: ignore[misc]  # generated without types
):
    """Configure, GetConfiguration and Start."""

    def __init__(self, robot: Robot) -> None:
        self._robot = robot

    def Configure(  # noqa: N802 - the name of the RPC
        self, request: auto_return_pb2.ConfigureRequest, context: grpc.ServicerContext
    ) -> auto_return_pb2.ConfigureResponse:
        """Keep leases and parameters for later."""
        if problem(request.params):
            return _Configure(status=_Configure.STATUS_INVALID_PARAMS, invalid_params=request.params)
        with self._robot.lock:
            self._robot.auto_return.configuration.CopyFrom(request)
            if request.clear_buffer:
                self._robot.auto_return.forget()
        return _Configure(status=_Configure.STATUS_OK)

    def GetConfiguration(  # noqa: N802 - the name of the RPC
        self, request: auto_return_pb2.GetConfigurationRequest, context: grpc.ServicerContext
    ) -> auto_return_pb2.GetConfigurationResponse:
        """What was configured last."""
        with self._robot.lock:
            kept = self._robot.auto_return.configuration
            return auto_return_pb2.GetConfigurationResponse(enabled=bool(kept.leases), request=kept)

    def Start(  # noqa: N802 - the name of the RPC
        self, request: auto_return_pb2.StartRequest, context: grpc.ServicerContext
    ) -> auto_return_pb2.StartResponse:
        """Walk back now, with what the request or the configuration says."""
        response = _Start()
        with self._robot.lock:
            kept = self._robot.auto_return.configuration
            leases = list(request.leases or kept.leases)
            has_params = request.HasField("params") or kept.HasField("params")
            params = request.params if request.HasField("params") else kept.params
            if not leases or not has_params:
                reject(response, "neither this request nor the configuration has leases and params")
            elif problem(params):
                response.status = _Start.STATUS_INVALID_PARAMS
                response.invalid_params.CopyFrom(params)
            elif not self._robot.auto_return.start(self._robot, leases, params, self._robot.clock.uptime()):
                reject(response, "a lease is not good, or the robot cannot walk")
            else:
                response.status = _Start.STATUS_OK
        return response
