"""What every origin of pictures can do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from simulator.calibration import CameraModel
from simulator.robot.frames import FrameEdge
from simulator.robot.robot import Moment

Pixels = NDArray[np.uint8] | NDArray[np.uint16]


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """One image source as a robot lists it.

    Attributes:
        name: Such as ``"frontleft_fisheye_image"``.
        camera: The camera that it belongs to, such as ``"frontleft"``.
        is_depth: Whether its pictures are distances.
        width: Columns.
        height: Rows.
        sensor_frame: Frame of the sensor: x right, y down, z ahead, of the picture as it is served.
        model: How it projects; ``None`` when that is not known.
        colour: Whether its visual pictures have colour.
        edges: The fixed edges of the tree of transforms from ``body`` to the sensor.
    """

    name: str
    camera: str
    is_depth: bool
    width: int
    height: int
    sensor_frame: str
    model: CameraModel | None
    colour: bool
    edges: tuple[FrameEdge, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Shot:
    """One picture.

    Attributes:
        pixels: H×W×3 RGB or H×W grey ``uint8``; for depth H×W ``uint16`` millimetres, 0 where nothing is measured.
        taken: When it was taken, and the body then.
    """

    pixels: Pixels
    taken: Moment


class PictureSource(Protocol):
    """An origin of pictures. Safe from every thread."""

    @property
    def sources(self) -> Sequence[Source]:
        """What it offers, in the order in which a robot lists it."""

    def shoot(self, sources: Sequence[Source], exposure: Moment) -> Mapping[str, Shot]:
        """Give the newest picture of each source, by the source's name.

        Args:
            sources: Some of :attr:`sources`.
            exposure: When the robot's cameras took their newest picture, and the body then.

        Raises:
            FramesError: A recorded frame cannot be read.
        """
