"""What the loop needs of a robot; a connected Spot is one, and whatever plays recorded pictures can be another."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from behaviors import GovernedCommand, RobotState
from spot_agent.cameras.stream import ImageSet
from spot_agent.config import CameraConfig
from spot_agent.robot.robot_clock import RobotClock
from spot_agent.robot.tag_watch import TagSource


class RobotLink(Protocol):
    """A robot as the loop sees it."""

    @property
    def clock(self) -> RobotClock:
        """Tells robot time."""

    @property
    def state(self) -> RobotState:
        """The newest state."""

    @property
    def lost(self) -> bool:
        """Whether the robot has stopped answering."""

    @property
    def watching(self) -> str | None:
        """Why nothing is sent; ``None`` while the robot may be commanded."""

    def usable_cameras(self, wanted: Iterable[str]) -> list[str]:
        """Those of the wanted cameras that the robot has.

        Raises:
            RobotRefused: It has none of them.
        """

    def image_set(self, camera: str, settings: CameraConfig) -> ImageSet:
        """A function that fetches one camera's pictures."""

    def tag_source(self, rate: float) -> TagSource:
        """What asks the robot, ``rate`` times a second, for the fiducials that it sees by itself."""

    def send(self, governed: GovernedCommand, cause: float | None) -> None:
        """Send what the governor passed, decided on the frame of robot time ``cause``."""

    def heartbeat(self) -> None:
        """Sign of life of the loop."""

    def wait_for_state(self) -> None:
        """Wait until the robot has told its state once more, or for half a second."""
