"""Chooses who answers a call: the robot itself, or a service that a client has registered."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

import grpc

from simulator.robot.registry import RegisteredService
from simulator.robot.robot import Robot
from simulator.services.authority import authority
from simulator.services.call_log import CallLog
from simulator.services.disturbances import Disturbances
from simulator.services.forwarder import Forwarder, UnreachableError

BAD_GATEWAY = "Received http2 header with status: 502"
"""What a gRPC client reads when the robot's proxy reaches no service; the SDK makes ServiceUnavailableError of it."""


class Admit(Protocol):
    """Ends a call that must not go on."""

    def __call__(self, context: grpc.ServicerContext, method: str, client: str, *, needs_token: bool) -> None:
        """Raise, by ``context.abort``, or do nothing."""


class Router:
    """Routes by authority and type, as the robot's directory does.

    Args:
        robot: Its registry knows the services of clients.
        forwarder: Carries calls to them.
        calls: Told of every call, as ``"Service/Method of name"``.
        disturbances: How bad the link to the clients is.
        admit: Checks a call before it is carried on.
    """

    def __init__(
        self, robot: Robot, forwarder: Forwarder, calls: CallLog, disturbances: Disturbances, admit: Admit
    ) -> None:
        self._robot = robot
        self._forwarder = forwarder
        self._calls = calls
        self._disturbances = disturbances
        self._admit = admit

    def serves(self, path: str) -> bool:
        """Whether any client has registered a service of the type that this RPC belongs to."""
        with self._robot.lock:
            return self._robot.registry.has_type(_kind(path))

    def handler(self, own: grpc.RpcMethodHandler | None, path: str) -> grpc.RpcMethodHandler:
        """A handler that decides once the call's authority is known; ``own`` is the robot's, if it has one."""

        def call(requests: Iterator[bytes], context: grpc.ServicerContext) -> Iterator[bytes]:
            with self._robot.lock:
                service = self._robot.registry.route(authority(context), _kind(path))
            if service is not None:
                yield from self._forward(service, path, requests, context)
            elif own is not None:
                yield from _answer(own, requests, context)
            else:
                self._calls.note(_method(path), outcome="UNIMPLEMENTED")
                context.abort(grpc.StatusCode.UNIMPLEMENTED, f"{_method(path)} is not simulated")

        return grpc.stream_stream_rpc_method_handler(call)

    def _forward(
        self, service: RegisteredService, path: str, requests: Iterator[bytes], context: grpc.ServicerContext
    ) -> Iterator[bytes]:
        method = f"{_method(path)} of {service.entry.name}"
        self._disturbances.link.request()
        self._admit(context, method, "", needs_token=service.entry.user_token_required)
        try:
            for response in self._forwarder.stream(service, path, requests, context):
                self._disturbances.link.answer(len(response))
                yield response
        except grpc.RpcError as error:
            self._calls.note(method, outcome=error.code().name)
            context.abort(error.code(), _explain(service, error))
        self._calls.note(method)


def _answer(own: grpc.RpcMethodHandler, requests: Iterator[bytes], context: grpc.ServicerContext) -> Iterator[bytes]:
    for request in requests:
        message = own.request_deserializer(request)
        responses = own.unary_stream(message, context) if own.unary_stream else [own.unary_unary(message, context)]
        for response in responses:
            yield own.response_serializer(response)
        return


def _explain(service: RegisteredService, error: grpc.RpcError) -> str:
    if isinstance(error, UnreachableError):
        return f"{BAD_GATEWAY}: {error.details()}"
    if error.code() is grpc.StatusCode.UNAVAILABLE:
        return f"{BAD_GATEWAY}: {service.entry.name} does not answer at {service.host}, port {service.port}"
    return str(error.details())


def _kind(path: str) -> str:
    return path.lstrip("/").partition("/")[0]


def _method(path: str) -> str:
    return path.lstrip("/").removeprefix("bosdyn.api.")
