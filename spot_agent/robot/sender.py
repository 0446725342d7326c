"""Sending commands. Only what the governor passed gets in, and only the newest gets out."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from bosdyn.client import LeaseUseError
from bosdyn.client.exceptions import Error as SdkError
from bosdyn.client.robot import Robot
from bosdyn.client.robot_command import RobotCommandClient

from behaviors import Command, GovernedCommand, Stop, Walk, WalkTo
from spot_agent.robot.messages import MOTION_LIFETIME, RESEND_PERIOD, to_message

SEND_TIMEOUT = 0.3  # s; a command that takes longer would arrive with nothing left of its life
REPEAT_POSTURE = 1.0  # s; a posture is asked for again while its rule acts, in case it was overridden


@dataclass(frozen=True, slots=True)
class Sent:
    """One command that went out.

    Attributes:
        command: What was sent.
        started: Robot time at which sending began.
        accepted: Robot time at which the robot had accepted it; ``None`` when it did not.
        cause: Robot time of the frame that the command was decided on; ``None`` if on none.
        error: Why the robot did not accept it; ``None`` when it did.
    """

    command: Command
    started: float
    accepted: float | None
    cause: float | None
    error: str | None


@dataclass(frozen=True, slots=True)
class _Job:
    command: Command
    cause: float | None


class CommandSender:
    """Sends the newest governed command from a thread of its own, so that a slow link never stops the loop.

    Args:
        robot: A connected robot.
        robot_now: Gives robot time in seconds.
        lease_lost: Called when the robot no longer honours our lease.
        on_sent: Called after each command, from the sender's thread.
    """

    def __init__(
        self,
        robot: Robot,
        robot_now: Callable[[], float],
        lease_lost: Callable[[], None],
        on_sent: Callable[[Sent], None],
    ) -> None:
        self._client: RobotCommandClient = robot.ensure_client(RobotCommandClient.default_service_name)
        self._robot_now, self._lease_lost, self._on_sent = robot_now, lease_lost, on_sent
        self._condition = threading.Condition()
        self._job: _Job | None = None
        self._ended = False
        self._last: Command | None = None  # the newest that the robot accepted
        self._tried: Command | None = None  # the newest that was sent to it
        self._last_started = float("-inf")
        self._thread = threading.Thread(target=self._run, name="command sender", daemon=True)
        self._thread.start()

    def submit(self, governed: GovernedCommand, cause: float | None) -> None:
        """Offer a command; it replaces one that has not been sent yet.

        Args:
            governed: What the governor passed.
            cause: Robot time of the frame that it was decided on; ``None`` if on none.
        """
        command = governed.command
        with self._condition:
            pending = None if self._job is None else self._job.command
            if command is None and any(isinstance(motion, (Walk, WalkTo)) for motion in (pending, self._last)):
                command = Stop()
            if command is None:
                return
            self._job = _Job(command, cause)
            self._condition.notify()

    def shutdown(self) -> None:
        """Send nothing more, and end the thread."""
        with self._condition:
            self._ended = True
            self._condition.notify()
        self._thread.join()

    def _run(self) -> None:
        while True:
            with self._condition:
                self._condition.wait_for(lambda: self._ended or self._job is not None)
                if self._ended:
                    return
                job, self._job = self._job, None
            if job is not None and self._due(job.command):
                self._send(job)

    def _due(self, command: Command) -> bool:
        """Whether a command is worth sending now: a new one is at once, the same one only after a while."""
        since = time.monotonic() - self._last_started
        if type(command) is type(self._tried) and since < RESEND_PERIOD * 0.9:
            return False
        if command != self._last or isinstance(command, (Walk, WalkTo)):
            return True
        return not isinstance(command, Stop) and since >= REPEAT_POSTURE

    def _send(self, job: _Job) -> None:
        self._last_started, self._tried = time.monotonic(), job.command
        started, error = self._robot_now(), None
        # A posture needs no end; motion ends by itself unless it is sent again.
        lifetime = MOTION_LIFETIME if isinstance(job.command, (Walk, WalkTo)) else 10.0
        try:
            self._client.robot_command(
                to_message(job.command), end_time_secs=time.time() + lifetime, timeout=SEND_TIMEOUT
            )
            self._last = job.command
        except LeaseUseError as refused:
            error = _one_line(refused)
            self._lease_lost()
        except SdkError as refused:
            error = _one_line(refused)
        accepted = None if error else self._robot_now()
        self._on_sent(Sent(job.command, started, accepted, job.cause, error))


def _one_line(error: SdkError) -> str:
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0] if lines else ''}".rstrip(": ")
