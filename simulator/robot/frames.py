"""The robot's frames: where odom and vision lie, and the tree of transforms that goes with every reading."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from bosdyn.api import geometry_pb2
from bosdyn.client.math_helpers import Quat, SE3Pose
from numpy.typing import NDArray

from simulator.robot.behaviours import PlanarPose
from simulator.robot.body import wrap_angle
from simulator.robot.body_state import SITTING_HEIGHT, BodyState

Matrix = NDArray[np.float64]

BODY_FRAMES = ("body", "flat_body")
"""Frames that move with the robot."""
FIXED_FRAMES = ("odom", "vision")
"""Frames that stay where they are."""


@dataclass(frozen=True, slots=True)
class FrameEdge:
    """One fixed edge of the tree: ``parent_tform_child`` is 4×4, metres."""

    child: str
    parent: str
    parent_tform_child: Matrix


@dataclass(frozen=True, slots=True)
class FixedFrames:
    """Where the fixed frames lie in the world; a client cannot see this.

    Attributes:
        odom: Planar pose of ``odom``: where the robot booted.
        vision: Planar pose of ``vision``. On a robot it drifts apart from ``odom``; here the offset is fixed.
        origin_height: Height of both origins over the ground: the body's own when it booted.
    """

    odom: PlanarPose
    vision: PlanarPose
    origin_height: float = SITTING_HEIGHT

    @classmethod
    def at_boot(cls, x: float, y: float, yaw: float) -> FixedFrames:
        """The frames of a robot that booted at a pose, its vision frame a little beside its odom frame."""
        odom = PlanarPose(x, y, yaw)
        return cls(odom, compose(odom, PlanarPose(0.2, -0.1, math.radians(5.0))))

    def planar(self, name: str) -> PlanarPose:
        """Planar pose in the world of ``"odom"`` or ``"vision"``."""
        return self.odom if name == "odom" else self.vision

    def world_tform(self, name: str) -> SE3Pose:
        """Pose in the world of ``"odom"`` or ``"vision"``."""
        pose = self.planar(name)
        return SE3Pose(pose.x, pose.y, self.origin_height, Quat.from_yaw(pose.yaw))


def compose(a: PlanarPose, b: PlanarPose) -> PlanarPose:
    """The pose ``b``, which is given in the frame ``a``, in the frame in which ``a`` is given."""
    cos, sin = math.cos(a.yaw), math.sin(a.yaw)
    return PlanarPose(a.x + cos * b.x - sin * b.y, a.y + sin * b.x + cos * b.y, wrap_angle(a.yaw + b.yaw))


def footprint(state: BodyState) -> PlanarPose:
    """The robot's footprint in the world."""
    return PlanarPose(state.x, state.y, state.yaw)


def world_tform_body(state: BodyState) -> SE3Pose:
    """Pose of the body in the world (z up, the ground at 0): yaw, then pitch, then roll."""
    attitude = state.attitude
    turn = Quat.from_yaw(state.yaw + attitude.yaw)
    tilt = Quat.from_pitch(attitude.pitch) * Quat.from_roll(attitude.roll)
    return SE3Pose(state.x, state.y, state.height, turn * tilt)


def snapshot(state: BodyState, frames: FixedFrames, edges: Iterable[FrameEdge] = ()) -> geometry_pb2.FrameTreeSnapshot:
    """The tree of transforms of a robot in this state, with the root ``body`` and further fixed edges."""
    tree = geometry_pb2.FrameTreeSnapshot()
    body_tform_world = world_tform_body(state).inverse()
    _add(tree, "body", "", SE3Pose.from_identity())
    for name in FIXED_FRAMES:
        _add(tree, name, "body", body_tform_world * frames.world_tform(name))
    tilt = Quat.from_pitch(state.attitude.pitch) * Quat.from_roll(state.attitude.roll)
    _add(tree, "flat_body", "body", SE3Pose(0, 0, 0, tilt.inverse()))
    _add(tree, "gpe", "odom", SE3Pose(0, 0, -frames.origin_height, Quat()))
    for edge in edges:
        _add(tree, edge.child, edge.parent, SE3Pose.from_matrix(edge.parent_tform_child))
    return tree


def _add(tree: geometry_pb2.FrameTreeSnapshot, child: str, parent: str, pose: SE3Pose) -> None:
    edge = tree.child_to_parent_edge_map[child]
    edge.parent_frame_name = parent
    edge.parent_tform_child.CopyFrom(pose.to_proto())
