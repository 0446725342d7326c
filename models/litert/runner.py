"""Run an exported model."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
from ai_edge_litert.interpreter import Interpreter
from numpy.typing import NDArray

from models.errors import ModelLoadError


class LitertRunner:
    """An exported model in memory, ready to run; calls from several threads take turns.

    Args:
        path: The exported model: one ``uint8`` input called ``image``.
        threads: How many threads one run may use.

    Raises:
        ModelLoadError: The file is no model, or one with another input.
    """

    def __init__(self, path: Path, *, threads: int) -> None:
        try:
            self._interpreter = Interpreter(str(path), num_threads=threads)
            self._interpreter.allocate_tensors()  # now, so that the first picture takes no longer than the others
            self._signature = self._interpreter.get_signature_runner()
        except (ValueError, RuntimeError) as error:
            raise ModelLoadError(
                f"{path}: LiteRT cannot read the exported model; delete the file and start again ({error})"
            ) from error
        inputs = self._signature.get_input_details()
        if set(inputs) != {"image"} or inputs["image"]["dtype"] is not np.uint8:
            raise ModelLoadError(f"{path}: expected one uint8 input called 'image', found {sorted(inputs)}")
        self._shape: tuple[int, ...] = tuple(int(size) for size in inputs["image"]["shape"])
        self._lock = threading.Lock()

    @property
    def input_shape(self) -> tuple[int, ...]:
        """Shape of the input: (1, height, width, 3)."""
        return self._shape

    @property
    def output_shapes(self) -> dict[str, tuple[int, ...]]:
        """Shape of each output by its name."""
        details = self._signature.get_output_details()
        return {name: tuple(int(size) for size in detail["shape"]) for name, detail in details.items()}

    def run(self, image: NDArray[np.uint8]) -> dict[str, NDArray[np.float32]]:
        """Run the model once.

        Args:
            image: The input, of ``input_shape``.

        Returns:
            Each output by its name; the arrays belong to the caller.
        """
        with self._lock:
            outputs: dict[str, NDArray[np.float32]] = self._signature(image=image)
        return outputs
