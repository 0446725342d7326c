"""Rooms with people and stop signs, and with what only looks like them; a seed gives the same room every time."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from simulator.calibration import Pinhole
from simulator.rendering import Renderer
from simulator.rendering.pictures import paint_stop_sign
from simulator.scene import Scene

Split = Literal["train", "validation", "test"]

PHOTOS = Path(__file__).parents[1] / "tests" / "data" / "photos"

# Each split has panoramas, materials, photos and bodies of its own; only what the renderer has but once is shared.
PANORAMAS: dict[Split, tuple[str, ...]] = {"train": ("park",), "validation": ("none",), "test": ("lobby",)}
FLOORS: dict[Split, tuple[str, ...]] = {
    "train": ("concrete", "asphalt"),
    "validation": ("wood",),
    "test": ("tiles", "wood"),
}
WALLS: dict[Split, str] = {"train": "wall", "validation": "wall", "test": "wall blue"}
CLOTHES: dict[Split, tuple[str, ...]] = {
    "train": ("office", "workshop"),
    "validation": ("office", "workshop"),
    "test": ("office", "street"),
}
# Photo and the box of a person in it, to be printed as a poster.
POSTERS: dict[Split, tuple[tuple[str, tuple[int, int, int, int]], ...]] = {
    "train": (
        ("camera.jpg", (0, 40, 360, 512)),
        ("pedestrians_300.jpg", (300, 200, 356, 306)),
        ("pedestrians_500.jpg", (540, 226, 600, 360)),
    ),
    "validation": (("left06.jpg", (140, 20, 560, 480)), ("pedestrians_120.jpg", (500, 205, 552, 307))),
    "test": (("astronaut.jpg", (0, 0, 390, 512)), ("basketball1.jpg", (420, 0, 640, 480))),
}
FOREVER = 10_000.0
STEP = 10.0
"""Scene seconds between two moments; at moment ``i + 1`` the subject ``i`` is away, so that its pixels can be told."""

TRUE_SIGN = (0.18, 0.95)
"""Metres between opposite edges of what counts as a stop sign: from a printed sheet to that of a highway."""


@dataclass(frozen=True)
class Subject:
    """Something that is a person or a stop sign, or looks like one.

    Attributes:
        name: Of the object in the scene.
        label: What a detector may call it.
        origin: What it is in truth, e.g. ``"figurine"``.
        true: Whether it is what the label says.
    """

    name: str
    label: str
    origin: str
    true: bool


@dataclass
class Room:
    """A scene being furnished."""

    source: np.random.Generator
    split: Split
    pictures: dict[str, Sequence[Path]]
    objects: list[dict[str, Any]] = field(default_factory=list)
    subjects: list[Subject] = field(default_factory=list)

    def uniform(self, low: float, high: float) -> float:
        """A number between two."""
        return float(self.source.uniform(low, high))

    def pick(self, choices: Sequence[Any]) -> Any:  # noqa: ANN401 - one of the choices, whatever they are
        """One of several."""
        return choices[int(self.source.integers(len(choices)))]

    def place(self, near: float, far: float) -> tuple[float, float]:
        """Somewhere around the middle, from where the robot looks."""
        distance, angle = math.exp(self.uniform(math.log(near), math.log(far))), self.uniform(-0.75, 0.75)
        return distance * math.cos(angle), distance * math.sin(angle)

    def facing(self, x: float, y: float, spread: float = 0.6) -> float:
        """A direction towards the middle, more or less, in radians."""
        return math.atan2(-y, -x) + float(self.source.normal(0, spread))

    def turned(self) -> float:
        """Any direction."""
        return self.uniform(-math.pi, math.pi)

    def add(self, label: str, origin: str, *, true: bool, **keys: Any) -> None:  # noqa: ANN401 - keys of a scene file
        """Add a subject that goes away at its own moment."""
        moment = STEP * (len(self.subjects) + 1)
        name = f"{origin} {len(self.subjects)}"
        visible = [[0.0, moment - 3], [moment + 3, FOREVER]]
        self.objects.append({"name": name, "visible": visible, **_in_scene_units(keys)})
        self.subjects.append(Subject(name, label, origin, true))

    def furnish(self, **keys: Any) -> None:  # noqa: ANN401 - keys of a scene file
        """Add something that is no subject."""
        self.objects.append({"name": f"thing {len(self.objects)}", **_in_scene_units(keys)})


def _in_scene_units(keys: dict[str, Any]) -> dict[str, Any]:
    return {key: _angle(value) if key == "yaw" else value for key, value in keys.items()}


def _angle(radians: float) -> str:
    return f"{math.degrees(radians):.3f} deg"


def furnished_room(seed: int, split: Split, pictures: dict[str, Sequence[Path]]) -> tuple[Scene, tuple[Subject, ...]]:
    """Make a room.

    Args:
        seed: Another room for each.
        split: Which material to use.
        pictures: From ``paint_look_alikes``.

    Returns:
        The scene and its subjects, of which the ``i``-th is away at ``STEP * (i + 1)`` seconds.
    """
    room = Room(np.random.default_rng((seed, ("train", "validation", "test").index(split))), split, pictures)
    makers = (_person, _person, _person, _person_behind, _lying, _sign, _sign, _sign)
    fakes = (_figurine, _figurine, _figurine, _figurine, _small_poster, _small_poster, _small_poster, _printed_sign,
             _printed_sign, _printed_sign, _billboard, _high, _giant, _giant_sign, _lifesize_poster)  # fmt: skip
    for _ in range(room.source.integers(1, 4)):
        room.pick(makers)(room)
    for _ in range(room.source.integers(1, 5)):
        room.pick(fakes)(room)
    _surround(room)
    around: dict[str, Any] = {
        "panorama": room.pick(PANORAMAS[split]),
        "panorama_yaw": _angle(room.turned()),
        "floor": {"texture": room.pick(FLOORS[split]), "size": (30.0, 30.0)},
        "light": room.uniform(0.6, 1.15),
    }
    content = {"name": f"room {seed}", "duration": FOREVER, "surroundings": around, "objects": room.objects}
    return Scene.model_validate(content), tuple(room.subjects)


def _surround(room: Room) -> None:
    if room.source.random() < 0.6:
        far = room.uniform(5, 9.5)
        for start, end in (((far, -9), (far, 9)), ((-4, 9), (far, 9)), ((-4, -9), (far, -9))):
            room.furnish(kind="wall", start=start, end=end, texture=WALLS[room.split])
    for _ in range(room.source.integers(0, 3)):
        x, y = room.place(2, 7)
        size = (room.uniform(0.3, 0.8), room.uniform(0.3, 0.9), room.uniform(0.3, 1.2))
        texture = room.pick(("crate", "cardboard", "frame"))
        room.furnish(kind="box", position=(x, y), yaw=room.turned(), size=size, texture=texture)
    for _ in range(room.source.integers(0, 2)):
        x, y = room.place(3, 7)
        picture = room.pick(("poster mountains", "poster map", "poster abstract", "notice"))
        position, yaw = (x, y, room.uniform(0.8, 2)), room.facing(x, y, 0.3)
        room.furnish(kind="board", position=position, yaw=yaw, picture=picture, width=0.8, height=0.8)


def _body(room: Room, height: float) -> dict[str, Any]:
    body, clothes = room.pick(("man", "woman")), room.pick(CLOTHES[room.split])
    raised = [[0.0, FOREVER]] if room.source.random() < 0.2 else []
    return {"kind": "person", "body": body, "clothes": clothes, "height": height, "arm_raised": raised}


def _true_height(room: Room) -> float:
    return room.uniform(0.8, 1.5) if room.source.random() < 0.3 else room.uniform(1.5, 2.02)


def _person(room: Room) -> None:
    x, y = room.place(0.9, 8)
    yaw = room.facing(x, y, 1.2)
    room.add("person", "person", true=True, position=(x, y), yaw=yaw, **_body(room, _true_height(room)))


def _person_behind(room: Room) -> None:
    """Behind a counter, or with something before it."""
    x, y = room.place(2, 7)
    room.add("person", "person", true=True, position=(x, y), yaw=room.facing(x, y), **_body(room, _true_height(room)))
    share, aside = room.uniform(0.3, 0.85), room.uniform(-0.35, 0.35)
    size = (0.3, room.uniform(0.25, 1.4), room.uniform(0.3, 1.0))
    position = (x * share + aside * y / math.hypot(x, y), y * share - aside * x / math.hypot(x, y))
    room.furnish(kind="box", position=position, yaw=math.atan2(-y, -x), size=size, texture="crate")


def _lying(room: Room) -> None:
    """On the floor, seen from the side; the renderer's people only stand and walk, so this is a cut-out."""
    x, y = room.place(1.5, 5)
    picture, height = room.pick(room.pictures["lying"]), room.uniform(0.4, 0.62)
    room.add("person", "lying person", true=True, kind="cutout", position=(x, y), yaw=room.facing(x, y, 0.3),
             picture=str(picture), height=height)  # fmt: skip


