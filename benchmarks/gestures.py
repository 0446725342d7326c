"""How well people and their gestures are told: rendered people, real photographs, a real video; and how fast.

    python -m benchmarks.gestures [PART ...] [--half test] [--size 352x448] [--skip 400]

| part | what is told |
|---|---|
| ``rendered`` | rendered people with variants of each gesture, turned by up to 30°, and people without any |
| ``posed`` | rendered people who face the camera and hold the textbook's form of each gesture |
| ``away`` | as ``rendered``, seen from behind |
| ``spot`` | through Spot's front cameras, in grey, by distance |
| ``waving`` | rendered people who wave, and who walk by |
| ``photos`` | the labelled photographs |
| ``time`` | how long one picture takes, by the size of the network's input |
| a video file | how often a gesture is said of people who make none; ``tests/data/videos/pedestrians.mp4`` is one |

Without names, all but the last. How exactly people are found is told by ``python -m benchmarks.objects people``.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from benchmarks.gesture_counts import LEVELS, in_grey, judge, labels_in, shade
from benchmarks.gesture_distances import spot
from benchmarks.gesture_photos import photos, video
from benchmarks.gesture_pictures import GESTURES, Half, shots
from benchmarks.gesture_waving import waving
from models import Detection, Detector, InputSize, load_detector

PARTS = ("rendered", "posed", "away", "spot", "waving", "photos", "time")
SIZES = ("256x256", "256x320", "352x448", "480x640")
CONSOLE = Console(width=120)


def detector_of(size: str | None, threads: int = 2) -> Detector:
    """Load the detector at another size than its card says."""
    if size is None:
        return load_detector("people", threads=threads)
    height, width = (int(number) for number in size.split("x"))
    return load_detector("people", threads=threads, input_size=InputSize(height, width))


def rendered(detector: Detector, half: Half, *, away: bool = False) -> None:
    """Print precision and recall on rendered people."""
    shown: list[str | None] = []
    seen: dict[bool, list[list[Detection]]] = {False: [], True: []}
    for shot in shots(half, away=away):
        shown.append(shot.gesture)
        for grey, detections in seen.items():
            detections += detector.detect([in_grey(shot.image) if grey else shot.image])
    back = ", seen from behind" if away else ""
    title = f"rendered people, {half}{back}: precision / recall"
    table = Table("gesture", *(f"{shade(grey)}, {level}" for grey in seen for level in LEVELS), title=title)
    scores = [judge(shown, [labels_in(found, level) for found in seen[grey]]) for grey in seen for level in LEVELS]
    for label in GESTURES:
        table.add_row(label, *(score[label].words for score in scores))
    CONSOLE.print(table)
    print(f"{len(shown)} pictures, {shown.count(None)} of them without a gesture")
    for grey, detections in seen.items():
        print(f"nobody found in {sum(not found for found in detections)}, {shade(grey)}")


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


def run(part: str, detector: Detector, half: Half, skip: int) -> None:
    """Run one part, or a video file."""
    match part:
        case "rendered" | "away":
            rendered(detector, half, away=part == "away")
        case "posed":
            rendered(detector, "posed")
        case "spot":
            spot(detector, half, CONSOLE)
        case "waving":
            waving(detector, half, CONSOLE)
        case "photos":
            photos(detector)
        case "time":
            times()
        case _:
            video(detector, Path(part), skip)


def main() -> int:
    """Run what is named."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.gestures")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"{', '.join(PARTS)}, or a video file")
    parser.add_argument("--half", choices=("dev", "test"), default="test")
    parser.add_argument("--size", help="size of the network's input, such as 256x320; by default as the card says")
    parser.add_argument("--skip", type=int, default=0, metavar="N", help="leave out the first N frames of a video")
    options = parser.parse_args()
    for part in options.parts:
        if part not in PARTS and not Path(part).is_file():
            parser.error(f"there is no part {part!r}")
    detector = detector_of(options.size)
    for part in options.parts or PARTS:
        run(part, detector, options.half, options.skip)
    return 0


if __name__ == "__main__":
    sys.exit(main())
