"""How well people and their gestures are told: rendered people, real photographs, a real video; and how fast.

    python -m benchmarks.gestures [PART ...] [--half test] [--size 352x448]

The parts are ``rendered``, ``away``, ``spot``, ``waving``, ``photos``, ``time`` and a video file; without names, all
but the last. The video is ``vtest.avi`` of OpenCV's samples: people who walk and stand about and hardly make a gesture,
so that each gesture found there is most likely wrong.
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from benchmarks.gesture_pictures import GESTURES, HALVES, Half, camera_pose, make_scene, shots
from models import Detection, Detector, InputSize, load_detector
from models.evaluation import compare, read_truth
from models.gestures import PERSON, Moment, WaveWatch
from simulator.calibration import STANDING_HEIGHT, SpotCalibration
from simulator.rendering import Renderer
from spot_agent.cameras.upright import Upright, roll_of

PHOTOS = Path(__file__).parents[1] / "tests" / "data" / "photos"
SPOT_DISTANCES = (2.0, 3.0, 4.0, 5.0, 6.0, 8.0)
SIZES = ("256x256", "256x320", "352x448", "480x640")
LEVELS = (0.2, 0.3)
"""Lowest scores of a gesture: that of the detector, and one that rules may ask for."""

WAVE_RATE = 15
"""Pictures a second of people who wave; slower rates leave some out."""
CONSOLE = Console()


@dataclass(frozen=True)
class Score:
    """How one gesture fared."""

    right: int
    missed: int
    wrong: int

    @property
    def words(self) -> str:
        """Precision and recall."""
        found, said = self.right + self.missed, self.right + self.wrong
        recall = f"{self.right / found:.2f}" if found else "-"
        precision = f"{self.right / said:.2f}" if said else "-"
        return f"{precision} / {recall}"


def detector_of(size: str | None, threads: int = 2) -> Detector:
    """Load the detector at another size than its card says."""
    if size is None:
        return load_detector("people", threads=threads)
    height, width = (int(number) for number in size.split("x"))
    return load_detector("people", threads=threads, input_size=InputSize(height, width))


def in_grey(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Take the colour out of a picture."""
    return np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), np.uint8)


def labels_in(detections: Sequence[Detection], at_least: float) -> set[str]:
    """Every gesture of whoever is found best."""
    best = next((detection for detection in detections if detection.label == PERSON), None)
    if best is None:
        return set()
    found = {detection.label for detection in detections if detection.box == best.box and detection.score >= at_least}
    return found - {PERSON}


def judge(shown: Sequence[str | None], found: Sequence[set[str]]) -> dict[str, Score]:
    """Compare what is found with what is shown, by gesture."""
    right: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    for gesture, labels in zip(shown, found, strict=True):
        expected = {gesture} if gesture else set[str]()
        right.update(labels & expected)
        missed.update(expected - labels)
        wrong.update(labels - expected)
    return {label: Score(right[label], missed[label], wrong[label]) for label in GESTURES}


def rendered(detector: Detector, half: Half, *, away: bool) -> None:
    """Print precision and recall on rendered people."""
    shown: list[str | None] = []
    seen: dict[bool, list[list[Detection]]] = {False: [], True: []}
    for shot in shots(half, away=away):
        shown.append(shot.gesture)
        for grey, detections in seen.items():
            detections += detector.detect([in_grey(shot.image) if grey else shot.image])
    back = ", seen from behind" if away else ""
    title = f"rendered people, {half}{back}: precision / recall"
    table = Table("gesture", *(f"{_shade(grey)}, {level}" for grey in seen for level in LEVELS), title=title)
    scores = [judge(shown, [labels_in(found, level) for found in seen[grey]]) for grey in seen for level in LEVELS]
    for label in GESTURES:
        table.add_row(label, *(score[label].words for score in scores))
    CONSOLE.print(table)
    for grey, detections in seen.items():
        nobody = sum(not found for found in detections)
        print(f"{len(shown)} pictures, {_shade(grey)}; nobody found in {nobody}")


def _shade(grey: bool) -> str:
    return "grey" if grey else "colour"


