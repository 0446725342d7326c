"""The fiducials that the robot itself reports, asked for in the background."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Protocol

from bosdyn.api import world_object_pb2
from bosdyn.client.exceptions import Error as SdkError
from bosdyn.client.world_object import WorldObjectClient

from spot_agent.robot.tag_message import SeenTag, read_tags

TIMEOUT = 0.5  # s
MAX_AGE = 1.0  # s; the robot lists a tag for 15 s after it was seen, which is no news


class TagSource(Protocol):
    """Gives the fiducials that a robot sees."""

    def start(self) -> None:
        """Begin to ask."""

    def stop(self) -> None:
        """End."""

    def take(self) -> Sequence[SeenTag]:
        """What has been seen since the last call, the newest sighting of each tag only."""


class TagWatch:
    """Asks the robot for its fiducials at a rate, and keeps what nobody has taken yet.

    Args:
        client: The robot's world objects.
        rate: Requests per second.
        robot_now: Gives robot time in seconds.
    """

    def __init__(self, client: WorldObjectClient, rate: float, robot_now: Callable[[], float]) -> None:
        self._client, self._period, self._robot_now = client, 1.0 / rate, robot_now
        self._lock = threading.Lock()
        self._seen: dict[int, float] = {}
        self._waiting: dict[int, SeenTag] = {}
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, name="world objects", daemon=True)

    def start(self) -> None:
        """Begin to ask."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread and wait for it."""
        self._end.set()
        self._thread.join()

    def ask(self) -> None:
        """Ask once. A robot that does not answer is no mistake: the age of what was seen tells everybody who acts."""
        request = [world_object_pb2.WORLD_OBJECT_APRILTAG]
        try:
            answer = self._client.list_world_objects(object_type=request, timeout=TIMEOUT)
        except SdkError:
            return
        self._keep(read_tags(answer.world_objects))

    def take(self) -> list[SeenTag]:
        """What has been seen since the last call, the newest sighting of each tag only, in the order of numbers."""
        now = self._robot_now()
        with self._lock:
            waiting, self._waiting = self._waiting, {}
        return [tag for _, tag in sorted(waiting.items()) if _is_news(tag, now)]

    def _run(self) -> None:
        while not self._end.is_set():
            self.ask()
            self._end.wait(self._period)

    def _keep(self, tags: Sequence[SeenTag]) -> None:
        now = self._robot_now()
        with self._lock:
            for tag in tags:
                if self._seen.get(tag.number) != tag.time and _is_news(tag, now):
                    self._seen[tag.number] = tag.time
                    self._waiting[tag.number] = tag


def _is_news(tag: SeenTag, now: float) -> bool:
    # One of the future is as doubtful as one of the past: a clock was set.
    return abs(now - tag.time) <= MAX_AGE
