"""The body lease: asked for, never taken, and given up at once when somebody else takes it."""

from __future__ import annotations

import threading
import time

from bosdyn.client.exceptions import Error as SdkError
from bosdyn.client.exceptions import RpcError
from bosdyn.client.lease import LeaseClient, LeaseKeepAlive, ResourceAlreadyClaimedError
from bosdyn.client.robot import Robot

from spot_agent.robot.connection import CLIENT_NAME, refusals

RETAIN_PERIOD = 1.0  # s
STALE_AFTER = 6.0  # s; undocumented, about 3 s in what has been seen


class LeaseGuard:
    """Asks for the body lease once and keeps it while nobody else wants it.

    Args:
        robot: A connected robot.

    Raises:
        RobotRefused: The lease service does not answer.
    """

    def __init__(self, robot: Robot) -> None:
        self._lock = threading.Lock()
        self._lost: str | None = None
        self._keep_alive: LeaseKeepAlive | None = None
        self._client: LeaseClient = robot.ensure_client(LeaseClient.default_service_name)
        with refusals("the lease could not be asked for", "try again when the robot answers"):
            if not self._acquire():
                return
        self._keep_alive = LeaseKeepAlive(
            self._client, rpc_interval_seconds=RETAIN_PERIOD, on_failure_callback=self._failed, warnings=False
        )

    def _acquire(self) -> bool:
        """Ask for the lease; if a run of ours that has just crashed still has it, until the robot calls it stale."""
        deadline = time.monotonic() + STALE_AFTER
        while True:
            try:
                self._client.acquire(timeout=2.0)
            except ResourceAlreadyClaimedError:
                owner = self._owner()
                if not owner.startswith(CLIENT_NAME) or time.monotonic() > deadline:
                    self._lost = owner
                    return False
                time.sleep(RETAIN_PERIOD)
            else:
                return True

    @property
    def held(self) -> bool:
        """Whether the lease is ours."""
        with self._lock:
            return self._lost is None

    @property
    def holder(self) -> str | None:
        """Who holds the lease instead of us, as far as the robot says; ``None`` while it is ours."""
        with self._lock:
            return self._lost

    def give_up(self) -> None:
        """Note that the robot no longer honours our lease. It is not asked for again: a person must restart us."""
        owner = self._owner()
        with self._lock:
            self._lost = self._lost or owner

    def shutdown(self) -> None:
        """Return the lease if it is ours still."""
        if self._keep_alive is None:
            return
        self._keep_alive.shutdown()
        if not self.held:
            return
        try:
            self._client.return_lease(self._client.lease_wallet.get_lease(), timeout=2.0)
        except SdkError:
            # It has just been taken, or the robot is gone; either way there is nothing left to return.
            return

    def _failed(self, error: Exception) -> None:
        # A lost connection is not a lost lease: the robot keeps it for us until somebody else asks.
        if not isinstance(error, RpcError):
            self.give_up()

    def _owner(self) -> str:
        try:
            resources = self._client.list_leases(timeout=2.0)
        except SdkError:
            return "unknown"
        names = [item.lease_owner.client_name for item in resources if item.resource == "body"]
        return next((name for name in names if name), "unknown")
