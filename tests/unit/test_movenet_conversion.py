"""MoveNet MultiPose: its graph's operations, and the shipped model against the source's own runtime."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

keras = pytest.importorskip("keras")
tf = pytest.importorskip("tensorflow")

from models.conversion.expectations import UnsupportedGraphError  # noqa: E402
from models.conversion.graph_to_keras import GraphConverter, Layout, Value  # noqa: E402
from models.conversion.tfjs_graph import Node, TfjsGraph  # noqa: E402
from models.heads.pose import PoseHead  # noqa: E402
from models.registry import ZOO  # noqa: E402

DATA = Path(__file__).parents[1] / "data"
SOURCE = json.loads((DATA / "gestures" / "movenet-source.json").read_text())
RANDOM = np.random.default_rng(0)
PICTURE = RANDOM.normal(size=(1, 8, 12, 3)).astype(np.float32)
PLAIN = {"padding": "SAME", "strides": (1, 1, 1, 1), "dilations": (1, 1, 1, 1)}


def run(nodes: list[Node], constants: dict[str, NDArray[np.generic]], output: str) -> NDArray[np.float32]:
    image = keras.Input(PICTURE.shape[1:])
    graph = TfjsGraph({node.name: node for node in nodes}, constants)
    model = keras.Model(image, GraphConverter(graph, {"image": Value(image, Layout.NHWC)}).value(output).tensor)
    return np.asarray(keras.ops.convert_to_numpy(model(PICTURE)))


@pytest.fixture(scope="module")
def model() -> keras.Model:
    return keras.models.load_model(ZOO / "people" / "model.keras", safe_mode=True, compile=False)


@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("fused", [("BiasAdd",), ("BiasAdd", "Relu"), ("BiasAdd", "Relu6")], ids=str)
def test_a_fused_convolution(stride: int, fused: tuple[str, ...]) -> None:
    kernel, bias = RANDOM.normal(size=(3, 3, 3, 5)).astype(np.float32), RANDOM.normal(size=5).astype(np.float32)
    settings = {**PLAIN, "strides": (1, stride, stride, 1), "fused_ops": fused}
    node = Node("conv", "_FusedConv2D", ("image", "kernel", "bias"), settings)
    expected = tf.nn.conv2d(PICTURE, kernel, stride, "SAME") + bias
    activation = {"Relu": tf.nn.relu, "Relu6": tf.nn.relu6}.get(fused[-1], tf.identity)
    actual = run([node], {"kernel": kernel, "bias": bias}, "conv")
    assert actual == pytest.approx(activation(expected).numpy(), abs=1e-5)


def test_a_depthwise_convolution() -> None:
    kernel = RANDOM.normal(size=(3, 3, 3, 1)).astype(np.float32)
    node = Node("conv", "DepthwiseConv2dNative", ("image", "kernel"), PLAIN)
    expected = tf.nn.depthwise_conv2d(PICTURE, kernel, (1, 1, 1, 1), "SAME")
    assert run([node], {"kernel": kernel}, "conv") == pytest.approx(expected.numpy(), abs=1e-5)


def test_doubling_by_its_own_size() -> None:
    nodes = [
        Node("shape", "Shape", ("image",), {}),
        Node("size", "StridedSlice", ("shape", "from", "to", "step"), {}),
        Node("twice", "Mul", ("size", "two"), {}),
        Node("resize", "ResizeBilinear", ("image", "twice"), {"half_pixel_centers": True}),
    ]
    actual = run(nodes, {"two": np.array([2, 2])}, "resize")
    assert actual == pytest.approx(tf.image.resize(PICTURE, (16, 24)).numpy(), abs=1e-6)


@pytest.mark.parametrize(("settings", "message"), [
    ({"fused_ops": ("BiasAdd", "Elu")}, "cannot fuse BiasAdd, Elu"),
    ({"dilations": (1, 2, 2, 1)}, "expects no dilation"),
    ({"padding": "EXPLICIT"}, "expects padding SAME or VALID"),
])  # fmt: skip
def test_what_is_not_known_is_refused_by_name(settings: dict[str, object], message: str) -> None:
    node = Node("conv", "_FusedConv2D", ("image", "kernel", "bias"), {**PLAIN, **settings})  # type: ignore[arg-type]
    with pytest.raises(UnsupportedGraphError, match=f"'conv'.*{message}"):
        run([node], {"kernel": np.zeros((1, 1, 3, 1)), "bias": np.zeros(1)}, "conv")


def test_the_shipped_model_is_native_and_takes_any_size(model: keras.Model) -> None:
    assert {type(layer).__module__.split(".")[0] for layer in model.layers} == {"keras"}
    assert not any(isinstance(layer, keras.layers.Lambda) for layer in model.layers)
    outputs = model(np.zeros((2, 64, 96, 3), np.float32))
    expected = {name: (2, 16, 24, channels) for name, channels in PoseHead().outputs(1).items()}
    assert {name: tuple(tensor.shape) for name, tensor in outputs.items()} == expected


@pytest.mark.parametrize("name", sorted(SOURCE))
def test_people_are_those_of_the_source(model: keras.Model, name: str) -> None:
    picture = cv2.resize(cv2.imread(str(DATA / "photos" / name)), (256, 256))[np.newaxis, ..., ::-1]
    outputs = {key: np.asarray(value) for key, value in model(picture.astype(np.float32), training=False).items()}
    found = PoseHead().decode(outputs, 256, 256, 0.1)
    assert found.keypoints is not None
    assert len(found.scores) == len(SOURCE[name])
    for person in SOURCE[name]:
        points, box = np.array(person[:51]).reshape(17, 3), np.array(person[51:55]) * 256
        distances = np.abs(found.boxes[:, [1, 0, 3, 2]] - box).max(axis=1)
        nearest = int(distances.argmin())
        assert distances[nearest] < 0.01
        assert found.keypoints[nearest][:, [1, 0]] == pytest.approx(points[:, :2] * 256, abs=0.01)
        # The source gives a joint where two people meet the better of both people's scores; here each has its own.
        assert (found.keypoints[nearest][:, 2] <= points[:, 2] + 1e-3).all()
        assert found.scores[nearest] == pytest.approx(person[55], abs=5e-3)
