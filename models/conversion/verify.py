"""Compare a Keras model with its source, run in the source's own runtime.

    python -m models.conversion.verify --source DIR --modules DIR --model models/zoo/people/model.keras PHOTO ...

``--source`` is the folder with the source's ``.json`` and ``.bin``; ``--modules`` is a folder in which
``npm install @tensorflow/tfjs@4`` was run. Node.js 20 or later must be installed. The photos are squeezed into the
source's square. For each it prints the largest absolute difference of each output.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import cv2
import keras
import numpy as np
from numpy.typing import NDArray

from models.conversion import movenet, nanodet
from models.conversion.tfjs_runtime import run_tfjs

Outputs = Mapping[str, NDArray[np.float32]]


@dataclass(frozen=True)
class Source:
    """A published model that a Keras model was made from.

    Attributes:
        size: Height and width of its input in pixels.
        run: Gives what the Keras model should give for one RGB picture: takes the folder with the source, the folder
            with TensorFlow.js and the picture.
    """

    size: int
    run: Callable[[Path, Path, NDArray[np.uint8]], Outputs]


def nanodet_outputs(source: Path, modules: Path, rgb: NDArray[np.uint8]) -> Outputs:
    """Run NanoDet-g's source: ``scores`` (1, N, 80) and ``distances`` (1, N, 44), the three strides joined."""
    bgr = rgb[..., ::-1]
    normalised = (bgr - np.array(nanodet.BGR_MEAN)) / np.array(nanodet.BGR_DEVIATION)
    outputs = run_tfjs(modules, source / "nanodet.json", normalised.transpose(2, 0, 1)[np.newaxis])
    # The finest grid, with most locations, comes first.
    by_stride = sorted(outputs.values(), key=lambda output: -output.shape[1])
    return {
        "scores": np.concatenate([output for output in by_stride if output.shape[2] == nanodet.CLASSES], axis=1),
        "distances": np.concatenate([output for output in by_stride if output.shape[2] != nanodet.CLASSES], axis=1),
    }


def movenet_outputs(source: Path, modules: Path, rgb: NDArray[np.uint8]) -> Outputs:
    """Run MoveNet MultiPose's source as far as its heads' outputs."""
    nodes = movenet.SOURCE_OUTPUTS
    picture = rgb[np.newaxis].astype(np.float32)
    outputs = run_tfjs(modules, source / "movenet-multipose.json", picture, tuple(nodes.values()))
    return {name: outputs[node] for name, node in nodes.items()}


SOURCES = {
    "nanodet_g": Source(nanodet.SOURCE_SIZE, nanodet_outputs),
    "movenet_multipose_lightning": Source(movenet.SOURCE_SIZE, movenet_outputs),
}
"""For each Keras model, by the name that its conversion gave it, its source."""


def main() -> None:
    """Run the comparison from the command line."""
    parser = argparse.ArgumentParser(prog="python -m models.conversion.verify")
    parser.add_argument("--source", type=Path, required=True, help="folder with the source's .json and .bin")
    parser.add_argument("--modules", type=Path, required=True, help="folder with the npm package @tensorflow/tfjs")
    parser.add_argument("--model", type=Path, required=True, help="the Keras model")
    parser.add_argument("photos", type=Path, nargs="+", metavar="PHOTO")
    options = parser.parse_args()
    model = keras.models.load_model(options.model, safe_mode=True, compile=False)
    source = SOURCES[model.name]
    for photo in options.photos:
        rgb = cv2.resize(cv2.imread(str(photo)), (source.size, source.size))[..., ::-1]
        expected = source.run(options.source, options.modules, rgb)
        actual = model(rgb[np.newaxis].astype(np.float32), training=False)
        for name, values in expected.items():
            difference = np.abs(keras.ops.convert_to_numpy(actual[name]) - values).max()
            sys.stdout.write(f"{photo.name}: {name}: {difference:.1e} of {np.abs(values).max():.3g}\n")


if __name__ == "__main__":
    main()
