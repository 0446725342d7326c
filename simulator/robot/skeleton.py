"""The robot's links and joints: where they are, how the legs bend, and what they look like to a client."""

from __future__ import annotations

import math
from dataclasses import dataclass

from bosdyn.api import robot_state_pb2

LEGS = ("fl", "fr", "hl", "hr")
"""Front and hind, left and right."""
JOINTS = tuple(f"{leg}.{joint}" for leg in LEGS for joint in ("hx", "hy", "kn"))
"""Every joint, in the order of the state stream."""
HIP_X, HIP_Y = 0.298, 0.055
"""Metres from the body to the hip's first joint (Spot's published URDF, rounded)."""
UPPER_Y = 0.111
"""Metres from there to the side, to the upper leg (the same)."""
THIGH, SHANK = 0.32, 0.37
"""Metres from hip to knee and from knee to the ground (the same)."""
_EDGES = tuple((x, y, z) for x in (-0.5, 0.5) for y in (-0.5, 0.5) for z in (-0.5, 0.5))
_FACES = ((1, 2, 4, 3), (5, 7, 8, 6), (1, 5, 6, 2), (3, 4, 8, 7), (1, 3, 7, 5), (2, 6, 8, 4))


@dataclass(frozen=True, slots=True)
class Link:
    """A rigid part: a box of ``size`` whose middle lies at ``middle`` in the part's own frame, metres."""

    name: str
    size: tuple[float, float, float]
    middle: tuple[float, float, float] = (0.0, 0.0, 0.0)

    @property
    def file_name(self) -> str:
        """Name of its mesh."""
        return f"{self.name}.obj"

    def mesh(self) -> str:
        """Its box as a Wavefront OBJ."""
        corners = [
            " ".join(
                f"{centre + edge * size:.4f}" for centre, edge, size in zip(self.middle, corner, self.size, strict=True)
            )
            for corner in _EDGES
        ]
        faces = [" ".join(map(str, face)) for face in _FACES]
        lines = [f"o {self.name}", *(f"v {corner}" for corner in corners), *(f"f {face}" for face in faces)]
        return "\n".join(lines) + "\n"


def _links() -> tuple[Link, ...]:
    links = [Link("body", (0.85, 0.24, 0.19))]
    for leg in LEGS:
        side = 1.0 if leg.endswith("l") else -1.0
        links.append(Link(f"{leg}.hip", (0.12, UPPER_Y, 0.12), (0.0, side * UPPER_Y / 2, 0.0)))
        links.append(Link(f"{leg}.uleg", (0.07, 0.06, THIGH), (0.0, 0.0, -THIGH / 2)))
        links.append(Link(f"{leg}.lleg", (0.04, 0.04, SHANK), (0.0, 0.0, -SHANK / 2)))
    return tuple(links)


LINKS = _links()
"""Every link. The names are undocumented; the shapes are boxes of about the right size."""


def joint_angles(height: float) -> tuple[float, ...]:
    """Angles in radians of :data:`JOINTS` with every foot on the ground below its hip (law of cosines).

    Args:
        height: Of the hips over the ground, metres; beyond the legs' reach they are stretched or folded.
    """
    reach = min(max(height, abs(SHANK - THIGH) + 1e-6), THIGH + SHANK - 1e-6)
    knee = math.acos((THIGH**2 + SHANK**2 - reach**2) / (2 * THIGH * SHANK)) - math.pi
    hip = math.acos((THIGH**2 + reach**2 - SHANK**2) / (2 * THIGH * reach))
    return (0.0, hip, knee) * len(LEGS)


def hardware_skeleton() -> robot_state_pb2.Skeleton:
    """The links, without their meshes, and the URDF that joins them."""
    skeleton = robot_state_pb2.Skeleton(urdf=urdf())
    for link in LINKS:
        skeleton.links.add(name=link.name).obj_model.file_name = link.file_name
    return skeleton


def urdf() -> str:
    """The whole robot as a URDF."""
    links = [
        f'<link name="{link.name}"><visual><geometry><mesh filename="{link.file_name}"/></geometry></visual></link>'
        for link in LINKS
    ]
    joints = []
    for leg in LEGS:
        front, side = (1.0 if leg.startswith("f") else -1.0), (1.0 if leg.endswith("l") else -1.0)
        hip = f"{leg}.hip"
        joints.append(_joint(f"{leg}.hx", "body", hip, (front * HIP_X, side * HIP_Y, 0.0), "1 0 0", -0.785, 0.785))
        joints.append(_joint(f"{leg}.hy", hip, f"{leg}.uleg", (0.0, side * UPPER_Y, 0.0), "0 1 0", -0.898, 2.295))
        joints.append(_joint(f"{leg}.kn", f"{leg}.uleg", f"{leg}.lleg", (0.0, 0.0, -THIGH), "0 1 0", -2.793, -0.247))
    return "\n".join(['<robot name="spot">', *links, *joints, "</robot>"])


def _joint(
    name: str, parent: str, child: str, origin: tuple[float, float, float], axis: str, lower: float, upper: float
) -> str:
    place = " ".join(f"{value:g}" for value in origin)
    return (
        f'<joint name="{name}" type="revolute"><parent link="{parent}"/><child link="{child}"/>'
        f'<origin xyz="{place}" rpy="0 0 0"/><axis xyz="{axis}"/>'
        f'<limit lower="{lower:g}" upper="{upper:g}" effort="0" velocity="0"/></joint>'
    )