def _sign(room: Room) -> None:
    size = room.uniform(*TRUE_SIGN)
    x, y = room.place(0.9, 6)
    if room.source.random() < 0.5:
        middle = room.uniform(max(0.5, size / 2), 2.0)
        room.add("stop sign", "stop sign", true=True, kind="stop sign", position=(x, y), yaw=room.facing(x, y, 0.3),
                 size=size, middle=middle)  # fmt: skip
        return
    body = {**_body(room, room.uniform(1.5, 1.95)), "arm_raised": [[0.0, FOREVER]]}
    room.add("person", "person", true=True, position=(x, y), yaw=room.facing(x, y, 0.2), **body)
    holder = room.subjects[-1].name
    room.add("stop sign", "stop sign", true=True, kind="stop sign", held_by=holder, size=min(size, 0.6),
             middle=room.uniform(0.8, 1.3))  # fmt: skip


def _table(room: Room, near: float, far: float) -> tuple[float, float, float]:
    """A place on a box, or on the floor."""
    x, y = room.place(near, far)
    if room.source.random() < 0.3:
        return x, y, 0.0
    height = room.uniform(0.2, 1.1)
    size = (room.uniform(0.3, 0.7), room.uniform(0.3, 1.0), height)
    room.furnish(kind="box", position=(x, y), yaw=math.atan2(-y, -x), size=size, texture=room.pick(("crate", "wood")))
    return x, y, height


