"""What rules speak of."""

from __future__ import annotations

from dataclasses import dataclass

from behaviors.geometry import Point2


@dataclass(frozen=True, slots=True)
class Cue:
    """One thing that the robot sees now, under the name that config.yaml gave it.

    Attributes:
        name: The cue's name in config.yaml, e.g. ``"person"``.
        track_id: Identity of the thing across frames; two cues with one id are the same thing.
        confidence: Confidence of the newest evidence, 0 to 1.
        seen_for: Seconds of robot time since the thing was first seen.
        age: Seconds of robot time since the newest frame in which it was seen.
        distance: Metres from the body's origin along the ground; ``None`` when it could not be measured.
        bearing: Radians in the body frame, 0 ahead, positive to the left; ``None`` when unknown.
        position: Where it stands in the ``odom`` frame, in metres; ``None`` when unknown.
        is_person: Whether the governor must keep its distance from it.
        doubted: Whether it was rejected as what cannot be. No rule sees it; the governor keeps its distance all the
            same, because whoever rejects may be wrong.
    """

    name: str
    track_id: int
    confidence: float
    seen_for: float
    age: float
    distance: float | None = None
    bearing: float | None = None
    position: Point2 | None = None
    is_person: bool = False
    doubted: bool = False
