"""Where a person's joints are in a picture."""

from __future__ import annotations

import enum
import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Joint(enum.IntEnum):
    """The 17 key-points of the COCO data set, in its order; left and right are the person's own."""

    NOSE = 0
    LEFT_EYE = 1
    RIGHT_EYE = 2
    LEFT_EAR = 3
    RIGHT_EAR = 4
    LEFT_SHOULDER = 5
    RIGHT_SHOULDER = 6
    LEFT_ELBOW = 7
    RIGHT_ELBOW = 8
    LEFT_WRIST = 9
    RIGHT_WRIST = 10
    LEFT_HIP = 11
    RIGHT_HIP = 12
    LEFT_KNEE = 13
    RIGHT_KNEE = 14
    LEFT_ANKLE = 15
    RIGHT_ANKLE = 16

    @property
    def words(self) -> str:
        """Its name for people, e.g. ``"left shoulder"``."""
        return self.name.lower().replace("_", " ")


class Keypoint(NamedTuple):
    """One joint in a picture.

    Attributes:
        x: Pixels from the picture's left edge; may lie outside the picture, where a joint is guessed to be.
        y: Pixels from its top edge.
        score: The detector's confidence that the joint is there, 0 to 1.
    """

    x: float
    y: float
    score: float


@dataclass(frozen=True, slots=True)
class Pose:
    """Where the joints of one person are in one picture.

    Attributes:
        keypoints: One for each ``Joint``, in its order.

    Raises:
        ValueError: There are not 17, a coordinate is not finite, or a score is not in [0, 1].

    Example:
        >>> pose = Pose.from_array(np.full((17, 3), 0.5))
        >>> pose[Joint.LEFT_WRIST].score
        0.5
    """

    keypoints: tuple[Keypoint, ...]

    def __post_init__(self) -> None:
        if len(self.keypoints) != len(Joint):
            raise ValueError(f"a pose has {len(Joint)} key-points, not {len(self.keypoints)}")
        for joint, point in zip(Joint, self.keypoints, strict=True):
            if not (math.isfinite(point.x) and math.isfinite(point.y)):
                raise ValueError(f"{joint.words}: x and y must be finite, not ({point.x}, {point.y})")
            if not 0.0 <= point.score <= 1.0:
                raise ValueError(f"{joint.words}: score must lie in [0, 1], not {point.score}")

    @classmethod
    def from_array(cls, array: NDArray[np.floating]) -> Pose:
        """Make a pose from an array.

        Args:
            array: 17×3: x and y in pixels, score; rows in the order of ``Joint``.

        Returns:
            The pose.

        Raises:
            ValueError: The array has another shape, or see ``Pose``.
        """
        if array.shape != (len(Joint), 3):
            raise ValueError(f"expected an array of shape ({len(Joint)}, 3), got {array.shape}")
        return cls(tuple(Keypoint(*row) for row in array.tolist()))

    def __getitem__(self, joint: Joint) -> Keypoint:
        """Give the key-point of one joint."""
        return self.keypoints[joint]

    def array(self) -> NDArray[np.float64]:
        """Give all as an array, 17×3: x and y in pixels, score; a fresh one at each call."""
        return np.array(self.keypoints, np.float64)

    def seen(self, joint: Joint, at_least: float) -> bool:
        """Tell whether a joint's score reaches a level."""
        return self.keypoints[joint].score >= at_least
