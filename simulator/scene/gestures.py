"""What a person of a scene may do with its body, and when."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from simulator.scene.quantities import Interval

GestureName = Literal[
    "left arm raised",
    "right arm raised",
    "both arms raised",
    "arms crossed",
    "t-pose",
    "pointing left",
    "pointing right",
    "sitting",
    "lying down",
    "waving",
]
"""A person's own left and right arm; it points to the left or right of whoever it faces."""

GESTURE_TIME = 0.5
"""Seconds that a person needs to take a posture, before it is due, and to leave it."""


class GestureSpan(BaseModel):
    """A gesture that is held for a while.

    Attributes:
        gesture: What the person does.
        between: When; it begins to move ``GESTURE_TIME`` before, and stands as before as long after.
        variant: 0 is the textbook's; with another number the limbs are off by some degrees, alike every time.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    gesture: GestureName
    between: Interval
    variant: Annotated[int, Field(ge=0)] = 0


class Gesturing(BaseModel):
    """What a person does at one moment.

    Attributes:
        gesture: Which gesture.
        share: How far it has been taken, 0 to 1.
        seconds: Since it was due; below 0 on the way there.
        variant: See ``GestureSpan``.
    """

    model_config = ConfigDict(frozen=True)

    gesture: GestureName
    share: float
    seconds: float
    variant: int


def gesturing_at(spans: Sequence[GestureSpan], time: float) -> Gesturing | None:
    """What a person does at a scene time; ``None`` if nothing."""
    for span in spans:
        start, end = span.between
        share = min(time - start, end - time) / GESTURE_TIME + 1.0
        if share > 0:
            return Gesturing(gesture=span.gesture, share=min(share, 1.0), seconds=time - start, variant=span.variant)
    return None


def check_gaps(spans: Sequence[GestureSpan]) -> None:
    """Refuse gestures that follow one another too fast to be taken and left.

    Raises:
        ValueError: Two are less than twice ``GESTURE_TIME`` apart, or not in order of time.
    """
    for first, second in pairwise(spans):
        if second.between[0] < first.between[1] + 2 * GESTURE_TIME:
            raise ValueError(
                f"{second.gesture} at {second.between[0]:g} s should begin {2 * GESTURE_TIME:g} s or more after "
                f"{first.gesture} ends"
            )
