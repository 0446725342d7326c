"""A bad network, on purpose."""

from __future__ import annotations

import threading

import grpc


class Disturbances:
    """Which calls are slow or fail. Safe from every thread; methods are named ``"Service/Method"``."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._delays: dict[str, float] = {}
        self._failures: dict[str, grpc.StatusCode] = {}
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

    def close(self) -> None:
        """Let every delayed call go on at once."""
        self._closed.set()

    def apply(self, method: str) -> grpc.StatusCode | None:
        """Wait as long as the method is delayed; give the status with which it must fail, if it must."""
        with self._lock:
            delay, failure = self._delays.get(method, 0.0), self._failures.get(method)
        if delay > 0:
            self._closed.wait(delay)
        return failure
