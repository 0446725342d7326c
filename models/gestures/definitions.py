"""What each still gesture is, exactly: one table, ``GESTURES``; the same as in ``docs/gestures.md``.

A gesture is told from key-points alone. All lengths are in torso lengths (see ``Figure``), so neither the distance nor
the place in the picture matters. *Left arm* and *right arm* are the person's own; *left* and *right* of pointing are
those of the picture, which is what the robot sees. Where a joint that a gesture rests on is not seen, the gesture is
unknown: it does not hold.

No two gestures of the arms hold at once, nor two postures; an arm gesture and a posture may, but nobody who lies has an
arm gesture. This follows from the definitions: each arm is *stretched out*, *raised*, *down* or none of these.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from models.gestures.figure import Arm, Figure
from models.pose import Joint, Pose

SEEN = 0.25
"""A joint is seen if its score is at least this."""

SEEN_LYING = 0.2
"""The same for people who lie, of whom the network is less sure."""

RAISED = 0.5
"""A raised arm's wrist is at least this far above its shoulder."""

DOWN = 0.3
"""The wrist of an arm that is down is at least this far below its shoulder."""

STRETCHED_REACH = 0.7
"""A stretched arm's wrist is at least this far from its shoulder."""

STRETCHED_BEND = 150.0
"""A stretched arm's elbow makes at least this angle, in degrees."""

STRETCHED_SLOPE = 35.0
"""A stretched arm rises or falls by at most this angle, in degrees."""

LEVEL_SLOPE = 25.0
"""The arms of a T-pose rise or fall by at most this angle, in degrees."""

FACING = 0.3
"""The left shoulder of a person who faces the camera is at least this far right of the right one in the picture."""

CROSSED_RANGE = (0.25, 0.6)
"""The wrists of crossed arms are this far below their shoulders: before the chest."""

CROSSED_ELBOWS = 0.35
"""The elbows of crossed arms are at least this far below their shoulders."""

CROSSED_LEVEL = 0.2
"""The wrists of crossed arms are at most this far above or below their elbows: the forearms are level."""

CROSSED_BETWEEN = 0.15
"""The wrists of crossed arms are at most this far outside the space between the elbows."""

SITTING_DROP = 0.6
"""The knees of a person who sits are at most this far below their hips; about 0.85 for one who stands."""

SITTING_SHARE = 0.6
"""And at most this part of how far the ankles are below the knees, which is about 1 for one who stands."""

SITTING_UPRIGHT = 0.7
"""The shoulders of a person who sits are at least this far above the hips: the torso leans by 45 degrees at most."""

LYING_UPRIGHT = 0.6
"""The shoulders of a person who lies are at most this far above or below the hips."""

LYING_DROP = 0.5
"""The knees of a person who lies are at most this far below the hips."""

TORSO = (Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER, Joint.LEFT_HIP, Joint.RIGHT_HIP)
ARMS = (*TORSO, Joint.LEFT_ELBOW, Joint.RIGHT_ELBOW, Joint.LEFT_WRIST, Joint.RIGHT_WRIST)
KNEES = (*TORSO, Joint.LEFT_KNEE, Joint.RIGHT_KNEE)
LEGS = (*KNEES, Joint.LEFT_ANKLE, Joint.RIGHT_ANKLE)


@dataclass(frozen=True)
class Gesture:
    """One gesture.

    Attributes:
        label: Its name, as rules use it.
        definition: When it holds, in words.
        joints: The joints it rests on; all must be seen.
        holds: The same as ``definition``, for a figure whose joints are seen.
        direction: Where it points to, see ``Detection.direction``; ``None`` for gestures that point nowhere.
        seen: The lowest score of a joint that is seen.
    """

    label: str
    definition: str
    joints: tuple[Joint, ...]
    holds: Callable[[Figure], bool]
    direction: Callable[[Figure], float] | None = None
    seen: float = SEEN


@dataclass(frozen=True, slots=True)
class HeldGesture:
    """A gesture that a person holds.

    Attributes:
        label: Its name.
        score: The lowest score of the joints that it rests on.
        direction: Where it points to, see ``Detection.direction``.
    """

    label: str
    score: float
    direction: float | None = None


def gestures_of(pose: Pose) -> tuple[HeldGesture, ...]:
    """Tell which gestures a person holds.

    Args:
        pose: The person's key-points in an upright picture.

    Returns:
        Each gesture that is certain, in the order of ``GESTURES``.
    """
    figure = Figure.of(pose)
    if figure is None:
        return ()
    return tuple(
        HeldGesture(
            gesture.label,
            min(pose[joint].score for joint in gesture.joints),
            gesture.direction(figure) if gesture.direction else None,
        )
        for gesture in GESTURES
        if all(pose[joint].score >= gesture.seen for joint in gesture.joints) and gesture.holds(figure)
    )


def is_stretched(arm: Arm) -> bool:
    """Tell whether an arm is stretched out to a side."""
    straight = arm.bend >= math.radians(STRETCHED_BEND)
    return straight and arm.reach >= STRETCHED_REACH and _slope(arm) <= STRETCHED_SLOPE


def is_raised(arm: Arm) -> bool:
    """Tell whether an arm is raised."""
    return arm.rise >= RAISED and not is_stretched(arm)


def is_down(arm: Arm) -> bool:
    """Tell whether an arm is down."""
    return arm.rise <= -DOWN and not is_stretched(arm)


def lies(figure: Figure) -> bool:
    """Tell whether a person lies."""
    return abs(figure.upright) <= LYING_UPRIGHT and max(figure.knee_drops) <= LYING_DROP


