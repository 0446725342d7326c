"""Carries calls to the services that clients have registered."""

from __future__ import annotations

import ipaddress
import threading
from collections.abc import Iterator
from dataclasses import dataclass

import grpc

from simulator.robot.registry import RegisteredService

LONGEST_CALL = 60.0
"""Seconds after which a forwarded call is given up, whatever deadline its client has set (undocumented)."""
_OPTIONS = (
    ("grpc.max_receive_message_length", -1),
    ("grpc.max_send_message_length", -1),
    ("grpc.enable_http_proxy", 0),
    ("grpc.initial_reconnect_backoff_ms", 100),
    ("grpc.max_reconnect_backoff_ms", 500),  # a service that is restarted is found again at once
)


@dataclass(frozen=True, slots=True)
class _Address:
    host: str
    port: int

    @property
    def target(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


class UnreachableError(grpc.RpcError):  # type: ignore[misc]  # grpc has no types
    """The service is at an address that the fake Spot does not dial."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self._message = message

    def code(self) -> grpc.StatusCode:
        """As every error of gRPC."""
        return grpc.StatusCode.UNAVAILABLE

    def details(self) -> str:
        """As every error of gRPC."""
        return self._message


class Forwarder:
    """Calls registered services over plain gRPC. Safe from every thread.

    Args:
        dial_any_host: Whether it may call beyond this machine.
    """

    def __init__(self, *, dial_any_host: bool) -> None:
        self._dial_any_host = dial_any_host
        self._lock = threading.Lock()
        self._channels: dict[_Address, grpc.Channel] = {}

    def call(self, service: RegisteredService, path: str, request: bytes, timeout: float) -> bytes:
        """Call a unary RPC.

        Args:
            service: Whom to call.
            path: Full name of the RPC, such as ``"/bosdyn.api.ImageService/GetImage"``.
            request: The serialised request.
            timeout: Seconds to wait at most.

        Returns:
            The serialised response.

        Raises:
            grpc.RpcError: The service is not there, is too slow, or failed.
        """
        answer: bytes = self._channel(service).unary_unary(path)(request, timeout=min(timeout, LONGEST_CALL))
        return answer

    def stream(
        self, service: RegisteredService, path: str, requests: Iterator[bytes], context: grpc.ServicerContext
    ) -> Iterator[bytes]:
        """Carry a call of any kind on; on the wire every RPC is a stream of messages each way.

        Raises:
            grpc.RpcError: The service is not there, is too slow, or failed.
        """
        timeout = min(context.time_remaining(), LONGEST_CALL)
        call = self._channel(service).stream_stream(path)(requests, timeout=timeout)
        context.add_callback(call.cancel)  # the client has hung up
        yield from call

    def close(self) -> None:
        """Close every connection."""
        with self._lock:
            for channel in self._channels.values():
                channel.close()
            self._channels.clear()

    def _channel(self, service: RegisteredService) -> grpc.Channel:
        address = _Address(service.host, service.port)
        if not self._dial_any_host and not _is_loopback(service.host):
            raise UnreachableError(
                f"{service.entry.name} is at {address.target}, which is not this machine; "
                "allow it with RobotSettings(dial_any_host=True)"
            )
        with self._lock:
            if address not in self._channels:
                self._channels[address] = grpc.insecure_channel(address.target, options=_OPTIONS)
            return self._channels[address]


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
