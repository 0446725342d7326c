"""Pictures of rendered people whose gestures are known.

Two halves that share neither body, clothes, surroundings, camera nor variant of a gesture: whatever was chosen in
``models/gestures`` was chosen on the half ``dev``; figures are given for the half ``test``. Besides, ``posed``: people
in other clothes who face the camera and hold the textbook's form of each gesture, nothing behind them.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from simulator.calibration import KannalaBrandt, Pinhole
from simulator.rendering import Renderer
from simulator.scene import Scene

Half = Literal["dev", "test", "posed"]
GESTURES = (
    "left arm raised", "right arm raised", "both arms raised", "arms crossed", "t-pose", "pointing left",
    "pointing right", "sitting", "lying down",
)  # fmt: skip

SEEN_FROM_BEHIND = {"pointing left": "pointing right", "pointing right": "pointing left"}
"""Which way people point who turn their backs: in the picture, it is the other way."""

_CAMERA_HEIGHT = 0.7
_CAMERA_TILT = math.radians(8)
_HELD = 2.0
"""Scene time, in seconds, at which a gesture is held."""


@dataclass(frozen=True)
class Surroundings:
    """What one set of the pictures is made of."""

    people: tuple[tuple[str, str], ...]
    panorama: str
    camera: Pinhole | KannalaBrandt
    distances: tuple[float, ...]
    turns: tuple[float, ...]
    variants: tuple[int, ...]


HALVES: dict[Half, Surroundings] = {
    "dev": Surroundings(
        (("man", "office"), ("man", "street")), "lobby", Pinhole(640, 480, 420, 420, 319.5, 239.5),
        (2.7, 3.8, 5.2), (-25, 0, 25), (0, 1, 2),
    ),
    "test": Surroundings(
        (("woman", "workshop"), ("woman", "office")), "park",
        KannalaBrandt(640, 480, 390, 390, 319.5, 239.5, -0.02, 0.005, -0.002, 0.0),
        (2.5, 3.3, 4.5), (-20, 5, 30), (11, 12, 13),
    ),
    "posed": Surroundings(
        (("man", "workshop"), ("woman", "street")), "none", Pinhole(640, 480, 460, 460, 319.5, 239.5),
        (3.0, 3.5, 4.0, 4.5, 5.0, 5.5), (0,), (0,),
    ),
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Shot:
    """A picture, and which gesture the person in it holds: ``None`` for standing, walking and turning away."""

    image: NDArray[np.uint8]
    gesture: str | None
    distance: float
    turn: float


def shots(half: Half, gestures: tuple[str, ...] = GESTURES, *, away: bool = False) -> Iterator[Shot]:
    """Render every picture of a half, those without gesture last.

    Args:
        half: Which half.
        gestures: The gestures to be shown.
        away: Whether the people show their backs.
    """
    around = HALVES[half]
    for gesture in gestures:
        for index, (body, clothes) in enumerate(around.people):
            for distance in around.distances:
                for turn in around.turns:
                    variant = around.variants[(index + len(gesture)) % len(around.variants)]
                    span = {"gesture": gesture, "between": [1, 4], "variant": variant}
                    # Whoever lies is seen from the side.
                    yaw = 180 + turn + (90 if gesture == "lying down" else 0) + (180 if away else 0)
                    person = {"body": body, "clothes": clothes, "gestures": [span]}
                    image = _render(around, person, distance, yaw, _HELD)
                    yield Shot(image, SEEN_FROM_BEHIND.get(gesture, gesture) if away else gesture, distance, turn)
    for body, clothes in around.people:
        for distance in around.distances:
            for turn in around.turns:
                person = {"body": body, "clothes": clothes}
                yield Shot(_render(around, person, distance, 180 + turn, 0.0), None, distance, turn)
                for time in (1.3, 1.7):
                    image = _render(around, {**person, **_walk(distance, 180 + 3 * turn)}, distance, 180, time)
                    yield Shot(image, None, distance, turn)


def _walk(distance: float, heading: float) -> dict[str, object]:
    x, y = 2 * math.cos(math.radians(heading)), 2 * math.sin(math.radians(heading))
    start, end = [f"{distance - x:.3f}", f"{-y:.3f}"], [f"{distance + x:.3f}", f"{y:.3f}"]
    return {"motion": [{"at": 0, "position": start}, {"at": 3, "position": end}]}


def _render(
    around: Surroundings, person: Mapping[str, object], distance: float, yaw: float, time: float
) -> NDArray[np.uint8]:
    renderer = Renderer(make_scene(around.panorama, person, distance, yaw))
    return renderer.render(around.camera, camera_pose(), time).image


def make_scene(panorama: str, person: Mapping[str, object], distance: float, yaw: float) -> Scene:
    """Make a scene with one person straight ahead of the origin; ``yaw`` in degrees."""
    place = {} if "motion" in person else {"position": [distance, 0], "yaw": f"{yaw} deg"}
    return Scene.model_validate({
        "name": "gestures",
        "duration": 10,
        "surroundings": {"panorama": panorama},
        "objects": [{"kind": "person", "name": "person", **person, **place}],
    })  # fmt: skip


@lru_cache(maxsize=1)
def camera_pose() -> NDArray[np.float64]:
    """Pose of the camera in the world: above the origin, looking along x and a little upwards."""
    cos, sin = math.cos(_CAMERA_TILT), math.sin(_CAMERA_TILT)
    pose = np.eye(4)
    pose[:3, :3] = np.array([[0, sin, cos], [-1, 0, 0], [0, -cos, sin]])
    pose[2, 3] = _CAMERA_HEIGHT
    return pose
