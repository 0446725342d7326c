"""Ending on Ctrl-C and on a polite kill."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def ending_on_signals() -> Iterator[threading.Event]:
    """An event that SIGINT and SIGTERM set. A second Ctrl-C while the robot is being settled changes nothing."""
    ended = threading.Event()

    def end(number: int, frame: FrameType | None) -> None:
        ended.set()

    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield ended
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def passing_signals_on(send: Callable[[int], None]) -> Iterator[None]:
    """Pass SIGINT and SIGTERM on to another process, and go on waiting for it.

    A terminal sends Ctrl-C to every process in front of it, so that one is not sent a second time.
    """
    by_terminal = sys.stdin is not None and sys.stdin.isatty()

    def pass_on(number: int, frame: FrameType | None) -> None:
        if number != signal.SIGINT or not by_terminal:
            send(number)

    before = {number: signal.signal(number, pass_on) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
