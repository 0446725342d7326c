"""A bad network, on purpose."""

from __future__ import annotations

import threading
from collections.abc import Callable
from fnmatch import fnmatchcase

import grpc

from simulator.services.link import Link, LinkSettings

_HANG_CHECK = 0.1  # s: how soon a thread that hangs sees that its client has given up


class Disturbances:
    """Which calls are slow, fail or hang. Safe from every thread.

    Methods are named ``"Service/Method"``; ``*`` stands for any letters.

    Args:
        link: Delays every call; nothing does, if not given.
    """

    def __init__(self, link: Link | None = None) -> None:
        self.link = link or Link(LinkSettings())
        self._lock = threading.Lock()
        self._delays: dict[str, float] = {}
        self._failures: dict[str, grpc.StatusCode] = {}
        self._hanging: dict[str, threading.Event] = {}
        self._down: set[str] = set()
        self._closed = threading.Event()

    def delay(self, method: str, seconds: float) -> None:
        """Delay every call of a method; 0 ends that."""
        with self._lock:
            self._delays[method] = seconds

    def fail(self, method: str, code: grpc.StatusCode | None) -> None:
        """Let every call of a method fail; ``None`` ends that."""
        with self._lock:
            self._failures.pop(method, None)
            if code is not None:
                self._failures[method] = code

    def hang(self, method: str, *, hanging: bool) -> None:
        """Let every call of a method get no answer; those under way fail when that ends."""
        with self._lock:
            ended = None if hanging else self._hanging.pop(method, None)
            if hanging:
                self._hanging.setdefault(method, threading.Event())
        if ended is not None:
            ended.set()

    def unavailable(self, method: str, *, is_down: bool) -> None:
        """Let every call of a method fail as if its service did not run."""
        with self._lock:
            (self._down.add if is_down else self._down.discard)(method)

    def close(self) -> None:
        """Let every call that is delayed or hangs go on at once."""
        self._closed.set()
        with self._lock:
            hanging, self._hanging = self._hanging, {}
        for ended in hanging.values():
            ended.set()
        self.link.close()

    def apply(self, method: str, is_active: Callable[[], bool]) -> grpc.StatusCode | None:
        """Wait as long as the method is delayed or hangs; give the status with which it must fail, if it must.

        Args:
            method: What is called.
            is_active: Whether the client still waits for the answer.
        """
        with self._lock:
            delay = max((each for name, each in self._delays.items() if fnmatchcase(method, name)), default=0.0)
            failure = next((each for name, each in self._failures.items() if fnmatchcase(method, name)), None)
            hanging = next((each for name, each in self._hanging.items() if fnmatchcase(method, name)), None)
            if any(fnmatchcase(method, name) for name in self._down):
                failure = grpc.StatusCode.UNAVAILABLE
        if hanging is not None:
            while is_active() and not hanging.wait(_HANG_CHECK):
                pass
            return grpc.StatusCode.UNAVAILABLE  # a call that was lost is not obeyed later
        if delay > 0:
            self._closed.wait(delay)
        return failure