def _figurine(room: Room) -> None:
    x, y, z = _table(room, 0.4, 2.5)
    yaw, height = room.facing(x, y, 1.0), room.uniform(0.08, 0.36)
    room.add("person", "figurine", true=False, position=(x, y, z), yaw=yaw, **_body(room, height))


def _board(room: Room, label: str, origin: str, height: float, bottom: float, near: float, far: float) -> None:
    picture: Path = room.pick(room.pictures["sign" if label == "stop sign" else "poster"])
    pixels = cv2.imread(str(picture))
    width = height * pixels.shape[1] / pixels.shape[0]
    x, y = room.place(near, far)
    keys = {"position": (x, y, bottom + height / 2), "yaw": room.facing(x, y, 0.25)}
    room.add(label, origin, true=False, kind="board", picture=str(picture), width=width, height=height, **keys)
    if room.source.random() < 0.5:  # on a screen or a wall, not in the air
        behind = room.uniform(0.02, 0.05)
        yaw = keys["yaw"]
        at = (x - math.cos(yaw) * (0.04 + behind), y - math.sin(yaw) * (0.04 + behind), max(0.0, bottom - 0.1))
        texture = room.pick(("frame", "cardboard"))
        room.furnish(kind="box", position=at, yaw=yaw, size=(0.04, width + 0.3, height + 0.2), texture=texture)


