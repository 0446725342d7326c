"""Compare the Keras model with its source, run in the source's own runtime.

    python -m models.conversion.verify --source DIR --modules DIR --model models/zoo/objects/model.keras PHOTO ...

``--source`` is the folder with ``nanodet.json`` and ``nanodet.bin``; ``--modules`` is a folder in which
``npm install @tensorflow/tfjs@4`` was run. Node.js 20 or later must be installed. For each photo it prints the
largest absolute difference of each output.
"""

from __future__ import annotations

import argparse
import json
import math
import subprocess
import sys
import tempfile
from pathlib import Path

import cv2
import keras
import numpy as np
from numpy.typing import NDArray

from models.conversion.nanodet import BGR_DEVIATION, BGR_MEAN, CLASSES, SOURCE_SIZE

_SCRIPT = Path(__file__).parent / "run_tfjs.mjs"


def source_outputs(source: Path, modules: Path, bgr: NDArray[np.uint8]) -> dict[str, NDArray[np.float32]]:
    """Run the source graph in TensorFlow.js.

    Args:
        source: Folder with the source graph.
        modules: Folder with the installed npm package ``@tensorflow/tfjs``.
        bgr: 416×416×3 picture, BGR, as OpenCV reads it.

    Returns:
        ``scores`` (N, 80) and ``distances`` (N, 44), the three strides joined as in the Keras model.
    """
    normalised = ((bgr - np.array(BGR_MEAN)) / np.array(BGR_DEVIATION)).astype("<f4")
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        (folder / "input.bin").write_bytes(normalised.transpose(2, 0, 1).tobytes())
        shape = f"1,3,{SOURCE_SIZE},{SOURCE_SIZE}"
        command = ["node", _SCRIPT, modules, source / "nanodet.json", folder / "input.bin", shape, folder]
        subprocess.run([str(word) for word in command], check=True)  # noqa: S603 - a command line of a developer
        shapes: dict[str, list[int]] = json.loads((folder / "outputs.json").read_text())["shapes"]
        outputs = [
            np.frombuffer((folder / f"{name}.bin").read_bytes(), "<f4", math.prod(shape)).reshape(shape[1:])
            for name, shape in shapes.items()
        ]
    outputs.sort(key=len, reverse=True)  # the finest grid, with most locations, comes first
    return {
        "scores": np.concatenate([output for output in outputs if output.shape[1] == CLASSES]),
        "distances": np.concatenate([output for output in outputs if output.shape[1] != CLASSES]),
    }


def main() -> None:
    """Run the comparison from the command line."""
    parser = argparse.ArgumentParser(prog="python -m models.conversion.verify")
    parser.add_argument("--source", type=Path, required=True, help="folder with nanodet.json and nanodet.bin")
    parser.add_argument("--modules", type=Path, required=True, help="folder with the npm package @tensorflow/tfjs")
    parser.add_argument("--model", type=Path, required=True, help="the Keras model")
    parser.add_argument("photos", type=Path, nargs="+", metavar="PHOTO")
    options = parser.parse_args()
    model = keras.models.load_model(options.model, safe_mode=True, compile=False)
    for photo in options.photos:
        bgr = cv2.resize(cv2.imread(str(photo)), (SOURCE_SIZE, SOURCE_SIZE))
        expected = source_outputs(options.source, options.modules, bgr)
        actual = model(bgr[np.newaxis, ..., ::-1].astype(np.float32), training=False)
        for name, values in expected.items():
            difference = np.abs(keras.ops.convert_to_numpy(actual[name])[0] - values).max()
            sys.stdout.write(f"{photo.name}: {name}: {difference:.1e} of {np.abs(values).max():.3g}\n")


if __name__ == "__main__":
    main()
