"""What every call passes: the token check, the common header, and the journal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import grpc
from bosdyn.api import header_pb2

from simulator.robot.robot import Robot
from simulator.robot.timestamps import to_timestamp
from simulator.services.call_log import CallLog
from simulator.services.disturbances import Disturbances
from simulator.services.forwarder import Forwarder
from simulator.services.refusals import refusals
from simulator.services.routing import Router
from simulator.services.tokens import TokenBook, bearer

_OPEN_SERVICES = ("bosdyn.api.AuthService", "bosdyn.api.RobotIdService", "bosdyn.api.PayloadRegistrationService")
_Error = header_pb2.CommonError


class Gate(grpc.ServerInterceptor):  # type: ignore[misc]  # grpc has no types
    """Checks and completes every call, so that the services need not.

    A call without a valid token ends with UNAUTHENTICATED, one of an unknown service or method with UNIMPLEMENTED.
    A call for a service that a client has registered is carried on to it.

    Args:
        robot: Its clock gives the timestamps of the headers, its registry knows the services of clients.
        tokens: Who may call.
        calls: Told of every call.
        disturbances: Which calls are slow or fail on purpose.
        forwarder: Carries calls to the services of clients.
    """

    def __init__(
        self, robot: Robot, tokens: TokenBook, calls: CallLog, disturbances: Disturbances, forwarder: Forwarder
    ) -> None:
        self._robot = robot
        self._clock = robot.clock
        self._tokens = tokens
        self._calls = calls
        self._disturbances = disturbances
        self._router = Router(robot, forwarder, calls, disturbances, self._admit)

    def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], grpc.RpcMethodHandler | None],
        handler_call_details: grpc.HandlerCallDetails,
    ) -> grpc.RpcMethodHandler | None:
        """Wrap the handler of a call; ``None`` lets gRPC answer UNIMPLEMENTED."""
        path = handler_call_details.method
        own = self._own_handler(continuation(handler_call_details), path)
        if self._router.serves(path):
            return self._router.handler(own, path)
        if own is None:
            self._calls.note(short_name(path), outcome="UNIMPLEMENTED")
        return own

    def _own_handler(self, handler: grpc.RpcMethodHandler | None, path: str) -> grpc.RpcMethodHandler | None:
        if handler is None or (handler.unary_unary is None and handler.unary_stream is None):
            return None
        needs_token = not path.lstrip("/").startswith(_OPEN_SERVICES)
        coders = {
            "request_deserializer": handler.request_deserializer,
            "response_serializer": handler.response_serializer,
        }
        if handler.unary_unary is None:
            stream = self._wrapped_stream(handler.unary_stream, short_name(path), needs_token=needs_token)
            return grpc.unary_stream_rpc_method_handler(stream, **coders)
        call = self._wrapped(handler.unary_unary, short_name(path), needs_token=needs_token)
        return grpc.unary_unary_rpc_method_handler(call, **coders)

    def _wrapped(
        self, behaviour: Callable[[Any, grpc.ServicerContext], Any], method: str, *, needs_token: bool
    ) -> Callable[[Any, grpc.ServicerContext], Any]:
        def call(request: Any, context: grpc.ServicerContext) -> Any:  # noqa: ANN401 - any message of the API
            self._disturbances.link.request()
            received = self._clock.now()
            client = request.header.client_name
            self._admit(context, method, client, needs_token=needs_token)
            try:
                response = behaviour(request, context)
            except NotImplementedError:
                self._calls.note(method, client, "UNIMPLEMENTED")
                context.abort(grpc.StatusCode.UNIMPLEMENTED, f"{method} is not simulated")
            self._calls.note(method, client, refusals=refusals(method, response))
            self._complete(response.header, request.header, received)
            self._disturbances.link.answer(response.ByteSize())
            return response

        return call

    def _wrapped_stream(
        self, behaviour: Callable[[Any, grpc.ServicerContext], Iterator[Any]], method: str, *, needs_token: bool
    ) -> Callable[[Any, grpc.ServicerContext], Iterator[Any]]:
        def call(request: Any, context: grpc.ServicerContext) -> Iterator[Any]:  # noqa: ANN401 - any message of the API
            self._disturbances.link.request()
            received = self._clock.now()
            client = request.header.client_name
            self._admit(context, method, client, needs_token=needs_token)
            self._calls.note(method, client)
            for response in behaviour(request, context):
                if self._robot.is_switched_off:
                    context.abort(grpc.StatusCode.UNAVAILABLE, "the robot's computer is off")
                self._complete(response.header, request.header, received)
                self._disturbances.link.answer(response.ByteSize())
                yield response

        return call

    def _admit(self, context: grpc.ServicerContext, method: str, client: str, *, needs_token: bool) -> None:
        """End the call here if it must not go on."""
        failure = self._disturbances.apply(method, context.is_active)
        if self._robot.is_switched_off:
            self._calls.note(method, client, "UNAVAILABLE")
            context.abort(grpc.StatusCode.UNAVAILABLE, "the robot's computer is off")
        if failure is not None:
            self._calls.note(method, client, failure.name)
            context.abort(failure, f"{method} fails on purpose")
        if needs_token and not self._is_known(context):
            self._calls.note(method, client, "UNAUTHENTICATED")
            context.abort(grpc.StatusCode.UNAUTHENTICATED, "the user token is missing, invalid or expired")

    def _is_known(self, context: grpc.ServicerContext) -> bool:
        token = bearer(context.invocation_metadata())
        return self._tokens.user(token, self._clock.uptime()) is not None

    def _complete(self, header: header_pb2.ResponseHeader, request: header_pb2.RequestHeader, received: float) -> None:
        header.request_header.CopyFrom(request)
        header.request_received_timestamp.CopyFrom(to_timestamp(received))
        header.response_timestamp.CopyFrom(to_timestamp(self._clock.now()))
        if header.error.code == _Error.CODE_UNSPECIFIED:
            header.error.code = _Error.CODE_OK


def short_name(path: str) -> str:
    """``"ImageService/GetImage"`` of ``"/bosdyn.api.ImageService/GetImage"``."""
    return path.lstrip("/").removeprefix("bosdyn.api.")


def reject(response: Any, message: str) -> None:  # noqa: ANN401 - any response of the API
    """Mark a response as the answer to a request that makes no sense."""
    response.header.error.code = _Error.CODE_INVALID_REQUEST
    response.header.error.message = message
