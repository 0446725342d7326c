"""Export a Keras model for LiteRT. Run in a process of its own, which alone pays for loading TensorFlow.

python -m models.litert.export MODEL.keras OUT.tflite HEIGHT WIDTH {float32,int8-dynamic}
"""

from __future__ import annotations

import argparse
from pathlib import Path

import keras
import tensorflow as tf

from models.card import InputSize, Precision


def export(model_path: Path, out: Path, size: InputSize, precision: Precision) -> None:
    """Write a LiteRT model that takes one ``uint8`` picture of a fixed size.

    Args:
        model_path: The Keras model; one input ``image`` of shape (batch, height, width, 3), a flat dict of outputs.
        out: The file to write.
        size: The height and width that the exported model takes.
        precision: ``"int8-dynamic"`` keeps the weights in 8 bits.
    """
    model = keras.models.load_model(model_path, safe_mode=True, compile=False)
    image = keras.InputSpec(shape=(1, size.height, size.width, 3), dtype="uint8", name="image")
    optimizations = [tf.lite.Optimize.DEFAULT] if precision == "int8-dynamic" else []
    model.export(out, format="litert", input_signature=[image], verbose=False, optimizations=optimizations)


def main() -> None:
    """Run the export from the command line."""
    parser = argparse.ArgumentParser(prog="python -m models.litert.export")
    parser.add_argument("model", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("height", type=int)
    parser.add_argument("width", type=int)
    parser.add_argument("precision", choices=("float32", "int8-dynamic"))
    options = parser.parse_args()
    export(options.model, options.out, InputSize(options.height, options.width), options.precision)


if __name__ == "__main__":
    main()
