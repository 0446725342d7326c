"""Cards in five scenes of the simulator, through fisheye cameras, at several distances and bearings."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.card_pictures import PRINTED
from models import Box, Detector
from models.evaluation import intersection_over_union
from simulator.calibration import STANDING_HEIGHT, CameraCalibration, KannalaBrandt, SpotCalibration
from simulator.rendering import Renderer
from simulator.scene import Scene
from spot_agent.cameras import Upright, roll_of

DISTANCES = (1.0, 2.0, 3.0, 4.0, 5.0)
"""Metres from the camera to the card's middle, along the ground."""
BEARINGS = (-30.0, 0.0, 30.0)
"""Degrees from the camera's axis."""
CARD_YAWS = (-25.0, 0.0, 15.0)
"""Degrees by which the card is turned away from the camera; one for each bearing."""
CAMERAS = ("frontleft", "left", "back")
A4 = (0.210, 0.297)
"""Width and height in metres."""
CARD_MIDDLE = 0.6
"""Height of the card's middle over the ground in metres: Spot's cameras look downwards."""
LENS = (0.02, -0.012, 0.004, -0.001)
"""k1 to k4 of a plausible fisheye; the recorded calibration has none."""
_STAY = 10.0
"""Seconds for which the card stays at one place; motion is smoothed, so the middle of them is taken."""
OVERLAP = 0.5


@dataclass(frozen=True)
class Found:
    """How many cards were found in one scene at one distance, in single frames.

    Attributes:
        scene: Its name.
        distance: Metres.
        mode: ``"grey"`` or ``"colour"``.
        cards: How many there were.
        found: How many were found: label right, overlap of 0.5 or more.
        wrong: Detections that were no card, or had another label or place.
    """

    scene: str
    distance: float
    mode: str
    cards: int
    found: int
    wrong: int


@dataclass(frozen=True)
class Place:
    """Where the card is shown, and from which camera it is looked at."""

    camera: str
    distance: float
    bearing: float
    turn: float


def find_cards(detector: Detector, cards: Path | None) -> list[Found]:
    """Show every card at every place in every scene.

    Args:
        detector: What looks.
        cards: Folder of the cards' pictures; ``None`` is the shipped ones.
    """
    tally: dict[tuple[str, float, str], list[int]] = {}
    for scene, picture in itertools.product(SCENES, sorted((cards or PRINTED).glob("*.png"))):
        for place, image, box in _frames(scene, picture):
            for mode in ("grey", "colour"):
                shown = image if mode == "colour" else np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), np.uint8)
                said = detector.detect([shown])[0]
                right = [
                    one for one in said
                    if one.label == picture.stem and intersection_over_union(one.box, box) >= OVERLAP
                ]  # fmt: skip
                counts = tally.setdefault((scene, place.distance, mode), [0, 0, 0])
                counts[0] += 1
                counts[1] += bool(right)
                counts[2] += len(said) - bool(right)
    return [Found(*key, *counts) for key, counts in tally.items()]


def _frames(scene: str, picture: Path) -> Iterator[tuple[Place, NDArray[np.uint8], Box]]:
    """Give the upright picture of each place, and the box of the card in it."""
    calibration = SpotCalibration.load()
    body = np.eye(4)
    body[2, 3] = STANDING_HEIGHT
    places = [
        Place(camera, distance, bearing, turn)
        for camera in CAMERAS
        for distance in DISTANCES
        for bearing, turn in zip(BEARINGS, CARD_YAWS, strict=True)
    ]
    poses = {name: body @ calibration[name].body_tform_fisheye for name in CAMERAS}
    stands = [_stand(place, poses[place.camera]) for place in places]
    renderer = Renderer(Scene.model_validate(_with_card(SCENES[scene], picture, stands)))
    for number, (place, stand) in enumerate(zip(places, stands, strict=True)):
        lens = fisheye(calibration[place.camera])
        pose = poses[place.camera]
        sensor = renderer.render(lens, pose, (number + 0.5) * _STAY).image
        upright = Upright.by_roll(roll_of(pose), lens.width, lens.height)
        pixels = _project(lens, pose, _corners(stand)) @ upright.to_upright[:, :2].T + upright.to_upright[:, 2]
        yield place, upright.apply(sensor), Box(*pixels.min(axis=0).tolist(), *pixels.max(axis=0).tolist())


Stand = tuple[float, float, float]
"""x and y of the card's middle in metres, and the direction that it faces in radians."""


def _stand(place: Place, pose: NDArray[np.float64]) -> Stand:
    direction = math.atan2(pose[1, 2], pose[0, 2]) - math.radians(place.bearing)
    x = pose[0, 3] + place.distance * math.cos(direction)
    y = pose[1, 3] + place.distance * math.sin(direction)
    return x, y, direction + math.pi + math.radians(place.turn)


def _corners(stand: Stand) -> NDArray[np.float64]:
    """The card's outline in the world, N×3."""
    x, y, yaw = stand
    across = np.array([-math.sin(yaw), math.cos(yaw), 0.0]) * A4[0] / 2
    up = np.array([0.0, 0.0, A4[1] / 2])
    corners = [across + up, -across + up, -across - up, across - up]
    return np.array([x, y, CARD_MIDDLE]) + np.array(corners)