def spot(detector: Detector, half: Half) -> None:
    """Print what is told through Spot's own front cameras, by distance; the surer of both counts."""
    around = HALVES[half]
    body, clothes = around.people[0]
    table = Table("gesture", *(f"{distance:g} m" for distance in SPOT_DISTANCES), title=f"Spot's front cameras, {half}")
    for gesture in GESTURES:
        span = {"gesture": gesture, "between": [1, 4], "variant": around.variants[0]}
        cells = []
        for distance in SPOT_DISTANCES:
            yaw = 180 + (90 if gesture == "lying down" else 0)
            person = {"body": body, "clothes": clothes, "gestures": [span]}
            scene = Renderer(make_scene(around.panorama, person, distance, yaw))
            found = [detection for image in front_pictures(scene) for detection in detector.detect([image])[0]]
            people = max((detection.score for detection in found if detection.label == PERSON), default=0.0)
            labels = {detection.label for detection in found} - {PERSON}
            cells.append(f"{people:.2f} {'yes' if gesture in labels else '-'} {', '.join(labels - {gesture})}".strip())
        table.add_row(gesture, *cells)
    CONSOLE.print(table)


def front_pictures(scene: Renderer) -> Iterator[NDArray[np.uint8]]:
    """What the front cameras of a standing robot at the origin see at 2 s, upright."""
    standing = np.eye(4)
    standing[2, 3] = STANDING_HEIGHT
    for name in ("frontleft", "frontright"):
        camera = SpotCalibration.load()[name]
        pose = np.asarray(standing @ camera.body_tform_fisheye)
        sensor = scene.render(camera.fisheye, pose, 2.0).image
        yield Upright.by_roll(roll_of(pose), camera.fisheye.width, camera.fisheye.height).apply(sensor)


def waving(detector: Detector, half: Half) -> None:
    """Print how soon and how often waving is seen, and whether it is seen of people who walk by."""
    around = HALVES[half]
    body, clothes = around.people[0]
    waves: list[list[Moment]] = []
    walks: list[list[Moment]] = []
    for distance in around.distances:
        for turn in around.turns[:1]:
            person = {"body": body, "clothes": clothes}
            span = {"gesture": "waving", "between": [1, 6], "variant": around.variants[-1]}
            scene = make_scene(around.panorama, {**person, "gestures": [span]}, distance, 180 + turn)
            waves.append(list(poses(detector, Renderer(scene), half)))
            side = math.copysign(1.5, turn)
            path = [{"at": 0, "position": [distance, side]}, {"at": 5, "position": [distance, -side]}]
            scene = make_scene(around.panorama, {**person, "motion": path}, distance, 0)
            walks.append(list(poses(detector, Renderer(scene), half)))
    table = Table("pictures a second", "waves seen in 4 s", "median s", "walkers who 'wave'", title=f"waving, {half}")
    for step in (5, 3, 2, 1):
        delays = [first_wave(wave[start::step]) for wave in waves for start in range(step)]
        walkers = [first_wave(walk[start::step]) for walk in walks for start in range(step)]
        seen = [delay for delay in delays if delay is not None]
        false = sum(delay is not None for delay in walkers)
        median = f"{np.median(seen):.1f}" if seen else "-"
        table.add_row(f"{WAVE_RATE / step:g}", f"{len(seen)} of {len(delays)}", median, f"{false} of {len(walkers)}")
    CONSOLE.print(table)


def poses(detector: Detector, renderer: Renderer, half: Half) -> Iterator[Moment]:
    """Watch the person of a scene from 1 s to 5 s."""
    for moment in np.arange(1, 5, 1 / WAVE_RATE).tolist():
        image = renderer.render(HALVES[half].camera, camera_pose(), moment).image
        people = [found for found in detector.detect([image])[0] if found.label == PERSON]
        if people and people[0].pose is not None:
            yield Moment(moment - 1, people[0].pose)


def first_wave(history: Sequence[Moment]) -> float | None:
    """Tell when somebody first waves, in seconds; ``None`` if never."""
    watch = WaveWatch()
    return next((moment.time for moment in history if watch.update(moment.time, moment.pose)), None)


