"""How a person's joints lie in a gesture: where each limb points, and on the way there, something between."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from simulator.rendering.body import Body
from simulator.scene.gestures import Gesturing

Vector = tuple[float, float, float]
Rotation = NDArray[np.float64]

WAVES_PER_SECOND = 1.25
WAVE_ANGLE = 32.0
"""How far a waving forearm leans to each side, in degrees."""

_VARIATION = 9.0
"""Standard deviation, in degrees, of how far a limb is off in a variant."""

_VARIATION_CROSSED = 4.0
"""The same where arms lie on one another."""

_END = {"upperarm": "lowerarm", "lowerarm": "hand", "thigh": "calf", "calf": "foot", "foot": "ball"}
"""For each limb, the bone at whose joint it ends."""

# Directions of the left limbs in the body's axes: x forward, y left, z up. The right ones mirror them.
_RAISED: dict[str, Vector] = {"upperarm": (0.05, 0.35, 0.94), "lowerarm": (0.05, 0.05, 1.0)}
_ASIDE: dict[str, Vector] = {"upperarm": (0.02, 1.0, 0.02), "lowerarm": (0.05, 1.0, 0.02)}
_POINTING: dict[str, Vector] = {"upperarm": (0.12, 1.0, 0.04), "lowerarm": (0.14, 1.0, 0.06)}
_HALF_RAISED: dict[str, Vector] = {"upperarm": (0.25, 0.75, -0.15), "lowerarm": (0.15, 0.1, 1.0)}
_FOLDED: dict[str, Vector] = {"upperarm": (0.44, 0.06, -0.88), "lowerarm": (0.28, -0.95, 0.05)}
_FOLDED_ABOVE: dict[str, Vector] = {"upperarm": (0.48, 0.10, -0.86), "lowerarm": (0.36, -0.92, 0.20)}
_SEATED: dict[str, Vector] = {
    "thigh": (1.0, 0.16, -0.02), "calf": (0.05, 0.02, -1.0), "foot": (1.0, 0.1, -0.35),
    "upperarm": (0.25, 0.15, -0.95), "lowerarm": (0.90, 0.0, -0.30),
}  # fmt: skip
_FLAT: dict[str, Vector] = {"thigh": (0.0, 0.12, -1.0), "calf": (0.0, 0.05, -1.0), "upperarm": (0.0, 0.35, -0.9),
                            "lowerarm": (0.05, 0.2, -1.0)}  # fmt: skip

_LEFT_AND_RIGHT: dict[str, tuple[dict[str, Vector], dict[str, Vector]]] = {
    "left arm raised": (_RAISED, {}),
    "right arm raised": ({}, _RAISED),
    "both arms raised": (_RAISED, _RAISED),
    "arms crossed": (_FOLDED_ABOVE, _FOLDED),
    "t-pose": (_ASIDE, _ASIDE),
    "pointing left": ({}, _POINTING),  # whoever the person faces has the person's right at the left
    "pointing right": (_POINTING, {}),
    "sitting": (_SEATED, _SEATED),
    "lying down": (_FLAT, _FLAT),
    "waving": ({}, _HALF_RAISED),
}
_LYING = np.array([[0.0, 0.0, -1.0], [0.0, 1.0, 0.0], [1.0, 0.0, 0.0]])
"""Turns a standing body onto its back, the head where its back was."""


def with_gesture(body: Body, rotations: Mapping[str, Rotation], doing: Gesturing) -> Mapping[str, Rotation]:
    """Turn the joints of a person who stands or walks towards a gesture.

    Args:
        body: Whose joints they are.
        rotations: Rotations of the bones, see ``gait.joint_rotations``.
        doing: The gesture, and how far it has been taken.

    Returns:
        The rotations of the bones.
    """
    target = dict(rotations)
    if doing.gesture == "lying down":
        target["Root"] = _LYING
    above: dict[str, Rotation] = {}  # how each bone's parent lies, in the body's axes
    upright = {**target, "Root": np.eye(3)}
    wanted = _directions(doing)
    for index, bone in enumerate(body.bones):
        parent = body.bones[body.parents[index]] if body.parents[index] >= 0 else None
        lies = above[parent] @ upright.get(parent, np.eye(3)) if parent is not None else np.eye(3)
        above[bone] = lies
        if bone in wanted:
            limb, side = bone.rsplit("_", 1)
            end = body.heads[body.bones.index(f"{_END[limb]}_{side}")]
            target[bone] = upright[bone] = _turn(end - body.heads[index], lies.T @ wanted[bone])
    eased = doing.share * doing.share * (3 - 2 * doing.share)
    return {bone: _between(rotations.get(bone, np.eye(3)), turn, eased) for bone, turn in target.items()}


def _directions(doing: Gesturing) -> dict[str, NDArray[np.float64]]:
    """Where each limb of a gesture points, by its bone's name."""
    directions: dict[str, NDArray[np.float64]] = {}
    random = np.random.default_rng(doing.variant)
    deviation = math.radians(_VARIATION_CROSSED if doing.gesture == "arms crossed" else _VARIATION)
    for side, limbs in zip("lr", _LEFT_AND_RIGHT[doing.gesture], strict=True):
        mirror = np.array([1.0, 1.0 if side == "l" else -1.0, 1.0])
        for limb, direction in limbs.items():
            pointing = np.array(direction) / np.linalg.norm(direction) * mirror
            if doing.variant:
                pointing = pointing + random.normal(0.0, deviation, 3)
            directions[f"{limb}_{side}"] = pointing / np.linalg.norm(pointing)
    if doing.gesture == "waving":
        lean = math.radians(WAVE_ANGLE) * math.sin(2 * math.pi * WAVES_PER_SECOND * doing.seconds)
        cos, sin = math.cos(lean), math.sin(lean)
        directions["lowerarm_r"] = np.array([[1, 0, 0], [0, cos, -sin], [0, sin, cos]]) @ directions["lowerarm_r"]
    return directions


def _turn(start: NDArray[np.float64], end: NDArray[np.float64]) -> Rotation:
    """The shortest rotation from one direction to another."""
    first, second = start / np.linalg.norm(start), end / np.linalg.norm(end)
    axis = np.cross(first, second)
    length = float(np.linalg.norm(axis))
    if length < 1e-9:  # the same direction; no limb turns by half a circle
        return np.eye(3)
    return _about(axis / length, math.atan2(length, float(first @ second)))


def _about(axis: NDArray[np.float64], angle: float) -> Rotation:
    """A rotation about a unit axis (Rodrigues' formula)."""
    x, y, z = axis
    cross = np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
    return np.asarray(np.eye(3) + math.sin(angle) * cross + (1 - math.cos(angle)) * cross @ cross)


def _between(first: Rotation, second: Rotation, share: float) -> Rotation:
    """A part of the way from one rotation to another, about one axis."""
    if share >= 1:
        return second
    way = first.T @ second
    angle = math.acos(min(max((float(np.trace(way)) - 1) / 2, -1.0), 1.0))
    axis = np.array([way[2, 1] - way[1, 2], way[0, 2] - way[2, 0], way[1, 0] - way[0, 1]])
    length = float(np.linalg.norm(axis))
    if length < 1e-9:
        return first if share < 0.5 else second
    return first @ _about(axis / length, share * angle)
