"""What lies around the objects: the types behind ``surroundings`` and ``robot`` in a scene file."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from simulator.scene.objects import SceneModel
from simulator.scene.quantities import Angle, Length, Metres


class Plane(SceneModel):
    """A level rectangle, such as a floor or a ceiling.

    Attributes:
        texture: Name of a material, see ``docs/scenes.md``.
        centre: Its middle, x and y.
        size: Extent along x and y.
        height: Over the ground.
    """

    texture: str
    centre: tuple[Metres, Metres] = (0.0, 0.0)
    size: tuple[Length, Length] = (12.0, 12.0)
    height: Metres = 0.0


class Surroundings(SceneModel):
    """Floor, ceiling and what is seen beyond them.

    Attributes:
        panorama: Name of a packaged panorama, seen where nothing else is; it has no depth.
        panorama_yaw: Turns the panorama about the vertical.
        light: Brightness of everything but the panorama; 1 is a well-lit room.
    """

    panorama: str = "park"
    panorama_yaw: Angle = 0.0
    floor: Plane | None = Plane(texture="tiles")
    ceiling: Plane | None = None
    light: Annotated[float, Field(gt=0, le=2)] = 1.0


class RobotStart(SceneModel):
    """Where the robot stands at scene time 0; the world frame is its odometry frame if it starts at the origin."""

    position: tuple[Metres, Metres] = (0.0, 0.0)
    yaw: Angle = 0.0