def photos(detector: Detector) -> None:
    """Print who is found in the labelled photographs; nobody in them holds a gesture but those that are named."""
    truth = read_truth(PHOTOS / "labels.yaml")
    for grey in (False, True):
        found = missed = surplus = 0
        gestures: list[str] = []
        for name, things in truth.items():
            image = np.asarray(cv2.cvtColor(cv2.imread(str(PHOTOS / name)), cv2.COLOR_BGR2RGB), np.uint8)
            detections = detector.detect([in_grey(image) if grey else image])[0]
            people = [detection for detection in detections if detection.label == PERSON]
            result = compare(people, [thing for thing in things if thing.label == PERSON])
            found, missed = found + len(result.found), missed + len(result.missed)
            surplus += len(result.surplus)
            gestures += [f"{d.label} ({name}, {d.score:.2f})" for d in detections if d.label != PERSON]
        print(
            f"photographs, {_shade(grey)}: {found} of {found + missed} people, {surplus} too many; gestures: {gestures}"
        )


def video(detector: Detector, path: Path) -> None:
    """Print how often a gesture is said of people who make none, in single pictures and in two one after another."""
    people, once, twice = 0, Counter[str](), Counter[str]()
    before: list[Detection] = []
    for image in frames(path):
        detections = detector.detect([image])[0]
        people += sum(detection.label == PERSON for detection in detections)
        gestures = [detection for detection in detections if detection.label != PERSON]
        once.update(gesture.label for gesture in gestures)
        twice.update(gesture.label for gesture in gestures if any(_again(gesture, other) for other in before))
        before = gestures
    print(f"{path.name}: {people} people in all pictures")
    print(f"  gestures in single pictures: {dict(once)} ({sum(once.values()) / people:.2%} of the people)")
    print(f"  the same in two one after another: {dict(twice)} ({sum(twice.values()) / people:.2%})")


def frames(path: Path) -> Iterator[NDArray[np.uint8]]:
    """Every picture of a video, RGB."""
    source = cv2.VideoCapture(str(path))
    while True:
        there, image = source.read()
        if not there:
            return
        yield np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2RGB), np.uint8)


def _again(gesture: Detection, other: Detection) -> bool:
    """Tell whether somebody in the same place said the same a picture ago."""
    (x, y), (other_x, other_y) = gesture.box.centre, other.box.centre
    near = max(abs(x - other_x), abs(y - other_y)) < gesture.box.height / 4
    return gesture.label == other.label and near


def times() -> None:
    """Print how long one picture of 640×480 takes, the best and the median of many."""
    image = np.random.default_rng(0).integers(0, 255, (480, 640, 3), dtype=np.uint8)
    table = Table("size", "precision", "1 thread: best / median ms", "2 threads", title="time")
    for size in SIZES:
        height, width = (int(number) for number in size.split("x"))
        for precision in ("float32", "int8-dynamic"):
            cells = []
            for threads in (1, 2):
                detector = load_detector(
                    "people", threads=threads, precision=precision, input_size=InputSize(height, width)
                )
                cells.append(_best_and_median(detector, image))
            table.add_row(size, precision, *cells)
    CONSOLE.print(table)


def _best_and_median(detector: Detector, image: NDArray[np.uint8]) -> str:
    taken = []
    for _ in range(40):
        start = time.perf_counter()
        detector.detect([image])
        taken.append(1e3 * (time.perf_counter() - start))
    return f"{min(taken):.1f} / {np.median(taken):.1f}"


def main() -> int:
    """Run what is named."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.gestures")
    parser.add_argument(
        "parts", nargs="*", metavar="PART", help="rendered, away, spot, waving, photos, time, or a video file"
    )
    parser.add_argument("--half", choices=("dev", "test"), default="test")
    parser.add_argument("--size", help="size of the network's input, such as 256x320; by default as the card says")
    options = parser.parse_args()
    parts = options.parts or ["rendered", "away", "spot", "waving", "photos", "time"]
    detector = detector_of(options.size)
    for part in parts:
        match part:
            case "rendered" | "away":
                rendered(detector, options.half, away=part == "away")
            case "spot":
                spot(detector, options.half)
            case "waving":
                waving(detector, options.half)
            case "photos":
                photos(detector)
            case "time":
                times()
            case _ if Path(part).is_file():
                video(detector, Path(part))
            case _:
                parser.error(f"there is no part {part!r}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
