"""Tells the journal of every call of an RPC."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from simulator.entries import CallEntry
from simulator.journal import Journal
from simulator.robot.clock import RobotClock


class CallLog:
    """Notes and counts calls. Safe from every thread.

    Args:
        journal: Told of every call.
        clock: The robot's.
        scene_time: Gives the scene's time in seconds, ``None`` before it starts.
    """

    def __init__(self, journal: Journal, clock: RobotClock, scene_time: Callable[[], float | None]) -> None:
        self._journal = journal
        self._clock = clock
        self._scene_time = scene_time
        self._lock = threading.Lock()

    def note(self, method: str, client: str = "", outcome: str = "OK", refusals: Sequence[str] = ()) -> None:
        """Note a call, and count it.

        Args:
            method: ``"Service/Method"``.
            client: Name that the client gives itself, if the robot knows it.
            outcome: Name of the gRPC status code.
            refusals: The statuses that refuse in the answer.
        """
        with self._lock:  # so that the calls of several threads are noted in the order of their times
            entry = CallEntry(self._clock.now(), self._scene_time(), client, method, outcome, ", ".join(refusals))
            self._journal.add(entry)
        self._journal.count_call(method, outcome, refusals)
