"""Our E-Stop endpoint: while it checks in, the robot may move; when this program hangs or dies, it settles."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from bosdyn.client.estop import EstopClient, EstopEndpoint, EstopKeepAlive, MotorsOnError
from bosdyn.client.exceptions import Error as SdkError
from bosdyn.client.robot import Robot

from spot_agent.errors import RobotRefused
from spot_agent.robot.connection import CLIENT_NAME, refusals

ESTOP_TIMEOUT = 3.0  # s without a check-in after which the robot settles and cuts power

CRASHED_FOR = ESTOP_TIMEOUT + 5.0  # s; then the motors of a robot that a crashed run left behind are off


class EstopGuard:
    """Registers an endpoint and checks in for as long as a watchdog allows it.

    Args:
        robot: A connected robot whose motors are off.
        alive: The watchdog: once it returns ``False``, checking in ends for good.

    Raises:
        RobotRefused: Another program's endpoint is configured, or the robot refuses the configuration.
    """

    def __init__(self, robot: Robot, alive: Callable[[], bool]) -> None:
        with refusals("the E-Stop could not be set up", "power the motors off, then try again"):
            client = robot.ensure_client(EstopClient.default_service_name)
            self._refuse_to_replace(client)
            endpoint = EstopEndpoint(client, CLIENT_NAME, ESTOP_TIMEOUT)
            _set_up(endpoint)
            self._keep_alive = EstopKeepAlive(endpoint, keep_running_cb=alive)
            self._endpoint = endpoint
            self._keep_alive.allow()
        self._lock = threading.Lock()
        self._error: str | None = None

    @staticmethod
    def _refuse_to_replace(client: EstopClient) -> None:
        """A configuration forgets all endpoints that it does not name, so another's is never replaced."""
        others = {endpoint.name for endpoint in client.get_config(timeout=2.0).endpoints} - {CLIENT_NAME}
        if others:
            raise RobotRefused(
                f"the E-Stop belongs to another program: {', '.join(sorted(others))}",
                hint="end that program, or clear its E-Stop configuration on the tablet",
            )

    @property
    def alive(self) -> bool:
        """Whether the newest check-in succeeded."""
        with self._lock:
            while not self._keep_alive.status_queue.empty():
                status, message = self._keep_alive.status_queue.get_nowait()
                ok = status is EstopKeepAlive.KeepAliveStatus.OK
                self._error = None if ok else message
            return self._error is None

    def shutdown(self) -> None:
        """End checking in and leave the configuration; the motors must be off."""
        self._keep_alive.shutdown()
        try:
            self._endpoint.deregister()
        except SdkError:
            # The robot is gone or its motors are on. Its own timeout then stops it, as for any dead endpoint.
            return


def _set_up(endpoint: EstopEndpoint) -> None:
    """Configure our endpoint. After a crash of ours the motors may still run until the old endpoint times out."""
    deadline = time.monotonic() + CRASHED_FOR
    while True:
        try:
            endpoint.force_simple_setup()
        except MotorsOnError:
            if time.monotonic() > deadline:
                raise
            time.sleep(1.0)
        else:
            return
