"""Registering services of clients with the robot."""

from __future__ import annotations

import grpc
from bosdyn.api import (
    directory_pb2,
    directory_registration_pb2,
    directory_registration_service_pb2_grpc,
    service_fault_pb2,
)

from simulator.robot.robot import Robot
from simulator.services.directory import SERVICES
from simulator.services.gate import reject
from simulator.services.tokens import TokenBook, bearer

_Register = directory_registration_pb2.RegisterServiceResponse
_Update = directory_registration_pb2.UpdateServiceResponse
_Unregister = directory_registration_pb2.UnregisterServiceResponse
_OWN_NAMES = frozenset(service.name for service in SERVICES)


class DirectoryRegistrationService(
    directory_registration_service_pb2_grpc.DirectoryRegistrationServiceServicer  # type: ignore[misc]  # generated
):
    """RegisterService, UpdateService and UnregisterService.

    Every registration and every update is a sign of life of the service. One that has a liveness timeout and falls
    silent gets a service fault; the next sign of life, or its end, takes the fault back.
    """

    def __init__(self, robot: Robot, tokens: TokenBook) -> None:
        self._robot = robot
        self._tokens = tokens

    def RegisterService(  # noqa: N802 - the name of the RPC
        self, request: directory_registration_pb2.RegisterServiceRequest, context: grpc.ServicerContext
    ) -> directory_registration_pb2.RegisterServiceResponse:
        """Add a service under a name that is still free."""
        response = _Register()
        problem = _problem(request.service_entry, request.endpoint)
        if problem:
            reject(response, problem)
            return response
        with self._robot.lock:
            name = request.service_entry.name
            if name in _OWN_NAMES or self._robot.registry.find(name):
                response.status = _Register.STATUS_ALREADY_EXISTS
                return response
            if self._is_taken(request.service_entry):
                reject(response, "another service of this type has this authority")
                return response
            self._put(request.service_entry, request.endpoint, context)
            response.status = _Register.STATUS_OK
        return response

    def UpdateService(  # noqa: N802 - the name of the RPC
        self, request: directory_registration_pb2.UpdateServiceRequest, context: grpc.ServicerContext
    ) -> directory_registration_pb2.UpdateServiceResponse:
        """Replace the service of that name."""
        response = _Update()
        problem = _problem(request.service_entry, request.endpoint)
        if problem:
            reject(response, problem)
            return response
        with self._robot.lock:
            if self._robot.registry.find(request.service_entry.name) is None:
                response.status = _Update.STATUS_NONEXISTENT_SERVICE
                return response
            if self._is_taken(request.service_entry):
                reject(response, "another service of this type has this authority")
                return response
            self._put(request.service_entry, request.endpoint, context)
            response.status = _Update.STATUS_OK
        return response

    def UnregisterService(  # noqa: N802 - the name of the RPC
        self, request: directory_registration_pb2.UnregisterServiceRequest, context: grpc.ServicerContext
    ) -> directory_registration_pb2.UnregisterServiceResponse:
        """Forget a service and all of its faults."""
        name = request.service_name
        with self._robot.lock:
            if not self._robot.registry.remove(name):
                return _Unregister(status=_Unregister.STATUS_NONEXISTENT_SERVICE)
            every = service_fault_pb2.ClearServiceFaultRequest(clear_all_service_faults=True)
            every.fault_id.service_name = name
            self._robot.faults.clear(every)
        return _Unregister(status=_Unregister.STATUS_OK)

    def _is_taken(self, entry: directory_pb2.ServiceEntry) -> bool:
        other = self._robot.registry.route(entry.authority, entry.type)
        return other is not None and other.entry.name != entry.name

    def _put(
        self, entry: directory_pb2.ServiceEntry, endpoint: directory_pb2.Endpoint, context: grpc.ServicerContext
    ) -> None:
        robot, uptime = self._robot, self._robot.clock.uptime()
        service = robot.registry.put(entry, endpoint, uptime, robot.clock.now())
        service.entry.host_payload_guid = self._tokens.payload(bearer(context.invocation_metadata()), uptime)
        robot.faults.clear(service_fault_pb2.ClearServiceFaultRequest(fault_id=service.liveness_fault.fault_id))


def _problem(entry: directory_pb2.ServiceEntry, endpoint: directory_pb2.Endpoint) -> str:
    missing = [name for name in ("name", "type", "authority") if not getattr(entry, name)]
    if missing:
        return f"the service entry has no {' and no '.join(missing)}"
    if not endpoint.host_ip or not 0 < endpoint.port < 65536:
        return "the endpoint needs a host_ip and a port"
    return ""
