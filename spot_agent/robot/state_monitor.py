"""The newest robot state, asked for in the background."""

from __future__ import annotations

import threading
import time
from dataclasses import replace

from bosdyn.client.exceptions import Error as SdkError
from bosdyn.client.robot import Robot
from bosdyn.client.robot_state import RobotStateClient

from behaviors import RobotState
from spot_agent.robot.connection import RPC_TIMEOUT
from spot_agent.robot.state_message import read_state

PERIOD = 0.05  # s
TIMEOUT = 0.5  # s
LOST_AFTER = 3.0  # s without an answer; then the robot counts as gone


class StateMonitor:
    """Keeps the newest state of the robot.

    Args:
        robot: A connected robot.

    Raises:
        bosdyn.client.exceptions.Error: The first state cannot be had.
    """

    def __init__(self, robot: Robot) -> None:
        self._client = robot.ensure_client(RobotStateClient.default_service_name)
        self._lock = threading.Condition()
        self._state = read_state(self._client.get_robot_state(timeout=RPC_TIMEOUT))  # nothing waits for the first one
        self._answered = time.monotonic()
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, name="robot state", daemon=True)
        self._thread.start()

    @property
    def state(self) -> RobotState:
        """The newest state; its ``time`` says how old it is."""
        with self._lock:
            return replace(self._state)

    @property
    def lost(self) -> bool:
        """Whether the robot has not answered for so long that it counts as gone."""
        with self._lock:
            return time.monotonic() - self._answered > LOST_AFTER

    def wait_for_next(self, timeout: float) -> None:
        """Wait for the next state, ``timeout`` seconds at most."""
        with self._lock:
            self._lock.wait(timeout)

    def shutdown(self) -> None:
        """End the thread."""
        self._end.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._end.wait(PERIOD):
            try:
                state = read_state(self._client.get_robot_state(timeout=TIMEOUT))
            except SdkError:
                continue  # the age of the state tells everybody who acts on it
            with self._lock:
                self._state, self._answered = state, time.monotonic()
                self._lock.notify_all()
