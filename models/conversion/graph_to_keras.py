"""Rebuild a frozen convolutional graph from built-in Keras layers.

Supported are the operations that the shipped models need; another one raises an error that names it. A graph that
came from PyTorch over ONNX pads explicitly and speaks NCHW, with a transpose to NHWC and back around each
convolution. Here every tensor is NHWC: a transpose only changes the *layout* noted beside the tensor, and a
padding is noted too until the layer that uses it is built. A graph of TensorFlow's own is NHWC throughout, and its
convolutions carry their bias and activation.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import keras
import numpy as np
from keras import layers
from numpy.typing import NDArray

from models.conversion.expectations import UnsupportedGraphError, require, square
from models.conversion.fused_convolution import fused_convolution
from models.conversion.tfjs_graph import Node, TfjsGraph


class Layout(enum.Enum):
    """The order in which the source graph keeps a tensor's axes."""

    NHWC = "NHWC"
    NCHW = "NCHW"


_TRANSPOSES = {(0, 2, 3, 1): (Layout.NCHW, Layout.NHWC), (0, 3, 1, 2): (Layout.NHWC, Layout.NCHW)}
_CHANNEL_AXIS = {Layout.NHWC: 3, Layout.NCHW: 1}


class Padding(NamedTuple):
    """What is to be put around a tensor: rows and columns on each side, and what they hold."""

    amount: int
    fill: float


NO_PADDING = Padding(0, 0.0)


@dataclass(frozen=True)
class Value:
    """A tensor: always NHWC here, with the layout that it has in the graph, and a padding not yet applied."""

    tensor: keras.KerasTensor
    layout: Layout
    padding: Padding = NO_PADDING


