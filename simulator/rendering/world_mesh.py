"""A scene as triangles: what rests is built once, what moves for each moment."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from simulator.rendering import meshes, pictures
from simulator.rendering.atlas import Atlas, AtlasBuilder
from simulator.rendering.materials import EDGE, paint_material
from simulator.rendering.panorama import cube_faces
from simulator.rendering.person import PersonMesh
from simulator.rendering.triangles import Triangles
from simulator.scene.objects import AnyObject, AprilTag, Ball, Board, Box, Cutout, Person, StopSign, Wall
from simulator.scene.scene import Scene
from simulator.scene.surroundings import Plane
from simulator.scene.vocabulary import PICTURES
from simulator.scene.world import WorldObject

_POLE_RADIUS = 0.022


@dataclass(frozen=True, slots=True, eq=False)
class Panorama:
    """The picture around everything: 6×S×S RGBA texels."""

    faces: NDArray[np.uint32]


class WorldMesh:
    """All triangles of a scene. To be asked by one thread at a time."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._builder = AtlasBuilder()
        self._people = {
            item.name: PersonMesh(item, self._builder) for item in scene.objects if isinstance(item, Person)
        }
        self._shadow = self._builder.index("shadow", pictures.paint_shadow)
        self._moving = frozenset(item.name for item in scene.objects if _moves(item))
        start = scene.world_at(0.0)
        self._planes = self._surroundings()
        self._resting: dict[str, Triangles] = {}
        for item in scene.objects:
            triangles = self._build(item, start[item.name])  # of those that move too, for the sake of the textures
            if item.name not in self._moving:
                self._resting[item.name] = triangles
        self._static = self._join_resting(frozenset())
        self._static_without: frozenset[str] = frozenset()
        self.atlas: Atlas = self._builder.build()
        self.panorama = Panorama(cube_faces(scene.surroundings.panorama, scene.surroundings.panorama_yaw))

    def at(self, time: float) -> Triangles:
        """Build the triangles of the world at a scene time in seconds."""
        placed = self._scene.placed
        if placed != self._static_without:
            self._static, self._static_without = self._join_resting(placed), placed
        world, moving = self._scene.world_at(time), self._moving | placed
        states = [(item, world[item.name]) for item in self._scene.objects if item.name in moving]
        parts = [self._build(item, state) for item, state in states if state.visible]
        return Triangles.join([self._static, _dimmed(Triangles.join(parts), self._scene.surroundings.light)])

    @property
    def version(self) -> int:
        """Another number when something else than the scene's file has moved, hidden or shown something."""
        return self._scene.version

    def _join_resting(self, placed: frozenset[str]) -> Triangles:
        """What rests, without the objects that have been placed anew."""
        parts = [*self._planes, *(part for name, part in self._resting.items() if name not in placed)]
        return _dimmed(Triangles.join(parts), self._scene.surroundings.light)

    def _surroundings(self) -> list[Triangles]:
        around = self._scene.surroundings
        parts = []
        for plane, facing_up in ((around.floor, True), (around.ceiling, False)):
            if plane is not None:
                parts.append(self._plane(plane, facing_up=facing_up))
        return parts

    def _plane(self, plane: Plane, *, facing_up: bool) -> Triangles:
        corners = meshes.level((*plane.centre, plane.height), *plane.size, facing_up=facing_up)
        edge = EDGE[plane.texture]
        repeat = (plane.size[1] / edge, plane.size[0] / edge)
        return meshes.rectangle(corners, self._material(plane.texture), 1.0, repeat=repeat)

    def _material(self, name: str) -> int:
        return self._builder.index(f"material {name}", partial(paint_material, name))

    def _picture(self, name: str) -> int:
        paint = partial(pictures.paint_picture, name)
        return self._builder.index(f"picture {name}", paint, from_file=name not in PICTURES)

    def _build(self, spec: AnyObject, state: WorldObject) -> Triangles:
        match spec:
            case Person():
                return Triangles.join([self._people[spec.name].at(state), self._blob(state, 0.95, 0.8)])
            case Box():
                solid = meshes.box(state.position, state.yaw, spec.size, self._material(spec.texture))
                return Triangles.join([solid, self._blob(state, spec.size[0] * 1.6, spec.size[1] * 1.6)])
            case Ball():
                texture = self._builder.index("ball", pictures.paint_ball)
                round_ = meshes.ball(state.position, state.yaw, spec.radius, texture)
                return Triangles.join([round_, self._blob(state, spec.radius * 3, spec.radius * 3)])
            case StopSign():
                return self._stop_sign(spec, state)
            case Wall():
                return self._wall(spec, state)
            case AprilTag():
                edge = spec.size * pictures.TAG_CELLS / 8
                paint = partial(pictures.paint_april_tag, spec.id)
                return self._flat(state, edge, edge, self._builder.index(f"tag {spec.id}", paint))
            case Board():
                return self._flat(state, spec.width, spec.height, self._picture(spec.picture))
            case Cutout():
                return self._cutout(spec, state)

    def _blob(self, state: WorldObject, length: float, width: float) -> Triangles:
        return meshes.shadow((state.x, state.y), state.yaw, length, width, self._shadow)

    def _flat(self, state: WorldObject, width: float, height: float, texture: int) -> Triangles:
        """A picture with a thin board behind it."""
        front = meshes.upright(state.position, state.yaw, width, height)
        normal = np.array([math.cos(state.yaw), math.sin(state.yaw), 0.0])
        back = meshes.upright(state.position, state.yaw + math.pi, width, height) - normal * 0.01
        metal = self._builder.index("sign back", pictures.paint_sign_back)
        shine = float(meshes.brightness(normal))
        return Triangles.join([meshes.rectangle(front, texture, shine), meshes.rectangle(back, metal, shine * 0.9)])

    def _cutout(self, spec: Cutout, state: WorldObject) -> Triangles:
        texture = self._picture(spec.picture)
        middle = (state.x, state.y, state.z + spec.height / 2)
        width = spec.height * self._builder.aspect(texture)
        corners = meshes.upright(middle, state.yaw, width, spec.height)
        picture = meshes.rectangle(corners, texture, 1.0, blended=True)
        return Triangles.join([self._blob(state, 0.7, 0.9), picture])

    def _stop_sign(self, spec: StopSign, state: WorldObject) -> Triangles:
        front = self._builder.index("stop sign", pictures.paint_stop_sign)
        back = self._builder.index("sign back", pictures.paint_sign_back)
        middle = (state.x, state.y, state.z + spec.middle)
        sign = meshes.octagon(middle, state.yaw, spec.size, front, back)
        if spec.held_by is not None:
            return sign
        behind = _POLE_RADIUS + 0.006
        base = (state.x - math.cos(state.yaw) * behind, state.y - math.sin(state.yaw) * behind, state.z)
        pole = meshes.pole(base, _POLE_RADIUS, state.z + spec.middle + spec.size * 0.4, back)
        return Triangles.join([sign, pole, self._blob(state, 0.5, 0.5)])

    def _wall(self, spec: Wall, state: WorldObject) -> Triangles:
        length = math.dist(spec.start, spec.end)
        edge = EDGE[spec.texture]
        # A wall's texture spans its full height, so that its skirting stays at the floor.
        across = (edge, spec.top - spec.bottom)
        size = (length, spec.thickness, spec.top - spec.bottom)
        return meshes.box(state.position, state.yaw, size, self._material(spec.texture), texture_edge=across)


def _moves(item: AnyObject) -> bool:
    held = isinstance(item, StopSign) and item.held_by is not None
    return isinstance(item, Person) or bool(item.motion) or item.visible is not None or held


def _dimmed(triangles: Triangles, light: float) -> Triangles:
    if light == 1.0:
        return triangles
    return Triangles(
        triangles.corners,
        triangles.texture_coordinates,
        (triangles.light * np.float32(light)).astype(np.float32),
        triangles.texture,
        triangles.blended,
    )
