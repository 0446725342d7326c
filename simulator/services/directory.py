"""Which services there are, and under which authority."""

from __future__ import annotations

from dataclasses import dataclass

import grpc
from bosdyn.api import directory_pb2, directory_service_pb2_grpc

from simulator.robot.clock import RobotClock
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
    ServiceName("data-buffer", "DataBufferService", "buffer"),
    ServiceName("directory", "DirectoryService", "api"),
    ServiceName("estop", "EstopService", "estop"),
    ServiceName("fault", "FaultService", "fault"),
    ServiceName("image", "ImageService", "api"),
    ServiceName("lease", "LeaseService", "lease"),
    ServiceName("power", "PowerService", "power"),
    ServiceName("robot-command", "RobotCommandService", "command"),
    ServiceName("robot-id", "RobotIdService", "id", token_required=False),
    ServiceName("robot-state", "RobotStateService", "state"),
    ServiceName("time-sync", "TimeSyncService", "time-sync"),
    ServiceName("world-objects", "WorldObjectService", "world-objects"),
)
"""Everything that this robot offers. The authorities are those of a robot where they are known."""


class DirectoryService(
    directory_service_pb2_grpc.DirectoryServiceServicer  # type: ignore[misc]  # generated without types
):
    """ListServiceEntries and GetServiceEntry."""

    def __init__(self, clock: RobotClock) -> None:
        self._entries = [_entry(service, clock.now()) for service in SERVICES]

    def ListServiceEntries(  # noqa: N802 - the name of the RPC
        self, request: directory_pb2.ListServiceEntriesRequest, context: grpc.ServicerContext
    ) -> directory_pb2.ListServiceEntriesResponse:
        """Every service."""
        return directory_pb2.ListServiceEntriesResponse(service_entries=self._entries)

    def GetServiceEntry(  # noqa: N802 - the name of the RPC
        self, request: directory_pb2.GetServiceEntryRequest, context: grpc.ServicerContext
    ) -> directory_pb2.GetServiceEntryResponse:
        """One service by its name."""
        for entry in self._entries:
            if entry.name == request.service_name:
                return _Response(status=_Response.STATUS_OK, service_entry=entry)
        return _Response(status=_Response.STATUS_NONEXISTENT_SERVICE)


def _entry(service: ServiceName, now: float) -> directory_pb2.ServiceEntry:
    return directory_pb2.ServiceEntry(
        name=service.name,
        type=f"bosdyn.api.{service.type}",
        authority=f"{service.authority}.spot.robot",
        last_update=to_timestamp(now),
        user_token_required=service.token_required,
    )
