"""Export a Keras model. Run in a process of its own, which alone pays for loading TensorFlow.

python -m models.litert.export MODEL OUT HEIGHT WIDTH {float32,int8-dynamic} {litert,saved-model}

It ends with one line that begins with ``error:`` if the model cannot be exported.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from types import TracebackType
from typing import Any

from models.litert.limits import limit_this_process

if __name__ == "__main__":
    limit_this_process()  # before anything large is loaded

import keras
import numpy as np
import tensorflow as tf
from ai_edge_litert.interpreter import Interpreter

from models.card import InputSize, Precision
from models.errors import ModelError, ModelLoadError
from models.keras_file import MOST_BYTES, open_keras_file
from models.litert.fitting import check_input
from models.litert.process import ERROR_MARK, FORMATS, Format
from models.litert.wording import in_one_line
from models.source import MODEL_FILE, read_source
from models.weights_file import check_weights

_OF_WEIGHTS = "objects could not be loaded"  # what Keras says when weights are missing or have another shape

MOST_TENSOR_BYTES = 1 << 30
"""How much memory one tensor of an exported model may take."""


def export(source: Path, out: Path, size: InputSize, precision: Precision, form: Format) -> None:
    """Write a model in another format.

    Args:
        source: A ``.keras`` file with one input ``image`` of shape (batch, height, width, 3) and a flat dict of
            outputs, or a KerasHub preset.
        out: The file to write; a folder for ``saved-model``.
        size: The height and width that the exported model takes.
        precision: ``"int8-dynamic"`` keeps the weights of a LiteRT model in 8 bits.
        form: What ``litert`` writes takes a ``uint8`` picture, and ``saved-model`` one of ``float32``, 0 to 255.

    Raises:
        ModelLoadError: The model is damaged, hostile, or takes something else than a picture.
    """
    model = load(source, size)
    if form == "litert":
        image = keras.InputSpec(shape=(1, size.height, size.width, 3), dtype="uint8", name="image")
        optimizations = [tf.lite.Optimize.DEFAULT] if precision == "int8-dynamic" else []
        model.export(out, format="litert", input_signature=[image], verbose=False, optimizations=optimizations)
        try_out(out)
    else:
        image = keras.InputSpec(shape=(1, size.height, size.width, 3), dtype="float32", name="image")
        model.export(out, format="tf_saved_model", input_signature=[image], verbose=False)


def load(source: Path, size: InputSize) -> Any:  # noqa: ANN401 - Keras has no types
    """Load a model, after everything in it has been checked.

    Args:
        source: A ``.keras`` file or a KerasHub preset.
        size: The size of the pictures that it will get.

    Returns:
        The Keras model.

    Raises:
        ModelLoadError: It is damaged, hostile, or takes something else than a picture of that size.
    """
    files = read_source(source)
    files.check()
    if files.is_preset:
        from models.litert.preset_network import load_preset

        for name, content in files.files.items():
            if name.endswith(".h5"):
                check_weights(content, MOST_BYTES)
        return load_preset(source, size)
    check_weights(open_keras_file(files.files[MODEL_FILE]).weights, MOST_BYTES)
    try:
        model = keras.models.load_model(source, safe_mode=True, compile=False)
    except ValueError as error:
        why = in_one_line(str(error))
        what = "its weights do not belong to its config.json" if _OF_WEIGHTS in why else "Keras cannot build it"
        raise ModelLoadError(f"{what} ({why})") from error
    check_input(model, size)
    return model


def try_out(path: Path) -> None:
    """Run an exported model once, here, where it can do no harm.

    Args:
        path: A LiteRT model.

    Raises:
        ModelLoadError: It needs operations that LiteRT lacks, or far too much memory.
    """
    interpreter = Interpreter(str(path), num_threads=1)
    for tensor in interpreter.get_tensor_details():
        size = int(np.prod(tensor["shape"], dtype=np.float64)) * np.dtype(tensor["dtype"]).itemsize
        if size > MOST_TENSOR_BYTES:
            raise ModelLoadError(
                f"it computes something of shape {tensor['shape'].tolist()}, which takes {size:,} bytes"
            )
    interpreter.allocate_tensors()
    runner = interpreter.get_signature_runner()
    runner(**{name: np.zeros(each["shape"], each["dtype"]) for name, each in runner.get_input_details().items()})


def main() -> None:
    """Run the export from the command line."""
    parser = argparse.ArgumentParser(prog="python -m models.litert.export")
    parser.add_argument("model", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("height", type=int)
    parser.add_argument("width", type=int)
    parser.add_argument("precision", choices=("float32", "int8-dynamic"))
    parser.add_argument("format", choices=FORMATS)
    options = parser.parse_args()
    sys.excepthook = _tell
    size = InputSize(options.height, options.width)
    export(options.model, options.out, size, options.precision, options.format)


def _tell(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Say in one line what went wrong; where in Keras it happened helps nobody who brought the model."""
    message = str(error) if isinstance(error, ModelError) else in_one_line(f"{kind.__name__}: {error}")
    sys.stderr.write(f"\n{ERROR_MARK}{message}\n")


if __name__ == "__main__":
    main()
