"""A TLS port that can be closed and opened again without the services behind it noticing."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from concurrent import futures

import grpc

from simulator.certificates import Certificates
from simulator.errors import PortError

_THREADS = 40  # blocking_command polls without a pause, so each client may keep one busy
_GRACE = 0.2
_CUT_TIMEOUT = 1.0


class Listener:
    """Takes handlers as a ``grpc.Server`` does, and serves them.

    Args:
        interceptor: What every call passes.
        certificates: Proof that this is ``*.spot.robot``.
        host: Address to listen on.
        port: Port to listen on; 0 for a free one.

    Raises:
        PortError: The port is taken or must not be used.
    """

    def __init__(self, interceptor: grpc.ServerInterceptor, certificates: Certificates, host: str, port: int) -> None:
        self._interceptor = interceptor
        self._credentials = grpc.ssl_server_credentials([(certificates.private_key, certificates.certificate)])
        self._host = f"[{host}]" if ":" in host else host
        self._generic: list[Sequence[grpc.GenericRpcHandler]] = []
        self._registered: dict[str, Mapping[str, grpc.RpcMethodHandler]] = {}
        self._lock = threading.Lock()
        self._is_closed = False
        self.port = port
        self._server = self._open()

    def add_generic_rpc_handlers(self, handlers: Sequence[grpc.GenericRpcHandler]) -> None:
        """As ``grpc.Server`` has it."""
        self._generic.append(handlers)
        self._server.add_generic_rpc_handlers(handlers)

    def add_registered_method_handlers(self, service: str, handlers: Mapping[str, grpc.RpcMethodHandler]) -> None:
        """As ``grpc.Server`` has it."""
        self._registered[service] = handlers
        self._server.add_registered_method_handlers(service, handlers)

    def start(self) -> None:
        """Start to answer."""
        self._server.start()

    def stop(self) -> None:
        """Stop for good, and wait until every call has ended."""
        with self._lock:
            self._is_closed = True
            self._server.stop(_GRACE).wait()

    def cut(self) -> None:
        """End every call and every connection now, and listen no more."""
        with self._lock:
            self._server.stop(None)

    def restore(self) -> None:
        """Listen again on the same port.

        Raises:
            PortError: The port is not free yet, or somebody else has taken it.
        """
        with self._lock:
            if self._is_closed:
                return
            self._server.stop(None).wait(_CUT_TIMEOUT)
            self._server = self._open()
            for handlers in self._generic:
                self._server.add_generic_rpc_handlers(handlers)
            for service, methods in self._registered.items():
                self._server.add_registered_method_handlers(service, methods)
            self._server.start()

    def _open(self) -> grpc.Server:
        server = grpc.server(
            futures.ThreadPoolExecutor(_THREADS, thread_name_prefix="fake-spot-rpc"),
            interceptors=(self._interceptor,),
            options=(
                ("grpc.so_reuseport", 0),  # else a second simulator would share the port and get half of the calls
                ("grpc.max_receive_message_length", -1),
                ("grpc.max_send_message_length", -1),
            ),
        )
        address = f"{self._host}:{self.port}"
        try:
            self.port = server.add_secure_port(address, self._credentials)
        except RuntimeError as error:
            raise PortError(f"cannot listen on {address}; is it taken? Give another port, or 0") from error
        return server
