"""Synthetic pictures as a Keras data set: every epoch has new ones, and the same seed gives the same."""

from __future__ import annotations

import keras
import numpy as np
from numpy.typing import NDArray

from models.cards.synthesis import Synthesizer
from models.cards.targets import targets_for

Batch = tuple[NDArray[np.float32], dict[str, NDArray[np.float32]]]


class CardPictures(keras.utils.PyDataset):  # type: ignore[misc]  # Keras is untyped
    """Batches of synthetic pictures. Picture k of epoch e has the number e ∙ pictures an epoch + k.

    Threads make them, since nearly all of the work is done in OpenCV and NumPy, which run beside each other.

    Args:
        synthesizer: What makes the pictures.
        batch_size: Pictures in a batch.
        batches: Batches in an epoch.
        workers: Threads.
    """

    def __init__(self, synthesizer: Synthesizer, *, batch_size: int, batches: int, workers: int = 1) -> None:
        super().__init__(workers=workers, use_multiprocessing=False, max_queue_size=8)
        self._synthesizer = synthesizer
        self._batch_size = batch_size
        self._batches = batches
        self._epoch = 0

    def __len__(self) -> int:
        """Batches in an epoch."""
        return self._batches

    def __getitem__(self, index: int) -> Batch:
        """Make a batch: pictures (N×H×W×3, ``float32``, 0 to 255) and targets ``heat`` and ``box``."""
        first = (self._epoch * self._batches + index) * self._batch_size
        made = [self._synthesizer.picture(first + number) for number in range(self._batch_size)]
        labels = self._synthesizer.labels
        targets = [targets_for(picture.things, labels, *picture.image.shape[:2]) for picture in made]
        images = np.stack([picture.image for picture in made]).astype(np.float32)
        heat, box = (np.stack(parts) for parts in zip(*((one.heat, one.box) for one in targets), strict=True))
        return images, {"heat": heat, "box": box}

    def on_epoch_end(self) -> None:
        """Go on to new pictures."""
        self._epoch += 1
