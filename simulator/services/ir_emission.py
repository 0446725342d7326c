"""The infrared emitters of the depth cameras."""

from __future__ import annotations

import grpc
from bosdyn.api import ir_enable_disable_pb2, ir_enable_disable_service_pb2_grpc

from simulator.robot.robot import Robot
from simulator.services.gate import reject

_Request = ir_enable_disable_pb2.IREnableDisableRequest


class IrEmissionService(
    ir_enable_disable_service_pb2_grpc.IREnableDisableServiceServicer  # type: ignore[misc]  # generated
):
    """IREnableDisable. The emitters' state is kept; the simulated depth does not depend on it."""

    def __init__(self, robot: Robot) -> None:
        self._robot = robot

    def IREnableDisable(  # noqa: N802 - the name of the RPC
        self, request: ir_enable_disable_pb2.IREnableDisableRequest, context: grpc.ServicerContext
    ) -> ir_enable_disable_pb2.IREnableDisableResponse:
        """Switch the emitters on or off."""
        response = ir_enable_disable_pb2.IREnableDisableResponse()
        if request.request == _Request.REQUEST_UNKNOWN:
            reject(response, "the request says neither REQUEST_ON nor REQUEST_OFF")
            return response
        with self._robot.lock:
            self._robot.ir_emits = request.request == _Request.REQUEST_ON
        return response
