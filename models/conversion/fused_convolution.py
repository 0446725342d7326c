"""Build a convolution of a TensorFlow graph, with the bias and the activation that were fused into it."""

from __future__ import annotations

import keras
from keras import layers

from models.conversion.expectations import require, square
from models.conversion.tfjs_graph import Node, TfjsGraph

DEPTHWISE = ("DepthwiseConv2dNative", "FusedDepthwiseConv2dNative")
"""The operations that convolve each channel by itself."""

_ACTIVATIONS = {(): None, ("Relu",): "relu", ("Relu6",): "relu6"}


def fused_convolution(graph: TfjsGraph, node: Node, source: keras.KerasTensor) -> keras.KerasTensor:
    """Build the layers of one convolution.

    Args:
        graph: Holds the weights.
        node: A ``_FusedConv2D``, ``DepthwiseConv2dNative`` or ``FusedDepthwiseConv2dNative``, channels last.
        source: What it reads.

    Returns:
        What it gives.

    Raises:
        UnsupportedGraphError: It has settings that are not known here.
    """
    padding = str(node.attributes["padding"])
    require(padding in ("SAME", "VALID"), node, "expects padding SAME or VALID")
    require(square(node, "dilations") == 1, node, "expects no dilation")
    biased, activation = _fused(node)
    weights = [graph.constants[name] for name in node.inputs[1 : 2 + biased]]
    height, width, _, last = weights[0].shape
    settings = {"padding": padding.lower(), "activation": activation, "use_bias": biased}
    stride = square(node, "strides")
    if node.op in DEPTHWISE:
        layer = layers.DepthwiseConv2D((height, width), stride, depth_multiplier=last, **settings)
    else:
        layer = layers.Conv2D(last, (height, width), stride, **settings)
    output = layer(source)
    layer.set_weights(weights)
    return output


def _fused(node: Node) -> tuple[bool, str | None]:
    """Tell whether there is a bias, and which activation."""
    names = node.attributes.get("fused_ops", ())
    operations = tuple(str(name) for name in names) if isinstance(names, tuple) else (str(names),)
    biased = operations[:1] == ("BiasAdd",)
    activation = operations[1:] if biased else operations
    require(activation in _ACTIVATIONS, node, f"cannot fuse {', '.join(operations)}")
    return biased, _ACTIVATIONS[activation]
