"""How fast each shipped network is, by every way to run it: single pictures, five at once, and from a cold start.

    python -m benchmarks.speed [MODEL ...] [--seconds 3] [--json]

OpenVINO and ONNX Runtime are measured too where they are installed; the product needs neither.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from benchmarks.overhead import without_network
from benchmarks.runtimes import Run, keras_ways, litert, litert_side_by_side, other_ways
from benchmarks.timing import Timing, measure_in_turn
from models import available_models, load_detector, model_card
from models.letterbox import letterbox
from models.loading import model_source
from models.registry import model_folder

ROOT = Path(__file__).parents[1]
PHOTO = ROOT / "tests" / "data" / "photos" / "pedestrians_300.jpg"
REFERENCE = "tf.function"
AT_ONCE = 5
_STARTS = {
    "LiteRT, 1 thread": "import numpy, models; models.load_detector({name!r}, threads=1)"
    ".detect([numpy.zeros((480, 640, 3), 'uint8')])",
    "model.predict": "import keras, numpy; keras.models.load_model({path!r}, compile=False)"
    ".predict(numpy.zeros((1, {height}, {width}, 3), 'float32'), verbose=0)",
}


@dataclass(frozen=True)
class Figures:
    """One model's figures. Differences are the largest of any output to Keras' own."""

    model: str
    single: list[Timing]
    five: list[Timing]
    detect: list[Timing]
    differences: dict[str, dict[str, float]]
    start_s: dict[str, float]


def measure_model(name: str, seconds: float) -> Figures:
    """Measure one model at its card's input size."""
    path, size = _network(name), model_card(name).defaults.input_size
    photo = cv2.resize(cv2.imread(str(PHOTO), cv2.IMREAD_COLOR_RGB), (640, 480))
    one = letterbox(photo, size.height, size.width).canvas[np.newaxis]
    five = np.concatenate([np.roll(one, 16 * index, axis=2) for index in range(AT_ONCE)])
    ways: dict[str, Run] = {
        f"LiteRT {precision}, {threads} thread{'s' * (threads > 1)}": litert(path, size, precision, threads)
        for precision in ("float32", "int8-dynamic")
        for threads in (1, 2)
    }
    ways |= keras_ways(path, size) | other_ways(path, size)
    side_by_side = {
        f"LiteRT {precision}, 2 side by side": litert_side_by_side(path, size, precision)
        for precision in ("float32", "int8-dynamic")
    }
    detectors = {f"detect(), {threads} threads": load_detector(name, threads=threads) for threads in (1, 2)}
    looks = {key: lambda detector=value: detector.detect([photo]) for key, value in detectors.items()}  # type: ignore[misc]
    return Figures(
        name,
        _times(ways, one, seconds),
        _times(ways | side_by_side, five, seconds),
        measure_in_turn(looks | {"detect() without the network": without_network(name, photo)}, seconds),
        _differences(ways | side_by_side, five),
        {way: _start(program, name) for way, program in _STARTS.items()},
    )


def _network(name: str) -> Path:
    return model_source(model_folder(name), model_card(name))


def _times(ways: dict[str, Run], images: NDArray[np.uint8], seconds: float) -> list[Timing]:
    return measure_in_turn({name: lambda run=run: run(images) for name, run in ways.items()}, seconds)  # type: ignore[misc]


def _differences(ways: dict[str, Run], images: NDArray[np.uint8]) -> dict[str, dict[str, float]]:
    expected = ways[REFERENCE](images)
    return {
        way: {name: float(np.abs(values - expected[name]).max()) for name, values in run(images).items()}
        for way, run in ways.items()
    }


def _start(program: str, name: str) -> float:
    size = model_card(name).defaults.input_size
    code = program.format(name=name, path=str(_network(name)), height=size.height, width=size.width)
    taken = []
    for _ in range(3):
        begin = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, cwd=ROOT)
        taken.append(time.perf_counter() - begin)
    return min(taken)


def show(figures: Figures) -> None:
    """Print one model's figures as tables."""
    console = Console()
    fastest = min(timing.best_ms for timing in figures.single)
    five = {timing.name: timing for timing in figures.five}
    table = Table("way", "one, best ms", "median", "ratio", "five, best ms", "largest difference", title=figures.model)
    for name, timing in {**five, **{timing.name: timing for timing in figures.single}}.items():
        single = timing if timing is not five[name] else None
        table.add_row(
            name,
            "" if single is None else f"{single.best_ms:.1f}",
            "" if single is None else f"{single.median_ms:.1f}",
            "" if single is None else f"{single.best_ms / fastest:.2f}",
            f"{five[name].best_ms:.1f}",
            ", ".join(f"{key} {value:.1e}" for key, value in figures.differences[name].items()),
        )
    console.print(table)
    for timing in figures.detect:
        console.print(f"{timing.name}: best {timing.best_ms:.1f} ms, median {timing.median_ms:.1f} ms")
    for way, seconds in figures.start_s.items():
        console.print(f"from nothing to the first picture, {way}: {seconds:.1f} s")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", nargs="*", help="models to measure; by default all that have a network")
    parser.add_argument("--seconds", type=float, default=2.0, help="time for each way to run a model")
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")
    options = parser.parse_args()
    names = options.models or [name for name in available_models() if _network(name).exists()]
    for name in names:
        figures = measure_model(name, options.seconds)
        if options.json:
            sys.stdout.write(json.dumps(asdict(figures)) + "\n")
        else:
            show(figures)


if __name__ == "__main__":
    main()
