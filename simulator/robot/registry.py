"""Services that clients have registered with the robot, and whether they still give signs of life."""

from __future__ import annotations

from dataclasses import dataclass

from bosdyn.api import directory_pb2, service_fault_pb2

from simulator.robot.timestamps import to_timestamp

LIVENESS_FAULT = "Service Liveness"
"""Name of the fault of a service that has fallen silent (undocumented)."""
_DOMAIN = ".spot.robot"


@dataclass(slots=True)
class RegisteredService:
    """A service of a client.

    Attributes:
        entry: As it was registered, with its full authority.
        host: Address at which it listens, as the client gave it.
        port: Port at which it listens.
        heard_at: Uptime in seconds of its last sign of life.
    """

    entry: directory_pb2.ServiceEntry
    host: str
    port: int
    heard_at: float

    def is_silent(self, uptime: float) -> bool:
        """Whether its liveness timeout has passed; a timeout of 0 means that nobody looks."""
        timeout = float(self.entry.liveness_timeout_secs)
        return timeout > 0 and uptime - self.heard_at > timeout

    @property
    def liveness_fault(self) -> service_fault_pb2.ServiceFault:
        """The fault to report while it is silent."""
        return service_fault_pb2.ServiceFault(
            fault_id=service_fault_pb2.ServiceFaultId(fault_name=LIVENESS_FAULT, service_name=self.entry.name),
            error_message=f"{self.entry.name} has not been heard of for {self.entry.liveness_timeout_secs:g} s",
            severity=service_fault_pb2.ServiceFault.SEVERITY_WARN,
        )


class ServiceRegistry:
    """What clients have registered. Not locked: its owner holds the lock."""

    def __init__(self) -> None:
        self._services: dict[str, RegisteredService] = {}

    @property
    def services(self) -> tuple[RegisteredService, ...]:
        """Every registered service."""
        return tuple(self._services.values())

    def find(self, name: str) -> RegisteredService | None:
        """A service by its name."""
        return self._services.get(name)

    def route(self, authority: str, kind: str) -> RegisteredService | None:
        """The service that is meant by an authority and a type, such as ``"bosdyn.api.ImageService"``."""
        wanted = full_authority(authority)
        for service in self._services.values():
            if service.entry.type == kind and service.entry.authority == wanted:
                return service
        return None

    def has_type(self, kind: str) -> bool:
        """Whether any service of this type is registered."""
        return any(service.entry.type == kind for service in self._services.values())

    def put(
        self, entry: directory_pb2.ServiceEntry, endpoint: directory_pb2.Endpoint, uptime: float, now: float
    ) -> RegisteredService:
        """Register a service, or replace the one of that name; this is a sign of life."""
        stored = directory_pb2.ServiceEntry()
        stored.CopyFrom(entry)
        stored.authority = full_authority(entry.authority)
        stored.last_update.CopyFrom(to_timestamp(now))
        service = RegisteredService(stored, endpoint.host_ip, endpoint.port, uptime)
        self._services[stored.name] = service
        return service

    def remove(self, name: str) -> bool:
        """Forget a service. False when there is none of that name."""
        return self._services.pop(name, None) is not None

    def silent(self, uptime: float) -> list[RegisteredService]:
        """The services whose liveness timeout has passed."""
        return [service for service in self._services.values() if service.is_silent(uptime)]


def full_authority(authority: str) -> str:
    """A DNS label stands for its name in the robot's domain (``directory.proto``)."""
    return authority if "." in authority else authority + _DOMAIN
