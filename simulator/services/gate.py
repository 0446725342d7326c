"""What every call passes: the token check, the common header, and the journal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import grpc
from bosdyn.api import header_pb2

from simulator.journal import Journal
from simulator.robot.clock import RobotClock
from simulator.robot.timestamps import to_timestamp
from simulator.services.disturbances import Disturbances
from simulator.services.tokens import TokenBook, bearer

_OPEN_SERVICES = ("bosdyn.api.AuthService", "bosdyn.api.RobotIdService")
_Error = header_pb2.CommonError


class Gate(grpc.ServerInterceptor):  # type: ignore[misc]  # grpc has no types
    """Checks and completes every call, so that the services need not.

    A call without a valid token ends with UNAUTHENTICATED, one of an unknown service or method with UNIMPLEMENTED.

    Args:
        clock: For the timestamps of the headers.
        tokens: Who may call.
        journal: Counts the calls.
        disturbances: Which calls are slow or fail on purpose.
    """

    def __init__(self, clock: RobotClock, tokens: TokenBook, journal: Journal, disturbances: Disturbances) -> None:
        self._clock = clock
        self._tokens = tokens
        self._journal = journal
        self._disturbances = disturbances

    def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], grpc.RpcMethodHandler | None],
        handler_call_details: grpc.HandlerCallDetails,
    ) -> grpc.RpcMethodHandler | None:
        """Wrap the handler of a call; ``None`` lets gRPC answer UNIMPLEMENTED."""
        handler = continuation(handler_call_details)
        method = handler_call_details.method.lstrip("/").removeprefix("bosdyn.api.")
        if handler is None or handler.unary_unary is None:
            self._journal.count_call(method, "UNIMPLEMENTED")
            return None
        needs_token = not handler_call_details.method.lstrip("/").startswith(_OPEN_SERVICES)
        return grpc.unary_unary_rpc_method_handler(
            self._wrapped(handler.unary_unary, method, needs_token=needs_token),
            request_deserializer=handler.request_deserializer,
            response_serializer=handler.response_serializer,
        )

    def _wrapped(
        self, behaviour: Callable[[Any, grpc.ServicerContext], Any], method: str, *, needs_token: bool
    ) -> Callable[[Any, grpc.ServicerContext], Any]:
        def call(request: Any, context: grpc.ServicerContext) -> Any:  # noqa: ANN401 - any message of the API
            received = self._clock.now()
            failure = self._disturbances.apply(method)
            if failure is not None:
                self._journal.count_call(method, failure.name)
                context.abort(failure, f"{method} fails on purpose")
            if needs_token and not self._is_known(context):
                self._journal.count_call(method, "UNAUTHENTICATED")
                context.abort(grpc.StatusCode.UNAUTHENTICATED, "the user token is missing, invalid or expired")
            try:
                response = behaviour(request, context)
            except NotImplementedError:
                self._journal.count_call(method, "UNIMPLEMENTED")
                context.abort(grpc.StatusCode.UNIMPLEMENTED, f"{method} is not simulated")
            self._journal.count_call(method)
            self._complete(response.header, request.header, received)
            return response

        return call

    def _is_known(self, context: grpc.ServicerContext) -> bool:
        token = bearer(context.invocation_metadata())
        return self._tokens.user(token, self._clock.uptime()) is not None

    def _complete(self, header: header_pb2.ResponseHeader, request: header_pb2.RequestHeader, received: float) -> None:
        header.request_header.CopyFrom(request)
        header.request_received_timestamp.CopyFrom(to_timestamp(received))
        header.response_timestamp.CopyFrom(to_timestamp(self._clock.now()))
        if header.error.code == _Error.CODE_UNSPECIFIED:
            header.error.code = _Error.CODE_OK


def reject(response: Any, message: str) -> None:  # noqa: ANN401 - any response of the API
    """Mark a response as the answer to a request that makes no sense."""
    response.header.error.code = _Error.CODE_INVALID_REQUEST
    response.header.error.message = message
