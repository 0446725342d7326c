"""Poses made of a few lengths and angles, one clear example for each gesture."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from models.pose import Joint, Pose

TORSO, UPPER_ARM, FOREARM, THIGH, SHIN = 1.0, 0.54, 0.56, 0.9, 0.9
HALF_SHOULDERS, HALF_HIPS = 0.37, 0.22


@dataclass(frozen=True)
class Stickman:
    """A person who faces the camera. Angles in degrees: 0 hangs down, 90 points away from the body, 180 up.

    Attributes:
        left: Upper arm and forearm of the person's left arm, which is right in the picture.
        right: The same of the right arm.
        thigh: How much of the thighs' length is to be seen below the hips.
        lean: By how much the whole person is turned clockwise in the picture.
    """

    left: tuple[float, float] = (8, 4)
    right: tuple[float, float] = (8, 4)
    thigh: float = 1.0
    lean: float = 0.0

    def pose(self, score: float = 0.9) -> Pose:
        points = np.zeros((17, 3))
        points[:, 2] = score
        points[:5, :2] = (0, -1.35)
        for side, arm in ((1, self.left), (-1, self.right)):
            first = 0 if side > 0 else 1
            shoulder = np.array((side * HALF_SHOULDERS, -TORSO))
            elbow = shoulder + UPPER_ARM * _towards(side, arm[0])
            hip = np.array((side * HALF_HIPS, 0.0))
            knee = hip + np.array((side * 0.05, THIGH * self.thigh))
            points[Joint.LEFT_SHOULDER + first, :2] = shoulder
            points[Joint.LEFT_ELBOW + first, :2] = elbow
            points[Joint.LEFT_WRIST + first, :2] = elbow + FOREARM * _towards(side, arm[1])
            points[Joint.LEFT_HIP + first, :2] = hip
            points[Joint.LEFT_KNEE + first, :2] = knee
            points[Joint.LEFT_ANKLE + first, :2] = knee + np.array((0, SHIN))
        turn = math.radians(self.lean)
        cos, sin = math.cos(turn), math.sin(turn)
        points[:, :2] = points[:, :2] @ np.array([[cos, sin], [-sin, cos]])
        return Pose.from_array(points)


def _towards(side: int, degrees: float) -> np.ndarray:
    angle = math.radians(degrees)
    return np.array((side * math.sin(angle), math.cos(angle)))


STANDING = Stickman()
CLEAR = {
    "both arms raised": Stickman(left=(160, 175), right=(165, 170)),
    "left arm raised": Stickman(left=(160, 175)),
    "right arm raised": Stickman(right=(160, 175)),
    "t-pose": Stickman(left=(88, 92), right=(93, 90)),
    "pointing left": Stickman(right=(85, 92)),
    "pointing right": Stickman(left=(85, 92)),
    "arms crossed": Stickman(left=(-12, -95), right=(-12, -100)),
    "sitting": Stickman(thigh=0.3),
    "lying down": Stickman(lean=90, thigh=1.0),
}
"""By its label, somebody who clearly does it."""

NOTHING = {
    "standing": STANDING,
    "hands on the hips": Stickman(left=(35, -35), right=(35, -35)),
    "hands in front of the belly": Stickman(left=(0, -40), right=(0, -40)),
    "a phone at the ear": Stickman(right=(20, 165)),
    "bowing sideways": Stickman(lean=40),
    "an arm stretched down and out": Stickman(left=(45, 45)),
}
"""People who do nothing that has a name here."""


def mirrored(pose: Pose) -> Pose:
    """The same person in a mirror: what was the left arm is the right one."""
    points = pose.array()
    points[:, 0] *= -1
    left, right = slice(1, 17, 2), slice(2, 17, 2)
    points[left], points[right] = points[right].copy(), points[left].copy()
    return Pose.from_array(points)


def moved(pose: Pose, scale: float = 1.0, x: float = 0.0, y: float = 0.0) -> Pose:
    """The same person nearer or farther, elsewhere in the picture."""
    points = pose.array()
    points[:, :2] = points[:, :2] * scale + (x, y)
    return Pose.from_array(points)


def without(pose: Pose, *joints: Joint) -> Pose:
    """The same person with joints that are not seen."""
    points = pose.array()
    points[list(joints), 2] = 0.0
    return Pose.from_array(points)


def varied(stickman: Stickman, left: float, right: float) -> Stickman:
    """The same person with the forearms turned by some degrees."""
    return replace(
        stickman,
        left=(stickman.left[0], stickman.left[1] + left),
        right=(stickman.right[0], stickman.right[1] + right),
    )
