"""Run a TensorFlow.js graph model in TensorFlow.js' own runtime, by Node.js."""

from __future__ import annotations

import json
import math
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_SCRIPT = Path(__file__).parent / "run_tfjs.mjs"


def run_tfjs(
    modules: Path, model: Path, array: NDArray[np.floating], nodes: Sequence[str] = ()
) -> Mapping[str, NDArray[np.float32]]:
    """Run a model once.

    Args:
        modules: Folder with the installed npm package ``@tensorflow/tfjs``.
        model: The model's JSON file.
        array: Its input.
        nodes: The nodes whose outputs are wanted; the model's outputs if none are named.

    Returns:
        Each node's output by its name.

    Raises:
        OSError: Node.js is not installed.
        CalledProcessError: Node.js fails; it has said why.
    """
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        (folder / "input.bin").write_bytes(np.ascontiguousarray(array, "<f4").tobytes())
        command = ["node", _SCRIPT, modules, model, folder / "input.bin", ",".join(map(str, array.shape)), folder]
        subprocess.run([str(word) for word in [*command, *nodes]], check=True)  # noqa: S603 - of a developer
        outputs = json.loads((folder / "outputs.json").read_text())["outputs"]
        return {
            output["name"]: np.frombuffer(
                (folder / f"{index}.bin").read_bytes(), "<f4", math.prod(output["shape"])
            ).reshape(output["shape"])
            for index, output in enumerate(outputs)
        }
