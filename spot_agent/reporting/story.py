"""What a run's picture is made of. Its size does not grow with the length of the run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from behaviors import Point2, Posture, SE2Pose, Verdict
from spot_agent.reporting.latency import Quantiles


@dataclass(frozen=True, slots=True)
class Thing:
    """Something tracked, at one moment: the cue's name and where it is in ``odom``."""

    name: str
    position: Point2


@dataclass(frozen=True, slots=True)
class Slice:
    """What happened within a short time.

    Attributes:
        cues: Greatest confidence of each cue that was seen.
        rules: The verdict of each rule that wanted to act or cooled down.
        command: What was sent, in a word; ``None`` for nothing.
        notes: What the governor noted.
        pose: The robot in ``odom``, at the end of that time.
        speed: Mean speed in m/s.
        turn_rate: Mean turn rate in rad/s.
        posture: How the body was held at the end of that time.
        things: What was tracked by its identity, at the end of that time.
        weight: Turns of the loop that it is made of.
    """

    cues: Mapping[str, float]
    rules: Mapping[str, Verdict]
    command: str | None
    notes: tuple[str, ...]
    pose: SE2Pose
    speed: float
    turn_rate: float
    posture: Posture
    things: Mapping[int, Thing]
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Tally:
    """How often something began, and how many seconds it lasted in all."""

    name: str
    times: int = 0
    seconds: float = 0.0

    def longer(self, seconds: float) -> Tally:
        """The tally after it lasted on."""
        return replace(self, seconds=self.seconds + seconds)

    def once_more(self) -> Tally:
        """The tally after it began again."""
        return replace(self, times=self.times + 1)


class MomentKind(IntEnum):
    """Why a moment is worth a picture; the greater, the more it is."""

    STEADY = 1  # nothing new, but some time has passed
    START = 2
    END = 3
    SEEN = 4  # a cue came in sight
    RULE_ENDED = 5
    COMMAND = 6  # the same rule commands something else
    ACTS = 8  # a rule began to act


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """A moment with its picture.

    Attributes:
        time: Seconds since the start of the run.
        kind: Why it is kept.
        caption: What happened, in a line.
        camera: Which camera saw it.
        picture: H×W×3 RGB, ``uint8``, with marks.
    """

    time: float
    kind: MomentKind
    caption: str
    camera: str
    picture: NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class TruePath:
    """Where something truly went, as only a simulator knows.

    Attributes:
        name: What it is.
        points: Its way as (x, y) in the robot's ``odom`` frame, in metres.
    """

    name: str
    points: Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Story:
    """A run, ready to be drawn.

    Attributes:
        title: Names the scene or the configuration.
        duration: Seconds.
        step: Seconds that each slice covers.
        slices: In the order of time, the first from second 0; ``None`` where nothing is known.
        rules: Names of the rules in the order of config.yaml.
        cues: Names of the cues in the order in which they were first seen.
        moments: What the cameras saw when something changed.
        rule_tallies: Rules that acted, the longest first.
        note_tallies: The governor's reasons without their figures, the longest first.
        frames: Frames that were looked at.
        reaction: Time from a picture to the accepted command; ``None`` when no command followed a picture.
        positions_known: Whether anything tells where the robot is.
        watching: Why nothing was sent at the end; ``None`` if the agent might command the robot.
        true_paths: Where things truly went, if a simulator tells.
    """

    title: str
    duration: float = 0.0
    step: float = 0.05
    slices: Sequence[Slice | None] = ()
    rules: tuple[str, ...] = ()
    cues: tuple[str, ...] = ()
    moments: Sequence[Moment] = ()
    rule_tallies: Sequence[Tally] = ()
    note_tallies: Sequence[Tally] = ()
    frames: int = 0
    reaction: Quantiles | None = None
    positions_known: bool = False
    watching: str | None = None
    true_paths: Sequence[TruePath] = ()

    @property
    def frame_rate(self) -> float | None:
        """Frames per second; ``None`` for a run without a length."""
        return self.frames / self.duration if self.duration > 0 else None
