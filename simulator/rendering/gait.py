"""How a person's joints move: walking in step with the distance walked, standing, raising an arm."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

STRIDE = 1.15
"""Metres that a person of 1.72 m covers in one cycle (two steps) at a comfortable pace."""

FULL_SWING_SPEED = 0.9
"""From this speed on, in m/s, arms and legs swing fully."""

# Joint angles over one cycle that starts with the heel's contact, in degrees, flexion positive; the usual curves of
# level walking, after D. A. Winter, Biomechanics and Motor Control of Human Movement.
_PHASES = np.array([0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0])
_HIP = np.array([28.0, 25.0, 18.0, 9.0, 0.0, -8.0, -6.0, 8.0, 22.0, 29.0, 28.0])
_KNEE = np.array([4.0, 14.0, 16.0, 11.0, 6.0, 10.0, 32.0, 58.0, 50.0, 20.0, 4.0])
_ANKLE = np.array([0.0, -5.0, 2.0, 6.0, 9.0, 6.0, -14.0, -8.0, 1.0, 2.0, 0.0])

_LEGS_TOGETHER = 4.5
_ARMS_DOWN = 36.0
_REST_ELBOW = 26.0


def joint_rotations(walked: float, speed: float, arm_raised: float) -> Mapping[str, NDArray[np.float64]]:
    """Rotations of the bones (3×3, in the axes of the rest pose: x forward, y left, z up).

    Args:
        walked: Metres walked; the phase of the steps follows from it, so feet do not slide much.
        speed: Metres a second; the swing grows with it.
        arm_raised: 0 to 1: how far the right arm is up, to hold a sign.
    """
    swing = math.sqrt(min(max(speed, 0.0) / FULL_SWING_SPEED, 1.0))
    phase = walked / (STRIDE * (0.45 + 0.55 * swing))
    rotations: dict[str, NDArray[np.float64]] = {}
    for side, sign, offset in (("l", 1.0, 0.0), ("r", -1.0, 0.5)):
        at = (phase + offset) % 1.0
        hip, knee, ankle = (float(np.interp(at, _PHASES, curve)) * swing for curve in (_HIP, _KNEE, _ANKLE))
        rotations[f"thigh_{side}"] = _about("y", -hip) @ _about("x", -sign * _LEGS_TOGETHER)
        rotations[f"calf_{side}"] = _about("y", knee + 2.0)
        rotations[f"foot_{side}"] = _about("y", -ankle)
        rotations.update(_arm(side, sign, math.cos(2 * math.pi * (at + 0.5)) * swing, swing))
    twist = math.cos(2 * math.pi * phase) * swing
    rotations["pelvis"] = _about("z", -5.0 * twist)
    rotations["spine_02"] = _about("z", 8.0 * twist) @ _about("y", 2.0 * swing)
    rotations["neck_01"] = _about("z", -3.0 * twist)
    if arm_raised > 0:
        rotations.update(_raised_arm(rotations, arm_raised))
    return rotations


def _arm(side: str, sign: float, forward: float, swing: float) -> dict[str, NDArray[np.float64]]:
    down = _about("x", -sign * _ARMS_DOWN)
    upper = _about("y", -18.0 * forward) @ down
    # The elbow's axis lies across the body once the arm hangs, so in the rest pose it is turned back.
    elbow = down.T @ _about("y", _REST_ELBOW - 5.0 - 12.0 * swing - 8.0 * max(forward, 0.0)) @ down
    return {f"upperarm_{side}": upper, f"lowerarm_{side}": elbow}


def _raised_arm(rotations: Mapping[str, NDArray[np.float64]], share: float) -> dict[str, NDArray[np.float64]]:
    """Spread the right arm from the body, as if to hold a sign beside it."""
    eased = share * share * (3 - 2 * share)
    return {
        "upperarm_r": _about("x", -(_ARMS_DOWN + 4.0) * eased) @ rotations["upperarm_r"],
        "lowerarm_r": _about("y", -10.0 * eased) @ rotations["lowerarm_r"],
    }


def _about(axis: str, degrees: float) -> NDArray[np.float64]:
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    if axis == "x":
        return np.array([[1.0, 0.0, 0.0], [0.0, cos, -sin], [0.0, sin, cos]])
    if axis == "y":
        return np.array([[cos, 0.0, sin], [0.0, 1.0, 0.0], [-sin, 0.0, cos]])
    return np.array([[cos, -sin, 0.0], [sin, cos, 0.0], [0.0, 0.0, 1.0]])
