"""A trajectory as a target that moves: where it is, and how fast, at every moment."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from simulator.robot.body import TOP_SPEED, TOP_TURN_RATE, wrap_angle
from simulator.robot.body_state import Velocity


@dataclass(frozen=True, slots=True)
class Knot:
    """A pose in the world that the target passes.

    Attributes:
        time: When, in seconds after the trajectory's reference time.
        x: Metres.
        y: Metres.
        yaw: Radians.
    """

    time: float
    x: float
    y: float
    yaw: float


@dataclass(frozen=True, slots=True)
class Target:
    """The target at one moment.

    Attributes:
        x: In the world, metres.
        y: In the world, metres.
        yaw: In the world, radians in (-π, π].
        velocity: In the axes of the world, but no faster than the robot can be.
        path_left: Metres that it has still to go.
        turn_left: Radians that it has still to turn, to either side.
    """

    x: float
    y: float
    yaw: float
    velocity: Velocity
    path_left: float
    turn_left: float


@dataclass(frozen=True, slots=True)
class _Leg:
    """From one knot to the next: straight, turning the shorter way. ``*_after`` is what follows it."""

    start: Knot
    seconds: float
    dx: float
    dy: float
    turn: float
    path_after: float
    turn_after: float

    def target(self, time: float) -> Target:
        share = min(1.0, max(0.0, (time - self.start.time) / self.seconds))
        length = math.hypot(self.dx, self.dy)
        rate = min(1.0 / self.seconds, TOP_SPEED / max(length, 1e-9))
        turn_rate = max(-TOP_TURN_RATE, min(TOP_TURN_RATE, self.turn / self.seconds))
        return Target(
            x=self.start.x + share * self.dx,
            y=self.start.y + share * self.dy,
            yaw=wrap_angle(self.start.yaw + share * self.turn),
            velocity=Velocity(self.dx * rate, self.dy * rate, turn_rate),
            path_left=(1.0 - share) * length + self.path_after,
            turn_left=(1.0 - share) * abs(self.turn) + self.turn_after,
        )


class MovingTarget:
    """Goes from knot to knot, at each at its time.

    Args:
        reference: Robot time in seconds to which the knots' times are added.
        knots: Two or more, with times that increase.
    """

    def __init__(self, reference: float, knots: Sequence[Knot]) -> None:
        self._reference = reference
        self._legs = _legs(knots)
        self._ends = [knot.time for knot in knots[1:]]
        self.last = knots[-1]
        """Where it ends."""
        self.length = self.at(reference + knots[0].time).path_left
        """Metres from the first knot to the last."""

    @property
    def ends_at(self) -> float:
        """Robot time in seconds when it comes to its end."""
        return self._reference + self.last.time

    def at(self, now: float) -> Target:
        """The target at a robot time: on its way, or at the end that is nearer in time."""
        time = now - self._reference
        return self._legs[min(bisect_right(self._ends, time), len(self._legs) - 1)].target(time)


def _legs(knots: Sequence[Knot]) -> list[_Leg]:
    legs: list[_Leg] = []
    path, turned = 0.0, 0.0
    for index in range(len(knots) - 1, 0, -1):
        a, b = knots[index - 1], knots[index]
        leg = _Leg(a, b.time - a.time, b.x - a.x, b.y - a.y, wrap_angle(b.yaw - a.yaw), path, turned)
        path += math.hypot(leg.dx, leg.dy)
        turned += abs(leg.turn)
        legs.append(leg)
    return legs[::-1]
