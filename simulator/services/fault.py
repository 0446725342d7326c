"""Faults that services report about themselves."""

from __future__ import annotations

import grpc
from bosdyn.api import fault_service_pb2_grpc, service_fault_pb2

from simulator.robot.robot import Robot

_Trigger = service_fault_pb2.TriggerServiceFaultResponse
_Clear = service_fault_pb2.ClearServiceFaultResponse


class FaultService(fault_service_pb2_grpc.FaultServiceServicer):  # type: ignore[misc]  # generated without types
    """TriggerServiceFault and ClearServiceFault."""

    def __init__(self, robot: Robot) -> None:
        self._robot = robot

    def TriggerServiceFault(  # noqa: N802 - the name of the RPC
        self, request: service_fault_pb2.TriggerServiceFaultRequest, context: grpc.ServicerContext
    ) -> service_fault_pb2.TriggerServiceFaultResponse:
        """Report a fault."""
        with self._robot.lock:
            added = self._robot.faults.trigger(request.fault, self._robot.clock.now())
            return _Trigger(status=_Trigger.STATUS_OK if added else _Trigger.STATUS_FAULT_ALREADY_ACTIVE)

    def ClearServiceFault(  # noqa: N802 - the name of the RPC
        self, request: service_fault_pb2.ClearServiceFaultRequest, context: grpc.ServicerContext
    ) -> service_fault_pb2.ClearServiceFaultResponse:
        """Take a fault back."""
        with self._robot.lock:
            cleared = self._robot.faults.clear(request)
            return _Clear(status=_Clear.STATUS_OK if cleared else _Clear.STATUS_FAULT_NOT_ACTIVE)
