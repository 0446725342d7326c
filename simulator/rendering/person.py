"""A walking person as triangles."""

from __future__ import annotations

import math
from functools import partial

import numpy as np
from numpy.typing import NDArray

from simulator.rendering.atlas import AtlasBuilder
from simulator.rendering.body import PARTS, Body
from simulator.rendering.clothes import OUTFITS, paint_part
from simulator.rendering.gait import joint_rotations
from simulator.rendering.gestures import with_gesture
from simulator.rendering.meshes import brightness, yaw_matrix
from simulator.rendering.triangles import Triangles
from simulator.scene.objects import Person
from simulator.scene.world import WorldObject


class PersonMesh:
    """A person of a scene, ready to be posed at any moment. Immutable after construction."""

    def __init__(self, spec: Person, atlas: AtlasBuilder) -> None:
        self._body = Body.load(spec.body)
        self._scale = spec.height / self._body.height
        present = sorted(set(self._body.material.tolist()))
        indices = {}
        for number in present:
            part = PARTS[number]
            paint = partial(paint_part, part, OUTFITS[spec.clothes])
            indices[number] = atlas.index(f"person {spec.clothes} {part}", paint)
        self._texture = np.array([indices[number] for number in self._body.material.tolist()], np.int32)
        self._coordinates = _wrapped(self._body)
        self._occlusion = 0.35 + 0.65 * np.clip(self._body.occlusion * 1.15, 0, 1)

    def at(self, state: WorldObject) -> Triangles:
        """Build the triangles of the person at one moment."""
        rotations = joint_rotations(state.walked / self._scale, state.speed / self._scale, state.arm_raised)
        if state.gesturing is not None:
            rotations = with_gesture(self._body, rotations, state.gesturing)
        vertices = self._body.posed(rotations)
        turn = yaw_matrix(state.yaw).T
        world = vertices * self._scale @ turn + np.array(state.position)
        light = brightness(self._body.normals(vertices) @ turn) * self._occlusion
        triangles = self._body.triangles
        return Triangles.build(world[triangles], self._coordinates, light[triangles], self._texture)


def _wrapped(body: Body) -> NDArray[np.float32]:
    """Texture coordinates (N×3×2): around the vertical axis of each part, and down from its top."""
    coordinates = np.empty((len(body.triangles), 3, 2))
    for number in set(body.material.tolist()):
        chosen = body.material == number
        corners = body.vertices[body.triangles[chosen]]
        low, high = corners[..., 2].min(), corners[..., 2].max()
        middle = (corners[..., 0].min() + corners[..., 0].max()) / 2 if PARTS[number] == "head" else 0.0
        around = 0.5 + np.arctan2(corners[..., 1], corners[..., 0] - middle) / (2 * math.pi)
        # A triangle across the seam behind must not run all the way around the front.
        behind = (np.ptp(around, axis=1, keepdims=True) > 0.5) & (around < 0.5)
        coordinates[chosen, :, 0] = around + behind
        coordinates[chosen, :, 1] = np.clip((high - corners[..., 2]) / (high - low), 0.004, 0.996)
    return coordinates.astype(np.float32)
