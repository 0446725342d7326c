"""MobileNetV2's trunk in plain NumPy, in 64 bits, straight from torchvision's tensors: slow, and made to be obvious."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class Block(Protocol):
    """What the reference needs to know of an inverted residual block; see ``models.conversion.mobilenet_v2.Block``."""

    @property
    def index(self) -> int:
        """Its number in ``features``."""

    @property
    def expansion(self) -> int:
        """By how much its first convolution widens its input; 1 if it has none."""

    @property
    def stride(self) -> int:
        """The step of its convolution of 3×3."""


def reference_outputs(
    weights: Mapping[str, NDArray[Any]], image: NDArray[np.float32], blocks: Sequence[Block]
) -> dict[str, Array]:
    """Compute what the trunk must give.

    Args:
        weights: torchvision's tensors by name.
        image: H×W×3 RGB, 0 to 255.
        blocks: The blocks in order.

    Returns:
        The trunk's outputs by name, each height×width×channels.
    """
    mean, deviation = np.array((0.485, 0.456, 0.406)), np.array((0.229, 0.224, 0.225))
    tensor = ((image / 255.0 - mean) / deviation).transpose(2, 0, 1)
    tensor = _relu6(_normalised(weights, "features.0.1", _convolved(weights, "features.0.0", tensor, 2)))
    outputs: dict[str, Array] = {}
    for block in blocks:
        prefix, expanded, step = f"features.{block.index}.conv", tensor, 0
        if block.expansion > 1:
            expanded = _relu6(_normalised(weights, f"{prefix}.0.1", _convolved(weights, f"{prefix}.0.0", tensor, 1)))
            step = 1
        inner = _convolved(weights, f"{prefix}.{step}.0", expanded, block.stride)
        inner = _relu6(_normalised(weights, f"{prefix}.{step}.1", inner))
        outer = _convolved(weights, f"{prefix}.{step + 1}", inner, 1)
        outer = _normalised(weights, f"{prefix}.{step + 2}", outer)
        if block.index == 7:
            outputs["stride8"] = expanded
        tensor = tensor + outer if outer.shape == tensor.shape else outer
        outputs["stride4" if block.index <= 3 else "stride16"] = tensor
    return {name: output.transpose(1, 2, 0) for name, output in outputs.items()}


def _convolved(weights: Mapping[str, NDArray[Any]], name: str, tensor: Array, stride: int) -> Array:
    kernel = weights[f"{name}.weight"].astype(np.float64)
    size = kernel.shape[2]
    padded = np.pad(tensor, ((0, 0), (size // 2, size // 2), (size // 2, size // 2)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (size, size), (1, 2))[:, ::stride, ::stride]
    if kernel.shape[1] == 1:
        return np.asarray(np.einsum("cyxij,cij->cyx", windows, kernel[:, 0]))
    return np.asarray(np.einsum("cyxij,ocij->oyx", windows, kernel, optimize=True))


def _normalised(weights: Mapping[str, NDArray[Any]], name: str, tensor: Array) -> Array:
    scale, shift, mean, variance = (
        weights[f"{name}.{part}"].astype(np.float64)[:, np.newaxis, np.newaxis]
        for part in ("weight", "bias", "running_mean", "running_var")
    )
    return (tensor - mean) / np.sqrt(variance + 1e-5) * scale + shift


def _relu6(tensor: Array) -> Array:
    return tensor.clip(0, 6)
