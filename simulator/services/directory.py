"""Which services there are, and under which authority."""

from __future__ import annotations

from dataclasses import dataclass

import grpc
from bosdyn.api import directory_pb2, directory_service_pb2_grpc

from simulator.robot.robot import Robot
from simulator.robot.timestamps import to_timestamp

_Response = directory_pb2.GetServiceEntryResponse


@dataclass(frozen=True, slots=True)
class ServiceName:
    """One line of the directory: the SDK's name of the service, its type, and its authority's first part."""

    name: str
    type: str
    authority: str
    token_required: bool = True


SERVICES = (
    ServiceName("auth", "AuthService", "auth", token_required=False),
    ServiceName("auto-return", "auto_return.AutoReturnService", "auto-return"),
    ServiceName("data-buffer", "DataBufferService", "buffer"),
    ServiceName("directory", "DirectoryService", "api"),
    ServiceName("directory-registration", "DirectoryRegistrationService", "api"),
    ServiceName("docking", "docking.DockingService", "docking"),
    ServiceName("estop", "EstopService", "estop"),
    ServiceName("fault", "FaultService", "fault"),
    ServiceName("image", "ImageService", "api"),
    ServiceName("ir-enable-disable-service", "IREnableDisableService", "ir-enable-disable"),
    ServiceName("keepalive", "keepalive.KeepaliveService", "keepalive"),
    ServiceName("lease", "LeaseService", "lease"),
    ServiceName("license", "LicenseService", "license"),
    ServiceName("local-grid-service", "LocalGridService", "localgrid"),
    ServiceName("log-status", "log_status.LogStatusService", "log"),
    ServiceName("network-compute-bridge", "NetworkComputeBridge", "network-compute-bridge"),
    ServiceName("payload", "PayloadService", "payload"),
    ServiceName("payload-registration", "PayloadRegistrationService", "payload-registration", token_required=False),
    ServiceName("power", "PowerService", "power"),
    ServiceName("ray-cast", "RayCastService", "ray-cast"),
    ServiceName("robot-command", "RobotCommandService", "command"),
    ServiceName("robot-id", "RobotIdService", "id", token_required=False),
    ServiceName("robot-state", "RobotStateService", "state"),
    ServiceName("robot-state-streaming", "RobotStateStreamingService", "state-streaming"),
    ServiceName("time-sync", "TimeSyncService", "time-sync"),
    ServiceName("world-objects", "WorldObjectService", "world-objects"),
)
"""Everything that this robot offers. The authorities are those of a robot where they are known."""


class DirectoryService(
    directory_service_pb2_grpc.DirectoryServiceServicer  # type: ignore[misc]  # generated without types
):
    """ListServiceEntries and GetServiceEntry."""

    def __init__(self, robot: Robot) -> None:
        self._robot = robot
        self._own = [_entry(service, robot.clock.now()) for service in SERVICES]

    def ListServiceEntries(  # noqa: N802 - the name of the RPC
        self, request: directory_pb2.ListServiceEntriesRequest, context: grpc.ServicerContext
    ) -> directory_pb2.ListServiceEntriesResponse:
        """Every service: the robot's own, and those that clients have registered."""
        return directory_pb2.ListServiceEntriesResponse(service_entries=self._entries())

    def GetServiceEntry(  # noqa: N802 - the name of the RPC
        self, request: directory_pb2.GetServiceEntryRequest, context: grpc.ServicerContext
    ) -> directory_pb2.GetServiceEntryResponse:
        """One service by its name."""
        for entry in self._entries():
            if entry.name == request.service_name:
                return _Response(status=_Response.STATUS_OK, service_entry=entry)
        return _Response(status=_Response.STATUS_NONEXISTENT_SERVICE)

    def _entries(self) -> list[directory_pb2.ServiceEntry]:
        with self._robot.lock:
            return [*self._own, *(service.entry for service in self._robot.registry.services)]


def _entry(service: ServiceName, now: float) -> directory_pb2.ServiceEntry:
    return directory_pb2.ServiceEntry(
        name=service.name,
        type=f"bosdyn.api.{service.type}",
        authority=f"{service.authority}.spot.robot",
        last_update=to_timestamp(now),
        user_token_required=service.token_required,
    )
