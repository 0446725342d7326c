"""User tokens: who may call, until when."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterable
from dataclasses import dataclass

from simulator.robot.randomness import hex_name, random_source

TOKEN_SECONDS = 12 * 3600.0
"""Life of a token (SDK documentation)."""


@dataclass(frozen=True, slots=True)
class _Grant:
    user: str
    expires_at: float
    payload: str = ""


class TokenBook:
    """Gives out tokens and knows whose they are. Safe from every thread; all times are uptime in seconds.

    Args:
        source: Where tokens come from; the system's random numbers, if not given.
    """

    def __init__(self, source: random.Random | None = None) -> None:
        self._random = source or random_source(None, "tokens")
        self._lock = threading.Lock()
        self._grants: dict[str, _Grant] = {}

    def issue(self, user: str, uptime: float, payload: str = "") -> str:
        """A new token of a user, or of the payload with this GUID."""
        token = hex_name(self._random, 32)
        with self._lock:
            self._grants[token] = _Grant(user, uptime + TOKEN_SECONDS, payload)
        return token

    def user(self, token: str, uptime: float) -> str | None:
        """Whose token it is; ``None`` when it is unknown or expired."""
        with self._lock:
            grant = self._grants.get(token)
        return grant.user if grant and uptime < grant.expires_at else None

    def payload(self, token: str, uptime: float) -> str:
        """GUID of the payload whose token it is; empty for a person's token, and for one that is not valid."""
        with self._lock:
            grant = self._grants.get(token)
        return grant.payload if grant and uptime < grant.expires_at else ""

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
