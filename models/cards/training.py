"""Teach a detector to find somebody's cards: ``train`` makes pictures, trains, evaluates and writes a model's folder.

The network learns from pictures that nobody took (``models.cards.synthesis``), so all it needs is one picture of each
card. Its trunk has been trained on ImageNet before, and its first layers keep their weights.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import cv2

from models.cards.backgrounds import Backgrounds
from models.cards.errors import TrainingError
from models.cards.events import EpochDone, Event, Finished, Prepared, StepDone
from models.cards.pace import Pace
from models.cards.pictures import Tile, contact_sheet
from models.cards.scoring import Score, best_threshold, detect, score
from models.cards.settings import EVALUATION, TRAINING
from models.cards.synthesis import Synthesizer, SyntheticPicture
from models.cards.templates import CardTemplate, alike_cards, read_templates
from models.cards.zoo_folder import TrainedModel, write_folder

if TYPE_CHECKING:
    from models.cards.fitting import CardNetwork

MOST_EPOCHS = 1000
"""Of a training that time bounds."""
_SHOWN = 12
"""Pictures on the sheet of each epoch."""
_VALIDATION_SEED, _TEST_SEED = 1_000_001, 1_000_002
"""Seeds of the pictures that are not learned from; they are the same for every training."""

OnProgress = Callable[[Event], None]


@dataclass(frozen=True)
class Effort:
    """How much work a training is.

    Attributes:
        epochs: How many; ``None`` if time bounds it.
        minutes: How long training may take, evaluation apart; ``None`` if epochs bound it.
        steps: Batches in an epoch.
        batch_size: Pictures in a batch.
        validation_pictures: Pictures that each epoch is judged by, and that choose the threshold.
        test_pictures: Pictures that the figures are measured on.
    """

    epochs: int | None = 4
    minutes: float | None = None
    steps: int = 300
    batch_size: int = 16
    validation_pictures: int = 200
    test_pictures: int = 600


DEFAULT_EFFORT = Effort()


class TrainingStopped(TrainingError):  # noqa: N818  (named after what happened)
    """Somebody asked the training to stop; no model was written."""


def train(
    cards: Path,
    out: Path,
    *,
    effort: Effort = DEFAULT_EFFORT,
    seed: int = 0,
    backgrounds: Path | None = None,
    start: Path | None = None,
    licence: str = "LicenseRef-own-cards AND BSD-3-Clause",
    on_progress: OnProgress = lambda event: None,
    should_stop: Callable[[], bool] = lambda: False,
) -> Score:
    """Teach a detector to find cards.

    Args:
        cards: Folder with a picture of each card; see ``models.cards.templates.read_templates``.
        out: The model's folder; its name is the model's. It must not hold a model yet.
        effort: How much work to spend.
        seed: Of the pictures and of the network's first weights.
        backgrounds: Folder with more pictures without cards to learn from, best of the place where cards will be shown.
        start: Folder of a model of other cards to begin with: it knows already what cards are, and needs to learn only
            which is which. Without it the training begins with a trunk that was trained on ImageNet.
        licence: What the model's card is to say about its licence.
        on_progress: Told what happens, in the calling thread.
        should_stop: Asked after each batch.

    Returns:
        How good it is on pictures with backgrounds that it has not seen.

    Raises:
        CardsError: The cards or backgrounds cannot be used.
        TrainingError: ``out`` holds a model, ``start`` holds none of cards, or effort is nothing.
        TrainingStopped: ``should_stop`` said so.
    """
    templates, photos = read_templates(cards), Backgrounds.read(backgrounds)
    if (out / "model.keras").exists():
        raise TrainingError(f"{out}: there is a model here already; give another folder, or delete it")
    if (effort.epochs is None) == (effort.minutes is None) or min(effort.epochs or 1, effort.minutes or 1) <= 0:
        raise TrainingError("give a number of epochs or of minutes, greater than 0, and not both")
    if start is not None and not (start / "model.keras").is_file():
        raise TrainingError(f"{start}: there is no model here to begin with; its folder must hold a model.keras")
    out.mkdir(parents=True, exist_ok=True)
    model = TrainedModel(cards=cards, licence=licence, seed=seed, effort=effort, start=start)
    return _Run(templates, photos, out, model, on_progress, should_stop).train()


class _Run:
    """One training; see ``train``."""

    def __init__(
        self,
        templates: tuple[CardTemplate, ...],
        photos: Backgrounds,
        out: Path,
        model: TrainedModel,
        on_progress: OnProgress,
        should_stop: Callable[[], bool],
    ) -> None:
        from models.cards import fitting  # only here: it loads TensorFlow

        start = None if model.start is None else model.start / "model.keras"
        self._fitting = fitting
        self._network: CardNetwork = fitting.CardNetwork(len(templates), seed=model.seed, start=start)
        self._out, self._model, self._effort = out, model, model.effort
        self._on_progress, self._should_stop = on_progress, should_stop
        self._stopped = False
        self._start, self._cpu_start = time.monotonic(), time.process_time()
        self._learned = Synthesizer(templates, photos.train, TRAINING, seed=model.seed)
        self._labels = self._learned.labels
        validation = Synthesizer(templates, photos.validation, EVALUATION, seed=_VALIDATION_SEED)
        self._validation = [validation.picture(number) for number in range(model.effort.validation_pictures)]
        self._test = Synthesizer(templates, photos.test, EVALUATION, seed=_TEST_SEED)
        on_progress(
            Prepared(
                self._labels, alike_cards(templates), fitting.device(), self._network.parameters, len(photos.train)
            )
        )

    def train(self) -> Score:
        """Train, evaluate and write."""
        effort = self._effort
        epochs = effort.epochs or MOST_EPOCHS
        pace = Pace(epochs * effort.steps, None if effort.minutes is None else effort.minutes * 60)
        course = self._fitting.Course(pace, epochs, effort.steps, effort.batch_size)

        def on_step(epoch: int, step: int, loss: float) -> bool:
            done = pace.fraction((epoch - 1) * effort.steps + step)
            self._on_progress(StepDone(epoch, step, effort.steps, done, loss))
            self._stopped = self._stopped or self._should_stop()
            return self._stopped

        self._network.fit(self._learned, course, on_step, self._on_epoch)
        if self._stopped:
            raise TrainingStopped("the training was stopped; no model was written")
        threshold = self._judge(self._validation)[0].threshold
        test = [self._test.picture(number) for number in range(effort.test_pictures)]
        result = score(detect(self._network.predict, [one.image for one in test], self._labels), test, threshold)
        seconds, cpu_seconds = time.monotonic() - self._start, time.process_time() - self._cpu_start
        self._network.save(self._out / "model.keras")
        write_folder(self._out, self._labels, self._model, result, seconds, cpu_seconds)
        self._on_progress(Finished(self._out, result, seconds, cpu_seconds))
        return result

    def _on_epoch(self, epoch: int, loss: float) -> None:
        if self._stopped:
            return
        judged, tiles = self._judge(self._validation)
        picture = self._out / "epochs" / f"epoch-{epoch:02d}.png"
        picture.parent.mkdir(exist_ok=True)
        cv2.imwrite(str(picture), contact_sheet(tiles)[..., ::-1])
        self._on_progress(EpochDone(epoch, loss, judged, picture, time.monotonic() - self._start))

    def _judge(self, pictures: list[SyntheticPicture]) -> tuple[Score, list[Tile]]:
        """Score the network at its best threshold, and draw what it finds there."""
        detections = detect(self._network.predict, [one.image for one in pictures], self._labels)
        threshold = best_threshold(detections, [one.things for one in pictures])
        tiles = [
            Tile(one.image, one.things, [each for each in said if each.score >= threshold])
            for one, said in zip(pictures[:_SHOWN], detections, strict=False)
        ]
        return score(detections, pictures, threshold), tiles
