"""What a scene expects of the robot: the types behind ``expectations`` in a scene file.

They are judged by :func:`simulator.scene.judge.judge` from where the robot really was.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from simulator.scene.objects import SceneModel
from simulator.scene.quantities import Angle, Interval, Length, Metres, Seconds, Share, Speed


class Event(SceneModel):
    """A moment of the scene: a time, or when an object comes or goes.

    Attributes:
        time: Scene time in seconds, if the moment is a time.
        object: Name of the object that comes or goes.
        change: ``"shown"`` when it comes, ``"hidden"`` when it goes.
        occurrence: Which of its comings or goings, from 1.
    """

    time: Seconds | None = None
    object: str | None = None
    change: Literal["shown", "hidden"] = "shown"
    occurrence: Annotated[int, Field(ge=1)] = 1

    def __str__(self) -> str:
        if self.object is None:
            return f"{self.time:g} s"
        again = f" ({self.occurrence})" if self.occurrence > 1 else ""
        return f"{self.object} {self.change}{again}"


_EVENT = re.compile(r"(?P<object>.+?)\s+(?P<change>shown|hidden|comes|goes|gone)(?:\s+\((?P<occurrence>\d+)\))?")


def _event(value: object) -> object:
    if isinstance(value, str) and (match := _EVENT.fullmatch(value.strip())):
        change = "shown" if match["change"] in ("shown", "comes") else "hidden"
        return {"object": match["object"], "change": change, "occurrence": int(match["occurrence"] or 1)}
    if isinstance(value, int | float | str) and not isinstance(value, bool):
        return {"time": value}
    return value


Moment = Annotated[Event, BeforeValidator(_event)]
"""``4 s``, ``sign shown``, ``visitor gone``; ``sign shown (2)`` for the second time."""


class Faces(SceneModel):
    """The robot turns towards an object."""

    expect: Literal["faces"]
    object: str
    within: Seconds
    after: Moment
    tolerance: Angle = 0.35

    def describe(self) -> str:
        """One line for the table of verdicts."""
        return f"faces {self.object} within {self.within:g} s after {self.after}"


class Follows(SceneModel):
    """The robot keeps a distance to an object for most of an interval."""

    expect: Literal["follows"]
    object: str
    between: Interval
    distance: tuple[Metres, Metres]
    share: Share = 0.8

    def describe(self) -> str:
        """One line for the table of verdicts."""
        low, high = self.distance
        start, end = self.between
        return f"follows {self.object} at {low:g}-{high:g} m from {start:g} to {end:g} s"


class Sits(SceneModel):
    """The robot sits down, and is down within the time."""

    expect: Literal["sits"]
    within: Seconds
    after: Moment

    def describe(self) -> str:
        """One line for the table of verdicts."""
        return f"sits within {self.within:g} s after {self.after}"


class Stands(SceneModel):
    """The robot stands up, and is up within the time."""

    expect: Literal["stands"]
    within: Seconds
    after: Moment

    def describe(self) -> str:
        """One line for the table of verdicts."""
        return f"stands within {self.within:g} s after {self.after}"


class NeverNearer(SceneModel):
    """The robot's middle never comes nearer to an object than this, while the object is there."""

    expect: Literal["never nearer"]
    object: str
    distance: Length

    def describe(self) -> str:
        """One line for the table of verdicts."""
        return f"never nearer to {self.object} than {self.distance:g} m"


class NeverFaster(SceneModel):
    """The robot never walks faster than this."""

    expect: Literal["never faster"]
    speed: Speed

    def describe(self) -> str:
        """One line for the table of verdicts."""
        return f"never faster than {self.speed:g} m/s"


class Stops(SceneModel):
    """The robot comes to rest within the time."""

    expect: Literal["stops"]
    within: Seconds
    after: Moment

    def describe(self) -> str:
        """One line for the table of verdicts."""
        return f"stops within {self.within:g} s after {self.after}"


class Stays(SceneModel):
    """The robot does not leave its place during an interval."""

    expect: Literal["stays"]
    between: Interval
    tolerance: Length = 0.15

    def describe(self) -> str:
        """One line for the table of verdicts."""
        return f"stays in its place from {self.between[0]:g} to {self.between[1]:g} s"


Expectation = Annotated[
    Faces | Follows | Sits | Stands | NeverNearer | NeverFaster | Stops | Stays, Field(discriminator="expect")
]
