"""User tokens: who may call, until when."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterable
from dataclasses import dataclass

TOKEN_SECONDS = 12 * 3600.0
"""Life of a token (SDK documentation)."""


@dataclass(frozen=True, slots=True)
class _Grant:
    user: str
    expires_at: float


class TokenBook:
    """Gives out tokens and knows whose they are. Safe from every thread; all times are uptime in seconds."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._grants: dict[str, _Grant] = {}

    def issue(self, user: str, uptime: float) -> str:
        """A new token of a user."""
        token = secrets.token_urlsafe(32)
        with self._lock:
            self._grants[token] = _Grant(user, uptime + TOKEN_SECONDS)
        return token

    def user(self, token: str, uptime: float) -> str | None:
        """Whose token it is; ``None`` when it is unknown or expired."""
        with self._lock:
            grant = self._grants.get(token)
        return grant.user if grant and uptime < grant.expires_at else None

    def expire_all(self) -> None:
        """Make every token invalid now."""
        with self._lock:
            self._grants.clear()


def bearer(metadata: Iterable[tuple[str, str | bytes]]) -> str:
    """The token in a call's metadata, or an empty string."""
    for key, value in metadata:
        if key == "authorization" and isinstance(value, str):
            return value.removeprefix("Bearer ")
    return ""
