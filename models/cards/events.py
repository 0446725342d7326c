"""What the training tells while it goes on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from models.cards.scoring import Score
from models.cards.templates import AlikeCards


@dataclass(frozen=True)
class Prepared:
    """Everything has been read; training begins.

    Attributes:
        labels: The cards.
        alike: Cards that are likely to be taken for each other.
        device: What computes, in words.
        parameters: Numbers in the network, and how many of them are trained.
        backgrounds: How many pictures teach.
    """

    labels: tuple[str, ...]
    alike: tuple[AlikeCards, ...]
    device: str
    parameters: tuple[int, int]
    backgrounds: int


@dataclass(frozen=True)
class StepDone:
    """A batch has been learned.

    Attributes:
        epoch: Counted from 1.
        step: Within the epoch, counted from 1.
        steps: In an epoch.
        fraction: Of the whole training, 0 to 1.
        loss: Mean of the epoch so far.
    """

    epoch: int
    step: int
    steps: int
    fraction: float
    loss: float


@dataclass(frozen=True)
class EpochDone:
    """An epoch has ended.

    Attributes:
        epoch: Counted from 1.
        loss: Its mean.
        score: On pictures of the validation split.
        picture: What was found in some of them: a PNG file.
        seconds: Since training began.
    """

    epoch: int
    loss: float
    score: Score
    picture: Path
    seconds: float


@dataclass(frozen=True)
class Finished:
    """The model has been written.

    Attributes:
        folder: Its folder.
        score: On pictures of the test split, which nothing was chosen on.
        seconds: Training and evaluation.
        cpu_seconds: Time of all cores of this process together.
    """

    folder: Path
    score: Score
    seconds: float
    cpu_seconds: float


Event = Prepared | StepDone | EpochDone | Finished
