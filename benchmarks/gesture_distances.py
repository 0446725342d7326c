"""What is told through Spot's own front cameras, in grey, by how far away the person stands."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from benchmarks.gesture_counts import Score, in_grey, judge, labels_in
from benchmarks.gesture_pictures import GESTURES, HALVES, Half, make_scene
from models import Detector
from models.gestures import PERSON
from simulator.calibration import STANDING_HEIGHT, SpotCalibration
from simulator.rendering import Renderer
from spot_agent.cameras.upright import Upright, roll_of

DISTANCES = (2.0, 3.0, 4.0, 5.0, 6.0, 8.0)
HELD = 2.0
"""Scene time, in seconds, at which a gesture is held."""


def spot(detector: Detector, half: Half, console: Console) -> None:
    """Print how often each gesture is told at each distance; what either camera says counts."""
    columns = [at_distance(detector, half, distance) for distance in DISTANCES]
    title = f"Spot's front cameras, grey, {half}: precision / recall"
    table = Table("gesture", *(f"{distance:g} m" for distance in DISTANCES), title=title)
    for gesture in GESTURES:
        table.add_row(gesture, *(scores[gesture].words for scores, _ in columns))
    totals = [
        Score(*(sum(getattr(score, kind) for score in scores.values()) for kind in ("right", "missed", "wrong")))
        for scores, _ in columns
    ]
    table.add_row("all", *(total.words for total in totals))
    table.add_row("person found", *(seen for _, seen in columns))
    console.print(table)


def at_distance(detector: Detector, half: Half, distance: float) -> tuple[dict[str, Score], str]:
    """Judge everybody at one distance, with each gesture and with none, and count who was found at all."""
    shown: list[str | None] = []
    found: list[set[str]] = []
    seen = 0
    for gesture, renderer in scenes(half, distance):
        pictures = [detector.detect([image])[0] for image in front_pictures(renderer)]
        shown.append(gesture)
        found.append(set().union(*(labels_in(detections) for detections in pictures)))
        seen += any(detection.label == PERSON for detections in pictures for detection in detections)
    return judge(shown, found), f"{seen} of {len(shown)}"


def scenes(half: Half, distance: float) -> Iterator[tuple[str | None, Renderer]]:
    """Each gesture and none, at each turn of a half, its people by turns."""
    around = HALVES[half]
    for gesture in (*GESTURES, None):
        for number, turn in enumerate(around.turns):
            body, clothes = around.people[number % len(around.people)]
            variant = around.variants[number % len(around.variants)]
            spans = [{"gesture": gesture, "between": [1, 4], "variant": variant}] if gesture else []
            yaw = 180 + turn + (90 if gesture == "lying down" else 0)
            person = {"body": body, "clothes": clothes, "gestures": spans}
            yield gesture, Renderer(make_scene(around.panorama, person, distance, yaw))


def front_pictures(scene: Renderer) -> Iterator[NDArray[np.uint8]]:
    """What the front cameras of a standing robot at the origin see, upright and in grey."""
    standing = np.eye(4)
    standing[2, 3] = STANDING_HEIGHT
    for name in ("frontleft", "frontright"):
        camera = SpotCalibration.load()[name]
        pose = np.asarray(standing @ camera.body_tform_fisheye)
        sensor = in_grey(scene.render(camera.fisheye, pose, HELD).image)
        yield Upright.by_roll(roll_of(pose), camera.fisheye.width, camera.fisheye.height).apply(sensor)