def _slope(arm: Arm) -> float:
    """Angle between the line from shoulder to wrist and the horizontal, 0 to 90 degrees."""
    return math.degrees(math.atan2(abs(arm.rise), abs(arm.across)))


def _stands(figure: Figure) -> bool:
    """Tell whether up is up for this person: an arm can be raised."""
    return figure.upright > LYING_UPRIGHT


def _both_raised(figure: Figure) -> bool:
    return _stands(figure) and is_raised(figure.left_arm) and is_raised(figure.right_arm)


def _left_raised(figure: Figure) -> bool:
    return _stands(figure) and is_raised(figure.left_arm) and is_down(figure.right_arm)


def _right_raised(figure: Figure) -> bool:
    return _stands(figure) and is_raised(figure.right_arm) and is_down(figure.left_arm)


def _t_pose(figure: Figure) -> bool:
    arms = (figure.left_arm, figure.right_arm)
    level = all(is_stretched(arm) and _slope(arm) <= LEVEL_SLOPE for arm in arms)
    return _stands(figure) and level and arms[0].across * arms[1].across < 0


def _pointing_arm(figure: Figure) -> Arm | None:
    """Give the arm that points, if one is stretched and the other down."""
    for arm, other in ((figure.left_arm, figure.right_arm), (figure.right_arm, figure.left_arm)):
        if _stands(figure) and is_stretched(arm) and is_down(other):
            return arm
    return None


def _points_left(figure: Figure) -> bool:
    arm = _pointing_arm(figure)
    return arm is not None and arm.across < 0


def _points_right(figure: Figure) -> bool:
    arm = _pointing_arm(figure)
    return arm is not None and arm.across > 0


def _pointed(figure: Figure) -> float:
    arm = _pointing_arm(figure)
    if arm is None:
        raise ValueError("nobody points")
    return arm.direction


def _crossed(figure: Figure) -> bool:
    least, most = CROSSED_RANGE
    arms = (figure.left_arm, figure.right_arm)
    left, right = sorted(arm.elbow_x for arm in arms)
    folded = all(
        not is_stretched(arm)
        and -most <= arm.rise <= -least
        and arm.elbow_rise <= -CROSSED_ELBOWS
        and abs(arm.rise - arm.elbow_rise) <= CROSSED_LEVEL
        and left - CROSSED_BETWEEN <= arm.wrist_x <= right + CROSSED_BETWEEN
        for arm in arms
    )
    return _stands(figure) and figure.facing >= FACING and folded


def _sits(figure: Figure) -> bool:
    # The means of both legs: from the front, one knee hides much of its thigh.
    below_hips, below_knees = sum(figure.knee_drops) / 2, sum(figure.ankle_drops) / 2
    bent = below_hips <= SITTING_DROP and below_hips <= SITTING_SHARE * below_knees
    return figure.upright >= SITTING_UPRIGHT and bent


_DOWN_WORDS = f"the other arm down: its wrist at least {DOWN} below its shoulder, and not stretched out"
_RAISED_WORDS = f"wrist at least {RAISED} above its shoulder, and the arm not stretched out"

GESTURES = (
    Gesture("both arms raised", f"Both arms: {_RAISED_WORDS}.", ARMS, _both_raised),
    Gesture("left arm raised", f"The person's left arm: {_RAISED_WORDS}; {_DOWN_WORDS}.", ARMS, _left_raised),
    Gesture("right arm raised", f"The person's right arm: {_RAISED_WORDS}; {_DOWN_WORDS}.", ARMS, _right_raised),
    Gesture(
        "t-pose",
        f"Both arms stretched out, to opposite sides, at most {LEVEL_SLOPE:g}° from the horizontal.",
        ARMS,
        _t_pose,
    ),
    Gesture(
        "pointing left",
        f"One arm stretched out to the left in the picture; {_DOWN_WORDS}.",
        ARMS,
        _points_left,
        _pointed,
    ),
    Gesture(
        "pointing right",
        f"One arm stretched out to the right in the picture; {_DOWN_WORDS}.",
        ARMS,
        _points_right,
        _pointed,
    ),
    Gesture(
        "arms crossed",
        f"Facing the camera: the left shoulder at least {FACING} to the right of the right one in the picture. Neither "
        f"arm stretched out. Both elbows at least {CROSSED_ELBOWS} below their shoulders. Both wrists "
        f"{CROSSED_RANGE[0]} to {CROSSED_RANGE[1]} below their shoulders, at most {CROSSED_LEVEL} above or below their "
        f"elbows, and between the elbows or at most {CROSSED_BETWEEN} outside.",
        ARMS,
        _crossed,
    ),
    Gesture(
        "sitting",
        f"Shoulders at least {SITTING_UPRIGHT} above the hips. Knees at most {SITTING_DROP} below the hips, and at "
        f"most {SITTING_SHARE} times as far as the ankles are below the knees; means of both legs.",
        LEGS,
        _sits,
    ),
    Gesture(
        "lying down",
        f"Shoulders at most {LYING_UPRIGHT} above or below the hips, and each knee at most {LYING_DROP} below its hip.",
        KNEES,
        lies,
        seen=SEEN_LYING,
    ),
)
"""Every still gesture. ``stretched out`` means: wrist at least ``STRETCHED_REACH`` from its shoulder, the elbow open by
``STRETCHED_BEND`` degrees or more, the arm at most ``STRETCHED_SLOPE`` degrees from the horizontal. Arm gestures ask
for shoulders more than ``LYING_UPRIGHT`` above the hips."""
