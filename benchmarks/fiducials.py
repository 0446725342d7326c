"""From how far AprilTags are read through Spot's fisheyes, how often something else is taken for one, and the time.

    python -m benchmarks.fiducials [--json]

Tags of 0.146 m, Spot's own, and of 0.3 m stand in the simulator before its five cameras; the pictures are grey, with
noise and blur. Photographs without tags are looked at in four turns.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from models import Detector, load_detector
from simulator.calibration import CAMERA_NAMES, STANDING_HEIGHT, SpotCalibration
from simulator.rendering import Renderer
from simulator.scene import Scene

PHOTOS = Path(__file__).parents[1] / "tests" / "data" / "photos"
DISTANCES = (1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0)  # m from the camera
LOOKS = 40  # pictures at each distance
NOISE, BLUR = 3.0, 0.6  # grey levels, px
HALF_VIEW = math.radians(30)  # from the middle of the picture
STEEPEST = math.radians(45)  # between the tag's normal and the line of sight
NUMBER = 350
SCENE = """
name: tag
duration: 1 s
starts: at launch
surroundings:
  panorama: park
  floor: {{texture: tiles, centre: [0, 0], size: [30, 30]}}
objects:
  - {{kind: wall, name: wall, start: [-0.1, 8], end: [-0.1, -8]}}
  - {{kind: apriltag, name: tag, id: {number}, position: [0, 0, 0.6], yaw: 0 deg, size: {size}}}
"""


def read_shares(detector: Detector, size: float) -> dict[float, float]:
    """The share of pictures in which a tag of a size is read, for each distance."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tag.yaml"
        path.write_text(SCENE.format(number=NUMBER, size=size))
        renderer = Renderer(Scene.load(path))
    source = np.random.default_rng(1)
    shares = {}
    for distance in DISTANCES:
        looks = [look(renderer, CAMERA_NAMES[index % 5], distance, source) for index in range(LOOKS)]
        found = detector.detect(looks)
        shares[distance] = sum(any(each.label == f"tag {NUMBER}" for each in one) for one in found) / LOOKS
    return shares


def look(renderer: Renderer, camera: str, distance: float, source: np.random.Generator) -> NDArray[np.uint8]:
    """What a camera of a standing robot sees, somewhere at a distance before the tag."""
    mounted = SpotCalibration.load()[camera]
    steep = source.uniform(-STEEPEST, STEEPEST)
    ahead = mounted.body_tform_fisheye[:2, 2]
    # The camera looks at the tag, or past it by as much as half a view.
    yaw = math.atan2(-math.sin(steep), -math.cos(steep)) + source.uniform(-HALF_VIEW, HALF_VIEW)
    body = np.eye(4)
    turn = yaw - math.atan2(ahead[1], ahead[0])
    body[:2, :2] = [[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]]
    body[2, 3] = STANDING_HEIGHT
    pose = body @ mounted.body_tform_fisheye
    pose[:2, 3] = distance * math.cos(steep), distance * math.sin(steep)
    picture = renderer.render(mounted.fisheye, pose, 0.0, colour=False, depth=False).image
    spoilt = cv2.GaussianBlur(picture, (0, 0), BLUR) + source.normal(0, NOISE, picture.shape)
    return np.clip(spoilt, 0, 255).astype(np.uint8)


def false_finds(detector: Detector, photos: Sequence[NDArray[np.uint8]]) -> int:
    """How many tags are read where there are none."""
    turned = [np.ascontiguousarray(np.rot90(photo, turns)) for photo in photos for turns in range(4)]
    return sum(map(len, detector.detect(turned)))


def milliseconds(detector: Detector, photos: Sequence[NDArray[np.uint8]]) -> list[float]:
    """Processor time for each photograph at 640×480, on one thread: the best of five."""
    cv2.setNumThreads(1)
    times = []
    for photo in photos:
        picture = cv2.resize(photo, (640, 480))
        laps = []
        for _ in range(5):
            began = time.process_time()
            detector.detect([picture])
            laps.append((time.process_time() - began) * 1e3)
        times.append(min(laps))
    return times


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    as_json = parser.parse_args().json
    detector = load_detector("fiducials")
    photos = [cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB) for path in sorted(PHOTOS.glob("*.jpg"))]
    shares = {size: read_shares(detector, size) for size in (0.146, 0.3)}
    wrong, times = false_finds(detector, photos), milliseconds(detector, photos)
    if as_json:
        json.dump({
            "read": shares, "false": wrong, "pictures": 4 * len(photos), "ms": {
                "median": float(np.median(times)), "most": max(times)},
        }, sys.stdout)  # fmt: skip
        return
    table = Table("tag", *(f"{distance:g} m" for distance in DISTANCES), title="Read, of 40 pictures each")
    for size, row in shares.items():
        table.add_row(f"{size:g} m", *(f"{share:.0%}" for share in row.values()))
    console = Console()
    console.print(table)
    console.print(f"{wrong} tags read in {4 * len(photos)} pictures without any")
    console.print(f"{np.median(times):.0f} ms of processor time for a picture of 640×480, at most {max(times):.0f} ms")


if __name__ == "__main__":
    main()
