"""What may be known of a picture beside its pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from models.detection import Box


@dataclass(frozen=True, slots=True)
class BoxMeasurements:
    """How a box lies before the camera. Whoever knows the camera measures; ``None`` is what nobody knows.

    Attributes:
        angular_width: Angle between the rays through the middles of the left and the right edge, in radians.
        angular_height: Angle between the rays through the middles of the upper and the lower edge, in radians.
        top_elevation: Angle of the upper edge's middle above the horizon, in radians; negative below it.
        bottom_elevation: The same of the lower edge's middle.
        camera_height: Height of the camera above the floor in metres.
        distance: Metres from the camera to what is in the middle of the box, measured by a depth camera.
    """

    angular_width: float | None = None
    angular_height: float | None = None
    top_elevation: float | None = None
    bottom_elevation: float | None = None
    camera_height: float | None = None
    distance: float | None = None


class View(Protocol):
    """Where a picture was taken from, as far as that is known."""

    def measure(self, box: Box) -> BoxMeasurements:
        """Measure a box.

        Args:
            box: A box within the picture, in its pixels.

        Returns:
            What is known of it.
        """