def fisheye(camera: CameraCalibration) -> KannalaBrandt:
    """Give one of Spot's cameras a fisheye's distortion."""
    pinhole = camera.fisheye
    return KannalaBrandt(
        pinhole.width, pinhole.height, pinhole.focal_x, pinhole.focal_y, pinhole.centre_x, pinhole.centre_y, *LENS
    )


def _project(lens: KannalaBrandt, pose: NDArray[np.float64], points: NDArray[np.float64]) -> NDArray[np.float64]:
    seen = (points - pose[:3, 3]) @ pose[:3, :3]
    camera = np.array([[lens.focal_x, 0, lens.centre_x], [0, lens.focal_y, lens.centre_y], [0, 0, 1]])
    coefficients = np.array([lens.k1, lens.k2, lens.k3, lens.k4])
    pixels, _ = cv2.fisheye.projectPoints(seen[:, np.newaxis], np.zeros(3), np.zeros(3), camera, coefficients)
    return np.asarray(pixels[:, 0])


def _with_card(scene: Mapping[str, Any], picture: Path, stands: list[Stand]) -> dict[str, Any]:
    motion = [
        {
            "at": number * _STAY + moment,
            "position": [round(x, 4), round(y, 4), CARD_MIDDLE],
            "yaw": f"{math.degrees(yaw):.3f} deg",
        }
        for number, (x, y, yaw) in enumerate(stands)
        for moment in (0.0, _STAY - 1)
    ]
    card = {
        "kind": "board", "name": "card", "picture": str(picture), "width": A4[0], "height": A4[1], "motion": motion,
    }  # fmt: skip
    return {**scene, "duration": len(stands) * _STAY, "objects": [*scene.get("objects", ()), card]}


def _wall(name: str, start: list[float], end: list[float], texture: str = "wall") -> dict[str, Any]:
    return {"kind": "wall", "name": name, "start": start, "end": end, "texture": texture}


def _room(reach: float, texture: str) -> list[dict[str, Any]]:
    corners = [[reach, reach], [reach, -reach], [-reach, -reach], [-reach, reach]]
    ends = zip(corners, corners[1:] + corners[:1], strict=True)
    return [_wall(f"wall {number}", start, end, texture) for number, (start, end) in enumerate(ends)]


def _standing(kind: str, name: str, x: float, y: float, **more: object) -> dict[str, Any]:
    return {"kind": kind, "name": name, "position": [round(x, 3), round(y, 3)], **more}


SCENES: Mapping[str, Mapping[str, Any]] = {
    "meadow": {"name": "meadow", "surroundings": {"panorama": "park", "floor": None}},
    "terrace": {"name": "terrace", "surroundings": {"panorama": "park", "floor": {"texture": "tiles"}, "light": 1.2}},
    "white room": {
        "name": "white room",
        "surroundings": {
            "panorama": "none",
            "floor": {"texture": "concrete", "size": [14, 14]},
            "ceiling": {"texture": "ceiling", "size": [14, 14], "height": 2.8},
        },
        "objects": [
            *_room(6.5, "wall"),
            *(
                {"kind": "board", "name": f"poster {number}", "picture": picture, "position": [*place, 1.0],
                 "yaw": f"{yaw} deg", "width": 0.6, "height": 0.8}
                for number, (picture, place, yaw) in enumerate([
                    ("notice", [6.3, 1.5], 180), ("poster map", [6.3, -2], 180), ("notice", [1, 6.3], 270),
                    ("poster abstract", [-1, 6.3], 270), ("notice", [-6.3, 1], 0), ("poster mountains", [-6.3, -2], 0),
                ])
            ),
        ],
    },
    "lobby at dusk": {
        "name": "lobby at dusk",
        "surroundings": {"panorama": "lobby", "floor": {"texture": "wood", "size": [16, 16]}, "light": 0.5},
        "objects": [
            _standing("box", "crate", 5.8, -2.5, size=[0.8, 0.8, 0.8]),
            _standing("box", "parcel", -5.9, 1.8, size=[0.5, 0.6, 0.45], texture="cardboard"),
            _standing("ball", "ball", 2.0, -5.5),
        ],
    },
    "crowd": {
        "name": "crowd",
        "surroundings": {"panorama": "lobby", "floor": {"texture": "asphalt", "size": [16, 16]}},
        "objects": [
            *_room(7.5, "wall blue"),
            *(
                _standing("person", f"person {number}", 6.2 * math.cos(turn), 6.2 * math.sin(turn),
                          body=("man", "woman")[number % 2], clothes=("office", "workshop", "street")[number % 3],
                          yaw=f"{math.degrees(turn) + 150:.0f} deg")
                for number, turn in enumerate(np.linspace(0, 2 * math.pi, 12, endpoint=False).tolist())
            ),
        ],
    },
}  # fmt: skip
"""Five scenes. Neither panorama was among the backgrounds that the model learned from."""