class GraphConverter:
    """Turns nodes of a graph into Keras tensors, each node once.

    Args:
        graph: The graph to convert.
        inputs: What to put in place of the graph's placeholders, by node name; with fixed height and width.
    """

    def __init__(self, graph: TfjsGraph, inputs: Mapping[str, Value]) -> None:
        self._graph = graph
        self._values = dict(inputs)
        self._builders: dict[str, Callable[[Node], Value]] = {
            "Add": self._add,
            "AddV2": self._add,
            "ConcatV2": self._concatenate,
            "DepthwiseConv2dNative": self._fused_convolution,
            "FusedDepthwiseConv2dNative": self._fused_convolution,
            "LeakyRelu": self._leaky_relu,
            "MaxPool": self._max_pool,
            "Pad": self._pad,
            "PadV2": self._pad,
            "ResizeBilinear": self._resize,
            "Sigmoid": self._sigmoid,
            "Transpose": self._transpose,
            "_FusedConv2D": self._fused_convolution,
        }

    def value(self, name: str) -> Value:
        """Convert one node and all that it depends on.

        Args:
            name: The node's name.

        Returns:
            What the node computes.

        Raises:
            UnsupportedGraphError: The node or one before it is of a kind, or has settings, not known here.
        """
        if name not in self._values:
            node = self._graph.nodes[name]
            if node.op not in self._builders:
                raise UnsupportedGraphError(f"node {name!r}: the operation {node.op} is not supported")
            self._values[name] = self._builders[node.op](node)
        return self._values[name]

    def convolution(self, name: str, channels: slice = slice(None)) -> Value:
        """Convert a convolution together with the addition of its bias.

        Args:
            name: The node that adds the bias, or a transpose of it.
            channels: Which output channels to build; all by default.

        Returns:
            What the node computes, with those channels only.

        Raises:
            UnsupportedGraphError: The node is no such addition, or see ``value``.
        """
        node = self._graph.nodes[name]
        if node.op == "Transpose":
            return self._transposed(node, self.convolution(node.inputs[0], channels))
        convolution = self._graph.nodes[node.inputs[0]]
        require(node.op == "Add" and convolution.op == "Conv2D", node, "is not a convolution with a bias")
        kernel = self._constant(convolution.inputs[1])[..., channels]
        bias = self._constant(node.inputs[1]).reshape(-1)[channels]
        return Value(self._convolved(convolution, kernel, bias), Layout.NHWC)

    def _convolved(self, node: Node, kernel: NDArray[np.float32], bias: NDArray[np.float32]) -> keras.KerasTensor:
        source = self.value(node.inputs[0])
        require(source.layout is Layout.NHWC, node, "expects NHWC")
        require(node.attributes["padding"] == "VALID", node, "expects explicit padding")
        require(source.padding.fill == 0, node, "expects padding with zeros")
        height, width, _, filters = kernel.shape
        stride = square(node, "strides")
        tensor, amount = source.tensor, source.padding.amount
        # Keras' "same" equals this padding at stride 1 only; at stride 2 it would pad right and below alone.
        same = stride == 1 and height == width == 2 * amount + 1
        if amount and not same:
            tensor = layers.ZeroPadding2D(amount)(tensor)
        layer = layers.Conv2D(filters, (height, width), stride, "same" if same else "valid")
        output = layer(tensor)
        layer.set_weights([kernel, bias])
        return output

    def _fused_convolution(self, node: Node) -> Value:
        source = self._unpadded(node, node.inputs[0])
        require(source.layout is Layout.NHWC, node, "expects NHWC")
        return Value(fused_convolution(self._graph, node, source.tensor), Layout.NHWC)

    def _add(self, node: Node) -> Value:
        if node.inputs[1] in self._graph.constants:
            return self.convolution(node.name)
        return self._merged(node, layers.Add(), node.inputs)

    def _concatenate(self, node: Node) -> Value:
        merged = self._merged(node, layers.Concatenate(), node.inputs[:-1])
        axis = int(self._constant(node.inputs[-1]))
        require(axis == _CHANNEL_AXIS[merged.layout], node, "expects to join channels")
        return merged

    def _merged(self, node: Node, layer: keras.Layer, names: tuple[str, ...]) -> Value:
        values = [self._unpadded(node, name) for name in names]
        require(len({value.layout for value in values}) == 1, node, "expects inputs of one layout")
        return replace(values[0], tensor=layer([value.tensor for value in values]))

    def _leaky_relu(self, node: Node) -> Value:
        source = self._unpadded(node, node.inputs[0])
        layer = layers.LeakyReLU(negative_slope=node.attributes["alpha"])
        return replace(source, tensor=layer(source.tensor))

    def _sigmoid(self, node: Node) -> Value:
        source = self._unpadded(node, node.inputs[0])
        return replace(source, tensor=layers.Activation("sigmoid")(source.tensor))

    def _max_pool(self, node: Node) -> Value:
        source = self.value(node.inputs[0])
        size, stride = square(node, "ksize"), square(node, "strides")
        require(source.layout is Layout.NHWC, node, "expects NHWC")
        require(source.padding == Padding(size // 2, -np.inf), node, "expects padding with -inf by half its size")
        # Keras pads with -inf too, but alike on all sides only at stride 1: pool so, then keep every second one.
        tensor = layers.MaxPooling2D(size, strides=1, padding="same")(source.tensor)
        return Value(layers.MaxPooling2D(1, strides=stride)(tensor), Layout.NHWC)

    def _pad(self, node: Node) -> Value:
        source = self._unpadded(node, node.inputs[0])
        amounts = self._constant(node.inputs[1])
        amount = int(amounts.max())
        expected = np.full((4, 2), amount)
        expected[[0, _CHANNEL_AXIS[source.layout]]] = 0
        require(np.array_equal(amounts, expected), node, "expects the same padding on all four sides")
        fill = float(self._constant(node.inputs[2])) if node.op == "PadV2" else 0.0
        return replace(source, padding=Padding(amount, fill))

    def _resize(self, node: Node) -> Value:
        source = self._unpadded(node, node.inputs[0])
        require(source.layout is Layout.NHWC, node, "expects NHWC")
        require(node.attributes["half_pixel_centers"] is True, node, "expects half-pixel centres")
        size = np.array(source.tensor.shape[1:3])
        target = self._target_size(node, size)
        if np.array_equal(target, 2 * size):
            layer = layers.UpSampling2D(2, interpolation="bilinear")
        else:
            require(np.array_equal(2 * target, size), node, "expects to double or to halve")
            layer = layers.AveragePooling2D(2)  # half-pixel centres: halving reads midway between two pixels
        return replace(source, tensor=layer(source.tensor))

    def _target_size(self, node: Node, size: NDArray[Any]) -> NDArray[Any]:
        """Read the size to bring a tensor to: a constant, or a multiple of the tensor's own size."""
        if node.inputs[1] in self._graph.constants:
            return self._constant(node.inputs[1])
        product = self._graph.nodes[node.inputs[1]]
        require(product.op == "Mul", node, "expects a size, or the size of its input times a constant")
        part = self._graph.nodes[product.inputs[0]]
        require(part.op == "StridedSlice", node, "expects the size of its input times a constant")
        shape = self._graph.nodes[part.inputs[0]]
        require(shape.op == "Shape" and shape.inputs[0] == node.inputs[0], node, "expects the size of its own input")
        return np.asarray(self._constant(product.inputs[1]) * size)

    def _transpose(self, node: Node) -> Value:
        return self._transposed(node, self.value(node.inputs[0]))

    def _transposed(self, node: Node, source: Value) -> Value:
        order = tuple(self._constant(node.inputs[1]).tolist())
        before, after = _TRANSPOSES.get(order, (None, None))
        if after is None or before is not source.layout:
            raise UnsupportedGraphError(f"node {node.name!r}: cannot transpose {source.layout.value} by {order}")
        return replace(source, layout=after)

    def _unpadded(self, node: Node, name: str) -> Value:
        value = self.value(name)
        require(value.padding.amount == 0, node, "expects an input without padding")
        return value

    def _constant(self, name: str) -> NDArray[Any]:
        return self._graph.constants[name]
