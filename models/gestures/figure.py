"""A pose measured in the person's own size, so that near and far people are told alike."""

from __future__ import annotations

import enum
import math
from dataclasses import dataclass

from models.pose import Joint, Keypoint, Pose


class Side(enum.Enum):
    """One of a person's sides; their own, as with the names of joints."""

    LEFT = "left"
    RIGHT = "right"


SHOULDERS = {Side.LEFT: Joint.LEFT_SHOULDER, Side.RIGHT: Joint.RIGHT_SHOULDER}
ELBOWS = {Side.LEFT: Joint.LEFT_ELBOW, Side.RIGHT: Joint.RIGHT_ELBOW}
WRISTS = {Side.LEFT: Joint.LEFT_WRIST, Side.RIGHT: Joint.RIGHT_WRIST}
HIPS = {Side.LEFT: Joint.LEFT_HIP, Side.RIGHT: Joint.RIGHT_HIP}
KNEES = {Side.LEFT: Joint.LEFT_KNEE, Side.RIGHT: Joint.RIGHT_KNEE}
ANKLES = {Side.LEFT: Joint.LEFT_ANKLE, Side.RIGHT: Joint.RIGHT_ANKLE}


@dataclass(frozen=True, slots=True)
class Arm:
    """How one arm is held. Lengths are in torso lengths.

    Attributes:
        rise: How far the wrist is above its shoulder; negative below it.
        across: How far the wrist is to the right of its shoulder in the picture; negative to the left.
        bend: Angle at the elbow between upper arm and forearm, in radians: π when the arm is straight.
        elbow_rise: How far the elbow is above its shoulder.
        elbow_x: How far the elbow is to the right of the middle between the shoulders in the picture.
        wrist_x: How far the wrist is to the right of the middle between the shoulders in the picture.
    """

    rise: float
    across: float
    bend: float
    elbow_rise: float
    elbow_x: float
    wrist_x: float

    @property
    def reach(self) -> float:
        """Distance from the shoulder to the wrist."""
        return math.hypot(self.rise, self.across)

    @property
    def direction(self) -> float:
        """Where it points to in the picture, in radians from the x axis towards the y axis: 0 is right, π/2 down."""
        return math.atan2(-self.rise, self.across)


@dataclass(frozen=True, slots=True)
class Figure:
    """A pose in torso lengths; a torso length lies between the middle of the shoulders and that of the hips.

    Attributes:
        facing: How far the left shoulder is to the right of the right one in the picture. About 0.7 for a person who
            looks this way, 0 for one seen from the side, negative for one seen from behind.
        upright: How far the shoulders are above the hips, -1 to 1.
        left_arm: The person's left arm.
        right_arm: The person's right arm.
        knee_drops: How far the left and the right knee are below their hips.
        ankle_drops: How far the left and the right ankle are below their knees.
    """

    facing: float
    upright: float
    left_arm: Arm
    right_arm: Arm
    knee_drops: tuple[float, float]
    ankle_drops: tuple[float, float]

    @classmethod
    def of(cls, pose: Pose) -> Figure | None:
        """Measure a pose, whatever its scores; ``None`` if the torso has no length in the picture."""
        top_x, top_y = _middle(pose[Joint.LEFT_SHOULDER], pose[Joint.RIGHT_SHOULDER])
        low_x, low_y = _middle(pose[Joint.LEFT_HIP], pose[Joint.RIGHT_HIP])
        torso = math.hypot(top_x - low_x, top_y - low_y)
        if torso <= 0:
            return None
        left, right = (_arm(pose, side, torso, top_x) for side in Side)
        knees = [(pose[KNEES[side]].y - pose[HIPS[side]].y) / torso for side in Side]
        ankles = [(pose[ANKLES[side]].y - pose[KNEES[side]].y) / torso for side in Side]
        return cls(
            facing=(pose[Joint.LEFT_SHOULDER].x - pose[Joint.RIGHT_SHOULDER].x) / torso,
            upright=(low_y - top_y) / torso,
            left_arm=left,
            right_arm=right,
            knee_drops=(knees[0], knees[1]),
            ankle_drops=(ankles[0], ankles[1]),
        )


def _middle(first: Keypoint, second: Keypoint) -> tuple[float, float]:
    return (first.x + second.x) / 2, (first.y + second.y) / 2


def _arm(pose: Pose, side: Side, torso: float, middle_x: float) -> Arm:
    shoulder, elbow, wrist = pose[SHOULDERS[side]], pose[ELBOWS[side]], pose[WRISTS[side]]
    upper = math.atan2(shoulder.y - elbow.y, shoulder.x - elbow.x)
    fore = math.atan2(wrist.y - elbow.y, wrist.x - elbow.x)
    turn = abs(upper - fore)
    return Arm(
        rise=(shoulder.y - wrist.y) / torso,
        across=(wrist.x - shoulder.x) / torso,
        bend=min(turn, 2 * math.pi - turn),
        elbow_rise=(shoulder.y - elbow.y) / torso,
        elbow_x=(elbow.x - middle_x) / torso,
        wrist_x=(wrist.x - middle_x) / torso,
    )
