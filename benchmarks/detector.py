"""How fast the object detector is, and what it finds in the labelled photos.

    python benchmarks/detector.py [--json] [--seconds 3] [--keras]

``--keras`` also times the Keras model itself, which loads TensorFlow.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from models import Detector, Precision, load_detector, model_card
from models.evaluation import compare, read_truth
from models.heads import NanoDetHead
from models.letterbox import letterbox
from models.litert.cache import exported_model
from models.litert.runner import LitertRunner
from models.network_detector import NetworkDetector
from models.registry import ZOO

PHOTOS = Path(__file__).parents[1] / "tests" / "data" / "photos"
MODEL = "objects"
PRECISIONS: tuple[Precision, ...] = ("float32", "int8-dynamic")


@dataclass(frozen=True)
class Timing:
    """How long one thing took, in milliseconds; the best is what a machine without other work would show."""

    name: str
    best_ms: float
    median_ms: float
    p95_ms: float
    runs: int


@dataclass(frozen=True)
class Found:
    """What was found in all labelled photos, at the card's threshold and an overlap of 0.5."""

    precision: Precision
    mode: Literal["colour", "grey"]
    people: str
    all_things: str
    surplus: int
    false_alarms_on_empty_photos: int


def measure(name: str, action: Callable[[], object], seconds: float) -> Timing:
    """Repeat an action for some time, after two runs to warm up."""
    action()
    action()
    times: list[float] = []
    end = time.perf_counter() + seconds
    while time.perf_counter() < end or len(times) < 10:
        start = time.perf_counter()
        action()
        times.append((time.perf_counter() - start) * 1e3)
    return _timing(name, times)


def _timing(name: str, times: list[float]) -> Timing:
    best, median, p95 = np.percentile(times, (0, 50, 95)).tolist()
    return Timing(name, best, median, p95, len(times))


def litert_timings(photo: NDArray[np.uint8], seconds: float) -> list[Timing]:
    """Time the exported model alone, and the whole detector around it."""
    size = model_card(MODEL).defaults.input_size
    canvas = letterbox(photo, size.height, size.width).canvas[np.newaxis]
    timings = [measure("letterbox 640x480", lambda: letterbox(photo, size.height, size.width), seconds / 3)]
    for precision in PRECISIONS:
        exported = exported_model(ZOO / MODEL / "model.keras", size, precision)
        for threads in (1, 2):
            name = f"{precision}, {threads} thread{'s' * (threads > 1)}"
            runner = LitertRunner(exported, threads=threads)
            timings.append(measure(f"LiteRT {name}", lambda runner=runner: runner.run(canvas), seconds))  # type: ignore[misc]
            detector = load_detector(MODEL, threads=threads, precision=precision)
            timings.append(measure(f"detect() {name}", lambda detector=detector: detector.detect([photo]), seconds))  # type: ignore[misc]
    return timings


@dataclass(frozen=True)
class RecordedNetwork:
    """Gives what a network gave before, at no cost."""

    input_shape: tuple[int, ...]
    outputs: dict[str, NDArray[np.float32]]

    def run(self, image: NDArray[np.uint8]) -> dict[str, NDArray[np.float32]]:
        """Give the recorded outputs."""
        return self.outputs


def overhead(photo: NDArray[np.uint8], seconds: float) -> Timing:
    """Time what ``detect`` does before and after the network runs."""
    defaults = model_card(MODEL).defaults
    size = defaults.input_size
    runner = LitertRunner(exported_model(ZOO / MODEL / "model.keras", size, defaults.precision), threads=2)
    recorded = RecordedNetwork(
        runner.input_shape, runner.run(letterbox(photo, size.height, size.width).canvas[np.newaxis])
    )
    labels = load_detector(MODEL).labels
    detector = NetworkDetector(
        MODEL, labels, recorded, NanoDetHead(), threshold=defaults.threshold, overlap=defaults.overlap
    )
    return measure("detect() without the network", lambda: detector.detect([photo]), seconds / 3)


def keras_timings(photo: NDArray[np.uint8], seconds: float) -> list[Timing]:
    """Time the Keras model itself."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import keras  # only here: it loads TensorFlow
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(2)
    size = model_card(MODEL).defaults.input_size
    image = letterbox(photo, size.height, size.width).canvas[np.newaxis].astype(np.float32)
    model = keras.models.load_model(ZOO / MODEL / "model.keras", safe_mode=True, compile=False)
    function = tf.function(
        lambda tensor: model(tensor, training=False), input_signature=[tf.TensorSpec(image.shape, tf.float32)]
    )
    return [
        measure("Keras predict, 2 threads", lambda: model.predict(image, verbose=0), seconds),
        measure("tf.function, 2 threads", lambda: function(image)["scores"].numpy(), seconds),
    ]


def find(detector: Detector, precision: Precision, mode: Literal["colour", "grey"]) -> Found:
    """Compare what the detector finds in the photos with what is in them."""
    truth = read_truth(PHOTOS / "labels.yaml")
    flag = cv2.IMREAD_COLOR_RGB if mode == "colour" else cv2.IMREAD_GRAYSCALE
    pictures = [cv2.imread(str(PHOTOS / name), flag) for name in truth]
    results = [compare(found, things) for found, things in zip(detector.detect(pictures), truth.values(), strict=True)]
    things = [thing for labelled in truth.values() for thing in labelled]
    found = [thing for result in results for thing in result.found]
    people = [sum(thing.label == "person" for thing in group) for group in (found, things)]
    return Found(
        precision,
        mode,
        f"{people[0]}/{people[1]}",
        f"{len(found)}/{len(things)}",
        sum(len(result.surplus) for result in results),
        sum(len(result.surplus) for result in results if not result.found and not result.missed),
    )


def show(timings: list[Timing], founds: list[Found]) -> None:
    """Print both as tables."""
    console = Console()
    table = Table("what", "best ms", "median ms", "p95 ms", "runs", title="Time for one picture of 640x480")
    for timing in timings:
        table.add_row(
            timing.name, *(f"{ms:.1f}" for ms in (timing.best_ms, timing.median_ms, timing.p95_ms)), str(timing.runs)
        )
    console.print(table)
    table = Table("precision", "photos", "people", "all", "surplus", "on empty photos", title="Found in the photos")
    for found in founds:
        table.add_row(*(str(value) for value in asdict(found).values()))
    console.print(table)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")
    parser.add_argument("--seconds", type=float, default=3.0, help="time for each measurement")
    parser.add_argument("--keras", action="store_true", help="time the Keras model too")
    options = parser.parse_args()
    photo = cv2.resize(cv2.imread(str(PHOTOS / "pedestrians_300.jpg"), cv2.IMREAD_COLOR_RGB), (640, 480))
    timings = [*litert_timings(photo, options.seconds), overhead(photo, options.seconds)]
    if options.keras:
        timings += keras_timings(photo, options.seconds)
    founds = [
        find(load_detector(MODEL, precision=precision), precision, mode)
        for precision in PRECISIONS
        for mode in ("colour", "grey")
    ]
    if options.json:
        report = {"timings": [asdict(timing) for timing in timings], "found": [asdict(found) for found in founds]}
        sys.stdout.write(json.dumps(report, indent=2) + "\n")
    else:
        show(timings, founds)


if __name__ == "__main__":
    main()
