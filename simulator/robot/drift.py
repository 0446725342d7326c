"""Odometry that goes wrong: the fixed frames creep through the world while the robot walks."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, replace

from simulator.robot.behaviours import PlanarPose
from simulator.robot.body import wrap_angle
from simulator.robot.body_state import BodyState
from simulator.robot.frames import FixedFrames


@dataclass(frozen=True, slots=True)
class Drift:
    """By how much the estimate of a frame goes wrong for each metre walked.

    Attributes:
        position: Metres a metre.
        heading: Radians a metre.
    """

    position: float = 0.0
    heading: float = 0.0

    @property
    def is_none(self) -> bool:
        """Whether the frame stays where it is."""
        return self.position == 0.0 and self.heading == 0.0


class DriftingFrames:
    """Moves ``odom`` and ``vision`` with every step of the body.

    Args:
        odom: Drift of ``odom``.
        vision: Drift of ``vision``, usually smaller.
        source: Decides once in which direction, seen from the body, and to which side each frame drifts.
    """

    def __init__(self, odom: Drift, vision: Drift, source: random.Random) -> None:
        self._odom, self._vision = odom, vision
        self._directions = tuple(source.uniform(-math.pi, math.pi) for _ in range(2))
        self._sides = tuple(source.choice((-1.0, 1.0)) for _ in range(2))

    def after(self, frames: FixedFrames, body: BodyState, metres: float) -> FixedFrames:
        """The frames after the robot has walked some metres and arrived at a body."""
        if metres == 0.0 or (self._odom.is_none and self._vision.is_none):
            return frames
        odom = self._moved(frames.odom, body, self._odom, 0, metres)
        return replace(frames, odom=odom, vision=self._moved(frames.vision, body, self._vision, 1, metres))

    def _moved(self, frame: PlanarPose, body: BodyState, drift: Drift, index: int, metres: float) -> PlanarPose:
        # The error arises at the robot: the frame turns about it, and slides.
        turn = self._sides[index] * drift.heading * metres
        cos, sin = math.cos(turn), math.sin(turn)
        dx, dy = frame.x - body.x, frame.y - body.y
        direction = body.yaw + self._directions[index]
        slide = drift.position * metres
        return PlanarPose(
            body.x + cos * dx - sin * dy + slide * math.cos(direction),
            body.y + sin * dx + cos * dy + slide * math.sin(direction),
            wrap_angle(frame.yaw + turn),
        )
