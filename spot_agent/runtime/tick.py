"""One turn of the loop: everything that was seen, decided and passed, for whoever wants to show or keep it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from behaviors import Cue, Decision, GovernedCommand, RobotState
from models import Detection
from spot_agent.cameras import Frame, StreamCounts
from spot_agent.perception import Rejected, Track
from spot_agent.robot.sender import Sent


@dataclass(frozen=True, slots=True)
class Stages:
    """When the loop had done what with a frame; robot time in seconds.

    Attributes:
        taken: The loop took the frame.
        detected: The detectors were done.
        tracked: Tracks and cues were made.
        decided: The decision was made and governed.
    """

    taken: float
    detected: float
    tracked: float
    decided: float


@dataclass(frozen=True, slots=True, eq=False)
class Tick:
    """One turn of the loop.

    Attributes:
        time: Robot time in seconds.
        frame: The frame that was looked at; ``None`` when none had come and the decision was only renewed.
        detections: What was found in it.
        tracks: Everything that is tracked, but what is doubted.
        cues: What the rules saw.
        state: The robot.
        decision: What the rules decided.
        governed: What the governor passed.
        stages: When what was done; ``None`` without a frame.
        watching: Why nothing is sent; ``None`` while the agent may command the robot.
        counts: What has become of each camera's frames so far.
        looked: Names of the detectors that looked at the frame; none where none was due.
        rejected: What was found in the frame and cannot be what it was taken for.
        doubted: What was rejected, and the robot keeps its distance from all the same; rules did not see it.
    """

    time: float
    frame: Frame | None
    detections: Sequence[Detection]
    tracks: Sequence[Track]
    cues: Sequence[Cue]
    state: RobotState
    decision: Decision
    governed: GovernedCommand
    stages: Stages | None
    watching: str | None
    counts: Mapping[str, StreamCounts] = field(default_factory=dict)
    looked: tuple[str, ...] = ()
    rejected: Sequence[Rejected] = ()
    doubted: Sequence[Cue] = ()


class Listener(Protocol):
    """Sees what the loop does. It must be quick: the loop waits for it."""

    def on_tick(self, tick: Tick) -> None:
        """Take in one turn of the loop; called from the loop's thread."""

    def on_sent(self, sent: Sent) -> None:
        """Take in one command that was sent; called from the sender's thread."""

    def on_end(self, counts: dict[str, StreamCounts]) -> None:
        """Take in the end, with what became of each camera's frames."""
