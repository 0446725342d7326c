"""Judging a scene's expectations from where the robot really was."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from simulator.scene.expectations import (
    Event,
    Expectation,
    Faces,
    Follows,
    NeverFaster,
    NeverNearer,
    Sits,
    Stands,
    Stays,
    Stops,
)
from simulator.scene.scene import Scene

Posture = Literal["sitting", "standing", "changing", "off"]

STANDSTILL = 0.05
"""A robot slower than this, in m/s, is at rest."""


@dataclass(frozen=True, slots=True)
class RobotSample:
    """Where the robot truly was at one moment.

    Attributes:
        time: Scene time in seconds.
        x: World frame, metres.
        y: World frame, metres.
        yaw: Radians, counter-clockwise from +x.
        speed: Metres a second over the ground.
        posture: What its legs were doing.
    """

    time: float
    x: float
    y: float
    yaw: float
    speed: float
    posture: Posture


@dataclass(frozen=True, slots=True)
class Verdict:
    """One expectation, whether it was met, and the figure that decided it."""

    expectation: str
    met: bool
    measured: str


def judge(expectations: Sequence[Expectation], scene: Scene, samples: Sequence[RobotSample]) -> list[Verdict]:
    """Judge each expectation from the robot's true journal. Pure.

    Args:
        expectations: Usually ``scene.expectations``.
        scene: Tells where the objects were.
        samples: The robot's journal in order of time, several samples a second.

    Returns:
        One verdict for each expectation, in the same order.
    """
    return [_verdict(item, scene, samples) for item in expectations]


def _verdict(item: Expectation, scene: Scene, samples: Sequence[RobotSample]) -> Verdict:
    match item:
        case Faces():
            met, measured = _faces(item, scene, samples)
        case Follows():
            met, measured = _follows(item, scene, samples)
        case Sits():
            met, measured = _reaches(scene, item.after, item.within, samples, "sat", lambda s: s.posture == "sitting")
        case Stands():
            met, measured = _reaches(
                scene, item.after, item.within, samples, "stood", lambda s: s.posture == "standing"
            )
        case Stops():
            met, measured = _reaches(
                scene, item.after, item.within, samples, "at rest", lambda s: s.speed <= STANDSTILL
            )
        case NeverNearer():
            met, measured = _never_nearer(item, scene, samples)
        case NeverFaster():
            met, measured = _never_faster(item, samples)
        case Stays():
            met, measured = _stays(item, samples)
    return Verdict(item.describe(), met, measured)


def _reaches(
    scene: Scene,
    after: Event,
    within: float,
    samples: Sequence[RobotSample],
    done: str,
    holds: Callable[[RobotSample], bool],
) -> tuple[bool, str]:
    """Whether a condition begins to hold within a time after an event; how late it may be, the figure tells."""
    start = scene.time_of(after)
    later = [sample for sample in samples if sample.time >= start]
    if not later:
        return False, f"no record after {after}"
    moment = next((sample.time for sample in later if holds(sample)), None)
    if moment is None:
        return False, f"never {done} after {after}"
    return moment - start <= within, f"{done} {moment - start:.1f} s after {_told(after)}"


def _told(event: Event) -> str:
    if event.object is None:
        return str(event)
    return f"{event.object} was {event.change}"


def _faces(item: Faces, scene: Scene, samples: Sequence[RobotSample]) -> tuple[bool, str]:
    start = scene.time_of(item.after)
    later = [sample for sample in samples if sample.time >= start]
    if not later:
        return False, f"no record after {item.after}"
    offs = [(sample.time, abs(_bearing(item.object, scene, sample))) for sample in later]
    moment = next((time for time, off in offs if off <= item.tolerance), None)
    if moment is not None:
        return moment - start <= item.within, f"faced it {moment - start:.1f} s after {_told(item.after)}"
    return False, f"nearest: {math.degrees(min(off for _, off in offs)):.0f} deg off"


def _follows(item: Follows, scene: Scene, samples: Sequence[RobotSample]) -> tuple[bool, str]:
    start, end = item.between
    distances = [_distance(item.object, scene, s) for s in samples if start <= s.time <= end]
    if not distances:
        return False, f"no record from {start:g} to {end:g} s"
    low, high = item.distance
    share = sum(low <= distance <= high for distance in distances) / len(distances)
    return share >= item.share, (
        f"{share:.0%} of the time (at least {item.share:.0%}); {min(distances):.2f}-{max(distances):.2f} m"
    )


def _never_nearer(item: NeverNearer, scene: Scene, samples: Sequence[RobotSample]) -> tuple[bool, str]:
    present = [s for s in samples if scene.object_at(item.object, s.time).visible]
    if not present:
        return False, f"no record while {item.object} was there"
    distance, time = min((_distance(item.object, scene, sample), sample.time) for sample in present)
    return distance >= item.distance, f"nearest {distance:.2f} m at {time:.1f} s"


def _never_faster(item: NeverFaster, samples: Sequence[RobotSample]) -> tuple[bool, str]:
    if not samples:
        return False, "no record"
    speed, time = max((sample.speed, sample.time) for sample in samples)
    return speed <= item.speed, f"fastest {speed:.2f} m/s at {time:.1f} s"


def _stays(item: Stays, samples: Sequence[RobotSample]) -> tuple[bool, str]:
    start, end = item.between
    during = [sample for sample in samples if start <= sample.time <= end]
    if not during:
        return False, f"no record from {start:g} to {end:g} s"
    first = during[0]
    moved = max(math.hypot(sample.x - first.x, sample.y - first.y) for sample in during)
    return moved <= item.tolerance, f"moved {moved:.2f} m"


def _distance(name: str, scene: Scene, sample: RobotSample) -> float:
    item = scene.object_at(name, sample.time)
    return math.hypot(item.x - sample.x, item.y - sample.y)


def _bearing(name: str, scene: Scene, sample: RobotSample) -> float:
    item = scene.object_at(name, sample.time)
    return math.remainder(math.atan2(item.y - sample.y, item.x - sample.x) - sample.yaw, math.tau)
