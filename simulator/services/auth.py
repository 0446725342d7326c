"""Logging in."""

from __future__ import annotations

import threading
from dataclasses import dataclass

import grpc
from bosdyn.api import auth_pb2, auth_service_pb2_grpc

from simulator.robot.clock import RobotClock
from simulator.services.tokens import TokenBook

FAILURES_ALLOWED = 6
"""Failures in a row after which a user is locked out ... (SDK documentation)"""
LOCKOUT_SECONDS = 60.0
"""... and for how long."""
_Response = auth_pb2.GetAuthTokenResponse


@dataclass(frozen=True, slots=True)
class Credentials:
    """The one user that the robot knows."""

    username: str
    password: str


@dataclass(slots=True)
class _Failures:
    count: int = 0
    locked_until: float = 0.0


class AuthService(auth_service_pb2_grpc.AuthServiceServicer):  # type: ignore[misc]  # generated without types
    """GetAuthToken.

    Args:
        clock: Gives uptime.
        tokens: Where tokens come from.
        credentials: Who may log in; ``None`` admits anyone whose name and password are not empty.
    """

    def __init__(self, clock: RobotClock, tokens: TokenBook, credentials: Credentials | None) -> None:
        self._clock = clock
        self._tokens = tokens
        self._credentials = credentials
        self._lock = threading.Lock()
        self._failures: dict[str, _Failures] = {}

    def GetAuthToken(  # noqa: N802 - the name of the RPC
        self, request: auth_pb2.GetAuthTokenRequest, context: grpc.ServicerContext
    ) -> auth_pb2.GetAuthTokenResponse:
        """A token for a name and password, or a fresh one for a valid token."""
        uptime = self._clock.uptime()
        if request.token:
            user = self._tokens.user(request.token, uptime)
            if user is None:
                return _Response(status=_Response.STATUS_INVALID_TOKEN)
            return _Response(status=_Response.STATUS_OK, token=self._tokens.issue(user, uptime))
        status = self._log_in(request.username, request.password, uptime)
        if status != _Response.STATUS_OK:
            return _Response(status=status)
        return _Response(status=status, token=self._tokens.issue(request.username, uptime))

    def _log_in(self, username: str, password: str, uptime: float) -> int:
        with self._lock:
            failures = self._failures.setdefault(username, _Failures())
            if uptime < failures.locked_until:
                return int(_Response.STATUS_TEMPORARILY_LOCKED_OUT)
            if self._admits(username, password):
                del self._failures[username]
                return int(_Response.STATUS_OK)
            failures.count += 1
            if failures.count >= FAILURES_ALLOWED:
                self._failures[username] = _Failures(locked_until=uptime + LOCKOUT_SECONDS)
            return int(_Response.STATUS_INVALID_LOGIN)

    def _admits(self, username: str, password: str) -> bool:
        if self._credentials is None:
            return bool(username and password)
        return self._credentials == Credentials(username, password)
