"""Run a small dense network from its Keras file, with NumPy alone.

Such a network takes microseconds; loading Keras or TensorFlow for it would take seconds, and an export a place to keep
it. A ``.keras`` file is a ZIP archive with the layers in ``config.json`` and their weights in ``model.weights.h5``.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from models.bounded_file import read_bounded
from models.errors import ModelLoadError
from models.keras_file import open_keras_file

if TYPE_CHECKING:
    import h5py

MAX_BYTES = 1 << 20
"""The largest that a head's file may be; ours have a twentieth of it."""

Floats = NDArray[np.float32]


def _relu(values: Floats) -> Floats:
    return np.maximum(values, 0)


def _sigmoid(values: Floats) -> Floats:
    one = np.float32(1)
    return np.asarray(one / (one + np.exp(-np.clip(values, -30, 30))), np.float32)


def _linear(values: Floats) -> Floats:
    return values


_ACTIVATIONS: dict[str, Callable[[Floats], Floats]] = {"relu": _relu, "sigmoid": _sigmoid, "linear": _linear}


class DenseNetwork:
    """Dense layers one after another. Immutable, so that threads may share it.

    Args:
        layers: For each layer its kernel (inputs×units), its bias (units) and the name of its activation.

    Raises:
        ModelLoadError: The layers do not fit each other, or hold what is no number.
    """

    def __init__(self, layers: Sequence[tuple[Floats, Floats, str]]) -> None:
        if not layers:
            raise ModelLoadError("the network has no layers")
        size = layers[0][0].shape[0] if layers[0][0].ndim == 2 else -1
        for kernel, bias, activation in layers:
            if kernel.ndim != 2 or kernel.shape[0] != size or bias.shape != kernel.shape[1:]:
                raise ModelLoadError(
                    f"a layer's kernel has the shape {kernel.shape}, its bias {bias.shape}; expected {size} inputs"
                )
            if activation not in _ACTIVATIONS:
                raise ModelLoadError(f"the activation {activation!r} is none of {', '.join(_ACTIVATIONS)}")
            if not (np.isfinite(kernel).all() and np.isfinite(bias).all()):
                raise ModelLoadError("a layer has weights that are no finite numbers")
            size = kernel.shape[1]
        self._layers = tuple(layers)

    @property
    def inputs(self) -> int:
        """How many values it takes."""
        return int(self._layers[0][0].shape[0])

    @property
    def outputs(self) -> int:
        """How many values it gives."""
        return int(self._layers[-1][0].shape[1])

    def run(self, values: Floats) -> Floats:
        """Run it.

        Args:
            values: N×inputs.

        Returns:
            N×outputs.
        """
        for kernel, bias, activation in self._layers:
            values = _ACTIVATIONS[activation](values @ kernel + bias)
        return values

    @classmethod
    def load(cls, path: Path) -> DenseNetwork:
        """Read a Keras file: a ``Sequential`` model of ``Dense`` layers, with ``Dropout`` between them or not.

        Nothing in the file is ever executed.

        Raises:
            ModelLoadError: It cannot be read, is too large, or has other layers.
        """
        # Only here: it takes a tenth of a second, and few commands need a head.
        import h5py

        from models.weights_file import check_weights

        content = read_bounded(path, MAX_BYTES, "the second head")
        try:
            file = open_keras_file(content)
            check_weights(file.weights, MAX_BYTES)
            with h5py.File(io.BytesIO(file.weights), "r") as weights:
                return cls(_layers(file.config, weights))
        except ModelLoadError as error:
            raise ModelLoadError(f"{path}: {error}") from error
        except (OSError, KeyError, TypeError, ValueError, RuntimeError) as error:
            raise ModelLoadError(f"{path}: the weights cannot be read ({error})") from error


def _layers(config: Mapping[str, Any], weights: h5py.File) -> list[tuple[Floats, Floats, str]]:
    kinds = [layer["class_name"] for layer in config["config"]["layers"]]
    if config["class_name"] != "Sequential" or kinds[:1] != ["InputLayer"] or set(kinds[1:]) - {"Dense", "Dropout"}:
        raise ModelLoadError(
            f"expected a Sequential model of an InputLayer, Dense and Dropout layers, found {config['class_name']} "
            f"of {', '.join(map(str, kinds))}"
        )
    layers = []
    dense = [layer for layer in config["config"]["layers"] if layer["class_name"] == "Dense"]  # others do nothing here
    for index, layer in enumerate(dense):
        # Keras numbers the layers of a kind from the second on.
        stored = weights[f"layers/dense{f'_{index}' if index else ''}/vars"]
        kernel, bias = (_array(stored[key]) for key in ("0", "1"))
        layers.append((kernel, bias, str(layer["config"]["activation"])))
    return layers


def _array(dataset: h5py.Dataset) -> Floats:
    if dataset.size > MAX_BYTES // 4:
        raise ValueError(f"weights of the shape {dataset.shape}")
    return np.asarray(dataset[()], np.float32)
