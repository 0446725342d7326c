"""Motor power."""

from __future__ import annotations

import grpc
from bosdyn.api import lease_pb2, license_pb2, power_pb2, power_service_pb2_grpc

from simulator.robot.estop import NONE
from simulator.robot.power import PowerReceipt
from simulator.robot.robot import Robot
from simulator.services.gate import reject

_Request = power_pb2.PowerCommandRequest


class PowerService(power_service_pb2_grpc.PowerServiceServicer):  # type: ignore[misc]  # generated without types
    """PowerCommand and PowerCommandFeedback; only the motors can be switched."""

    def __init__(self, robot: Robot) -> None:
        self._robot = robot

    def PowerCommand(  # noqa: N802 - the name of the RPC
        self, request: power_pb2.PowerCommandRequest, context: grpc.ServicerContext
    ) -> power_pb2.PowerCommandResponse:
        """Switch the motors on or off."""
        with self._robot.lock:
            response = power_pb2.PowerCommandResponse(license_status=license_pb2.LicenseInfo.STATUS_VALID)
            result = self._robot.lease.use(request.lease, "body", self._robot.clock.uptime())
            response.lease_use_result.CopyFrom(result)
            if result.status != lease_pb2.LeaseUseResult.STATUS_OK:
                response.status = power_pb2.STATUS_INTERNAL_ERROR
                return response
            if request.request == _Request.REQUEST_UNKNOWN:
                reject(response, "the power command names no request")
            receipt = self._obey(request.request)
            response.status, response.power_command_id = receipt.status, receipt.command_id
            return response

    def PowerCommandFeedback(  # noqa: N802 - the name of the RPC
        self, request: power_pb2.PowerCommandFeedbackRequest, context: grpc.ServicerContext
    ) -> power_pb2.PowerCommandFeedbackResponse:
        """How a power command goes."""
        with self._robot.lock:
            status = self._robot.power.status(request.power_command_id)
            response = power_pb2.PowerCommandFeedbackResponse(status=status or power_pb2.STATUS_INTERNAL_ERROR)
            if status is None:
                reject(response, f"there is no power command {request.power_command_id}")
            return response

    def _obey(self, request: int) -> PowerReceipt:
        robot = self._robot
        uptime = robot.clock.uptime()
        if request == _Request.REQUEST_ON_MOTORS:
            estopped = robot.estop.level(uptime) != NONE
            return robot.power.switch_on(uptime, estopped=estopped, faulted=bool(robot.faults.behavior))
        if request == _Request.REQUEST_OFF_MOTORS:
            return robot.power.switch_off()
        return robot.power.refuse(power_pb2.INCOMPATIBLE_HARDWARE_ERROR)
