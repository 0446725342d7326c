"""What paints the pictures of a camera that stands somewhere in the world."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from simulator.calibration import CameraModel


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """What a camera looks at.

    Attributes:
        camera: Name of the camera, such as ``"frontleft"``.
        model: How it projects.
        world_tform_camera: 4×4 pose of the optical frame (x right, y down, z ahead) in the world, metres.
        uptime: Seconds since the robot booted.
    """

    camera: str
    model: CameraModel
    world_tform_camera: NDArray[np.float64]
    uptime: float


@dataclass(frozen=True, slots=True, eq=False)
class Painting:
    """A picture, and the depth behind it.

    Attributes:
        image: H×W×3 RGB or H×W grey, ``uint8``; ``None`` when only depth was wanted.
        depth: H×W ``uint16`` millimetres along the optical axis, 0 where nothing is; ``None`` if not wanted.
    """

    image: NDArray[np.uint8] | None
    depth: NDArray[np.uint16] | None


class Painter(Protocol):
    """Paints views. Safe from every thread."""

    def paint(self, view: View, *, image: bool, colour: bool, depth: bool) -> Painting:
        """Paint what is wanted of a view: its image, in colour or grey, and its depth."""


class FlatPainter:
    """An even grey world three metres away: enough for whoever does not look.

    Args:
        level: Grey level, 0 to 255.
        distance: Depth in metres.
    """

    def __init__(self, level: int = 128, distance: float = 3.0) -> None:
        self._level = level
        self._millimetres = round(distance * 1000)

    def paint(self, view: View, *, image: bool, colour: bool, depth: bool) -> Painting:
        """Paint it."""
        shape = (view.model.height, view.model.width)
        pixels = np.full((*shape, 3) if colour else shape, self._level, np.uint8) if image else None
        return Painting(pixels, np.full(shape, self._millimetres, np.uint16) if depth else None)
