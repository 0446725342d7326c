"""The converter, on small graphs, against TensorFlow's own operations."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

keras = pytest.importorskip("keras")
tf = pytest.importorskip("tensorflow")

from models.conversion.graph_to_keras import GraphConverter, Layout, UnsupportedGraphError, Value  # noqa: E402
from models.conversion.tfjs_graph import Node, TfjsGraph  # noqa: E402

TO_NHWC, TO_NCHW = np.array([0, 2, 3, 1]), np.array([0, 3, 1, 2])
PAD_ONE = np.array([[0, 0], [0, 0], [1, 1], [1, 1]])
RANDOM = np.random.default_rng(0)
PICTURE = RANDOM.normal(size=(1, 8, 12, 3)).astype(np.float32)


def run(nodes: list[Node], constants: dict[str, NDArray[np.generic]], output: str) -> NDArray[np.float32]:
    image = keras.Input(PICTURE.shape[1:])
    graph = TfjsGraph({node.name: node for node in nodes}, constants)
    converter = GraphConverter(graph, {"image": Value(image, Layout.NCHW)})
    model = keras.Model(image, converter.value(output).tensor)
    return keras.ops.convert_to_numpy(model(PICTURE))


@pytest.mark.parametrize("stride", [1, 2])
def test_a_padded_convolution(stride: int) -> None:
    kernel, bias = RANDOM.normal(size=(3, 3, 3, 5)).astype(np.float32), RANDOM.normal(size=5).astype(np.float32)
    nodes = [
        Node("pad", "Pad", ("image", "amounts"), {}),
        Node("nhwc", "Transpose", ("pad", "to_nhwc"), {}),
        Node("conv", "Conv2D", ("nhwc", "kernel"), {"padding": "VALID", "strides": (1, stride, stride, 1)}),
        Node("sum", "Add", ("conv", "bias"), {}),
    ]
    actual = run(nodes, {"amounts": PAD_ONE, "to_nhwc": TO_NHWC, "kernel": kernel, "bias": bias}, "sum")
    expected = tf.nn.conv2d(tf.pad(PICTURE, [(0, 0), (1, 1), (1, 1), (0, 0)]), kernel, stride, "VALID") + bias
    assert actual == pytest.approx(expected.numpy(), abs=1e-5)


def test_a_padded_maximum() -> None:
    nodes = [
        Node("pad", "PadV2", ("image", "amounts", "fill"), {}),
        Node("nhwc", "Transpose", ("pad", "to_nhwc"), {}),
        Node("max", "MaxPool", ("nhwc",), {"ksize": (1, 3, 3, 1), "strides": (1, 2, 2, 1)}),
    ]
    actual = run(nodes, {"amounts": PAD_ONE, "fill": np.array(-np.inf), "to_nhwc": TO_NHWC}, "max")
    padded = tf.pad(PICTURE, [(0, 0), (1, 1), (1, 1), (0, 0)], constant_values=-np.inf)
    assert np.array_equal(actual, tf.nn.max_pool2d(padded, 3, 2, "VALID").numpy())


@pytest.mark.parametrize("size", [(16, 24), (4, 6)], ids=["double", "halve"])
def test_resizing(size: tuple[int, int]) -> None:
    nodes = [
        Node("nhwc", "Transpose", ("image", "to_nhwc"), {}),
        Node("resize", "ResizeBilinear", ("nhwc", "size"), {"half_pixel_centers": True}),
    ]
    actual = run(nodes, {"to_nhwc": TO_NHWC, "size": np.array(size)}, "resize")
    assert actual == pytest.approx(tf.image.resize(PICTURE, size).numpy(), abs=1e-6)


@pytest.mark.parametrize(("node", "message"), [
    (Node("odd", "Softmax", ("image",), {}), "the operation Softmax is not supported"),
    (Node("odd", "Transpose", ("image", "to_nchw"), {}), "cannot transpose NCHW"),
    (Node("odd", "Pad", ("image", "uneven"), {}), "expects the same padding on all four sides"),
])  # fmt: skip
def test_what_is_not_known_is_refused_by_name(node: Node, message: str) -> None:
    uneven = np.array([[0, 0], [0, 0], [0, 1], [0, 1]])
    with pytest.raises(UnsupportedGraphError, match=f"'odd'.*{message}"):
        run([node], {"to_nchw": TO_NCHW, "uneven": uneven}, "odd")


def test_the_shipped_model_is_native_and_takes_any_size() -> None:
    from models.registry import ZOO

    model = keras.models.load_model(ZOO / "objects" / "model.keras", safe_mode=True, compile=False)
    assert {type(layer).__module__.split(".")[0] for layer in model.layers} == {"keras"}
    assert not any(isinstance(layer, keras.layers.Lambda) for layer in model.layers)
    outputs = model(np.zeros((2, 64, 96, 3), np.float32))
    locations = 8 * 12 + 4 * 6 + 2 * 3
    assert {name: tuple(tensor.shape) for name, tensor in outputs.items()} == {
        "scores": (2, locations, 80),
        "distances": (2, locations, 44),
    }
