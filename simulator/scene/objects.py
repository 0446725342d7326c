"""What can stand, lie, hang or walk in a scene: the types behind ``objects`` in a scene file."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from simulator.scene.gestures import GestureSpan, check_gaps
from simulator.scene.motion import Path
from simulator.scene.quantities import Angle, Interval, Length, Metres, Seconds

Point = tuple[Metres, Metres] | tuple[Metres, Metres, Metres]
"""``[x, y]`` or ``[x, y, z]`` in the world frame: metres, z up; without z the object stands on the ground."""


class SceneModel(BaseModel):
    """Base of every part of a scene file: unknown keys are refused, values cannot be changed."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Keyframe(SceneModel):
    """Where an object is at one moment. Between two keyframes it moves evenly."""

    at: Seconds
    position: Point
    yaw: Angle | None = None


class SceneObject(SceneModel):
    """What every object has.

    Attributes:
        name: Unique within the scene.
        position: Where it stands; or give ``motion``.
        yaw: The direction it faces, counter-clockwise from +x.
        motion: Keyframes in order of time; before the first and after the last the object rests.
        visible: When it is there at all; always, if not given.
    """

    name: Annotated[str, Field(min_length=1)]
    position: Point | None = None
    yaw: Angle = 0.0
    motion: tuple[Keyframe, ...] = ()
    visible: tuple[Interval, ...] | None = None

    @model_validator(mode="after")
    def _has_one_place(self) -> SceneObject:
        if (self.position is None) == (not self.motion) and not self.has_own_place:
            raise ValueError(f"{self.name}: give either position or motion")
        if any(b.at <= a.at for a, b in zip(self.motion, self.motion[1:], strict=False)):
            raise ValueError(f"{self.name}: the times of motion should rise from keyframe to keyframe")
        return self

    @property
    def has_own_place(self) -> bool:
        """Whether the kind of object says in another way where it is."""
        return False

    @cached_property
    def path(self) -> Path:
        """Where its motion leads; it rests if it has none."""
        return Path(self.motion or (Keyframe(at=0.0, position=self.position or (0.0, 0.0)),))


class Person(SceneObject):
    """A rendered, walking human body; the position is the point between its feet."""

    kind: Literal["person"]
    body: Literal["man", "woman"] = "woman"
    clothes: Literal["office", "workshop", "street"] = "office"
    height: Length = 1.72
    arm_raised: tuple[Interval, ...] = ()
    gestures: tuple[GestureSpan, ...] = ()

    @model_validator(mode="after")
    def _has_time_for_its_gestures(self) -> Person:
        check_gaps(self.gestures)
        return self


class Cutout(SceneObject):
    """An upright picture with transparency (a PNG file), standing on the ground and facing ``yaw``."""

    kind: Literal["cutout"]
    picture: str
    height: Length = 1.75


class Board(SceneObject):
    """A flat picture, such as a poster; the position is its middle."""

    kind: Literal["board"]
    picture: str
    width: Length
    height: Length


class StopSign(SceneObject):
    """A stop sign: on a pole on the ground, or held up by a person beside the body.

    Attributes:
        held_by: Name of the person that holds it; then it has no place of its own.
        size: Distance between two opposite edges of the octagon.
        middle: Height of its middle over the ground.
    """

    kind: Literal["stop sign"]
    held_by: str | None = None
    size: Length = 0.6
    middle: Length = 0.95

    @property
    def has_own_place(self) -> bool:
        """A held sign is where its holder is."""
        return self.held_by is not None


class Box(SceneObject):
    """A box on the ground: depth (along its yaw), width and height."""

    kind: Literal["box"]
    size: tuple[Length, Length, Length]
    texture: str = "crate"


class Ball(SceneObject):
    """A ball on the ground."""

    kind: Literal["ball"]
    radius: Length = 0.12


class AprilTag(SceneObject):
    """A fiducial of family 36h11 on a white card, facing ``yaw``; the position is its middle.

    Attributes:
        id: Number of the tag, 0 to 586.
        size: Edge of the black square; Spot's own fiducials have 0.146 m.
    """

    kind: Literal["apriltag"]
    id: Annotated[int, Field(ge=0, le=586)]
    size: Length = 0.146


class Wall(SceneObject):
    """A piece of wall from one point on the floor to another; put several together to leave doors and windows."""

    kind: Literal["wall"]
    start: tuple[Metres, Metres]
    end: tuple[Metres, Metres]
    bottom: Annotated[Metres, Field(ge=0)] = 0.0
    top: Length = 2.8
    thickness: Length = 0.12
    texture: str = "wall"

    @property
    def has_own_place(self) -> bool:
        """A wall's ends are its place."""
        return True


AnyObject = Annotated[Person | Cutout | Board | StopSign | Box | Ball | AprilTag | Wall, Field(discriminator="kind")]
