"""What a detector does before and after its network runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models import model_card, model_labels
from models.heads import HEADS
from models.letterbox import letterbox
from models.litert import LitertRunner, exported_model
from models.loading import model_source
from models.network_detector import NetworkDetector
from models.registry import model_folder


@dataclass(frozen=True)
class RecordedNetwork:
    """Gives what a network gave before, at no cost."""

    input_shape: tuple[int, ...]
    outputs: dict[str, NDArray[np.float32]]

    def run(self, image: NDArray[np.uint8]) -> dict[str, NDArray[np.float32]]:
        """Give the recorded outputs."""
        return self.outputs


def without_network(name: str, photo: NDArray[np.uint8]) -> Callable[[], object]:
    """Make an action that does all that a detector does with a picture, but for the network.

    Args:
        name: A model with a network.
        photo: The picture.
    """
    card = model_card(name)
    defaults, size = card.defaults, card.defaults.input_size
    runner = LitertRunner(exported_model(model_source(model_folder(name), card), size, defaults.precision), threads=2)
    outputs = runner.run(letterbox(photo, size.height, size.width).canvas[np.newaxis])
    detector = NetworkDetector(
        name, model_labels(name), RecordedNetwork(runner.input_shape, outputs), HEADS[card.architecture],
        threshold=defaults.threshold, overlap=defaults.overlap,
    )  # fmt: skip
    return lambda: detector.detect([photo])