def _small_poster(room: Room) -> None:
    _board(room, "person", "small picture", room.uniform(0.12, 0.42), room.uniform(0.1, 1.5), 0.5, 2.5)


def _lifesize_poster(room: Room) -> None:
    _board(room, "person", "life-size picture", room.uniform(1.4, 1.9), room.uniform(0.0, 0.3), 2, 6)


def _billboard(room: Room) -> None:
    _board(room, "person", "billboard", room.uniform(2.8, 5), room.uniform(0.0, 1.0), 5, 9.5)


def _printed_sign(room: Room) -> None:
    _board(room, "stop sign", "small printed sign", room.uniform(0.04, 0.13), room.uniform(0.2, 1.3), 0.35, 1.3)


def _giant_sign(room: Room) -> None:
    _board(room, "stop sign", "giant sign", room.uniform(1.4, 3), room.uniform(0.0, 1.5), 3, 9)


def _high(room: Room) -> None:
    x, y = room.place(3, 8)
    z = room.uniform(2.3, 3.5)
    room.add("person", "person high up", true=False, position=(x, y, z), yaw=room.facing(x, y),
             **_body(room, room.uniform(1.5, 1.9)))  # fmt: skip


def _giant(room: Room) -> None:
    x, y = room.place(4.5, 9.5)
    room.add("person", "giant", true=False, position=(x, y), yaw=room.facing(x, y), **_body(room, room.uniform(3, 4.5)))


def paint_look_alikes(folder: Path, split: Split) -> dict[str, Sequence[Path]]:
    """Write the pictures for boards and cut-outs of a split into a folder.

    Returns:
        Files by what they are: ``"poster"`` of a person, ``"sign"``, and ``"lying"`` person.
    """
    folder.mkdir(parents=True, exist_ok=True)
    sign = folder / "sign.png"
    cv2.imwrite(str(sign), paint_stop_sign()[..., ::-1])
    posters, lying = [], []
    for index, (name, (left, top, right, bottom)) in enumerate(POSTERS[split]):
        photo = cv2.imread(str(PHOTOS / name))
        posters.append(folder / f"poster {index}.png")
        cv2.imwrite(str(posters[-1]), photo[top:bottom, left:right])
    for index, clothes in enumerate(CLOTHES[split]):
        for body in ("man", "woman"):
            standing = _cut_out_person(body, clothes)
            lying.append(folder / f"lying {index} {body}.png")
            cv2.imwrite(str(lying[-1]), cv2.rotate(standing, cv2.ROTATE_90_CLOCKWISE))
            posters.append(folder / f"rendered {index} {body}.png")
            opaque = standing[..., 3:] / 255
            cv2.imwrite(str(posters[-1]), (standing[..., :3] * opaque + 205 * (1 - opaque)).astype(np.uint8))
    return {"poster": posters, "sign": (sign,), "lying": lying}


def _cut_out_person(body: str, clothes: str) -> NDArray[np.uint8]:
    """A rendered person without anything around it, BGRA."""
    person = {"kind": "person", "name": "p", "position": (3.0, 0.0), "yaw": "180 deg", "body": body, "clothes": clothes}
    surroundings = {"panorama": "none", "floor": None}
    scene = Scene.model_validate({"name": "one", "duration": 1, "surroundings": surroundings, "objects": [person]})
    ahead = np.array([[0.0, 0, 1, 0], [-1, 0, 0, 0], [0, -1, 0, 0.9], [0, 0, 0, 1]])
    picture = Renderer(scene).render(Pinhole(640, 640, 900, 900, 320, 320), ahead, 0.0, depth=True)
    solid = np.asarray(picture.depth) > 0
    rows, columns = np.flatnonzero(solid.any(axis=1)), np.flatnonzero(solid.any(axis=0))
    area = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    alpha = np.where(solid, 255, 0).astype(np.uint8)
    return np.dstack([picture.image[area][..., ::-1], alpha[area]])
