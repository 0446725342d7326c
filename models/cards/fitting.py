"""The part of the training that needs TensorFlow."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from models.cards.dataset import CardPictures
from models.cards.loss import box_loss, heat_loss
from models.cards.network import build_network
from models.cards.pace import Pace, learning_rate
from models.cards.synthesis import Synthesizer

HIGHEST_RATE = 1e-3
WEIGHT_DECAY = 1e-4
LARGEST_GRADIENT = 5.0

OnStep = Callable[[int, int, float], bool]
"""Told after each batch: epoch and batch, both from 1, and the mean loss of the epoch; gives whether to stop."""
OnEpoch = Callable[[int, float], None]
"""Told after each whole epoch: its number from 1, and its mean loss."""


@dataclass(frozen=True)
class Course:
    """How a network is trained.

    Attributes:
        pace: How long.
        epochs: The most epochs.
        steps: Batches in an epoch.
        batch_size: Pictures in a batch.
    """

    pace: Pace
    epochs: int
    steps: int
    batch_size: int


class CardNetwork:
    """A network in training.

    Args:
        classes: How many cards there are.
        seed: Of its first weights.
        start: A model of other cards to begin with; see ``build_network``.
    """

    def __init__(self, classes: int, *, seed: int, start: Path | None = None) -> None:
        keras.utils.set_random_seed(seed)
        self._model = build_network(classes, start)
        optimizer = keras.optimizers.AdamW(HIGHEST_RATE, weight_decay=WEIGHT_DECAY, clipnorm=LARGEST_GRADIENT)
        # XLA makes depthwise convolutions slow on the CPU.
        losses = {"heat": heat_loss, "box": box_loss}
        self._model.compile(optimizer, losses, jit_compile=False)

    @property
    def parameters(self) -> tuple[int, int]:
        """How many numbers it has, and how many of them are trained."""
        return self._model.count_params(), sum(int(np.prod(weight.shape)) for weight in self._model.trainable_weights)

    def fit(self, synthesizer: Synthesizer, course: Course, on_step: OnStep, on_epoch: OnEpoch) -> None:
        """Train it on pictures that are made as they are needed."""
        pictures = CardPictures(synthesizer, batch_size=course.batch_size, batches=course.steps)
        teller = _Teller(course, on_step, on_epoch)
        self._model.fit(pictures, epochs=course.epochs, verbose=0, shuffle=False, callbacks=[teller])

    def predict(self, images: NDArray[np.uint8]) -> Mapping[str, NDArray[np.float32]]:
        """Run it on N×H×W×3 pictures."""
        outputs = self._model.predict_on_batch(images.astype(np.float32))
        return {name: np.asarray(output) for name, output in outputs.items()}

    def save(self, path: Path) -> None:
        """Write it without optimiser and losses: such a file loads without their code."""
        keras.Model(self._model.input, self._model.output, name=self._model.name).save(path)


class _Teller(keras.callbacks.Callback):  # type: ignore[misc]  # Keras is untyped
    """Sets the rate of learning, tells how far it is, and stops when it is time."""

    def __init__(self, course: Course, on_step: OnStep, on_epoch: OnEpoch) -> None:
        super().__init__()
        self._course = course
        self._on_step = on_step
        self._on_epoch = on_epoch
        self._epoch = 0
        self._done = 0

    def on_epoch_begin(self, epoch: int, logs: Mapping[str, float] | None = None) -> None:
        self._epoch = epoch + 1

    def on_train_batch_begin(self, batch: int, logs: Mapping[str, float] | None = None) -> None:
        fraction = self._course.pace.fraction(self._done)
        self.model.optimizer.learning_rate.assign(learning_rate(HIGHEST_RATE, fraction))

    def on_train_batch_end(self, batch: int, logs: Mapping[str, float] | None = None) -> None:
        self._done += 1
        stop = self._on_step(self._epoch, batch + 1, float((logs or {})["loss"]))
        if stop or self._course.pace.fraction(self._done) >= 1:
            self.model.stop_training = True

    def on_epoch_end(self, epoch: int, logs: Mapping[str, float] | None = None) -> None:
        self._on_epoch(epoch + 1, float((logs or {})["loss"]))


def device() -> str:
    """Say what computes."""
    gpus = tf.config.list_physical_devices("GPU")
    if gpus:
        return f"GPU {tf.config.experimental.get_device_details(gpus[0]).get('device_name', gpus[0].name)}"
    return f"CPU, {os.cpu_count()} cores"
