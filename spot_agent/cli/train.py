"""``spot-agent train``."""

from __future__ import annotations

import os
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from spot_agent.cli.output import JsonOption, Output, reporting_errors
from spot_agent.cli.signals import ending_on_signals
from spot_agent.cli.training_view import TrainingView
from spot_agent.errors import AgentError, UsageError

if TYPE_CHECKING:
    from models.cards.scoring import Score

DEFAULT_EPOCHS = 4

CardsArgument = Annotated[
    Path, typer.Argument(help="A folder with a PNG or JPEG picture of each card; a file's name is the card's label.")
]
OutOption = Annotated[Path, typer.Option("--out", help="The model's folder, to be made. Its name is the model's.")]
EpochsOption = Annotated[
    int | None,
    typer.Option(min=1, help=f"How often 4,800 new pictures are learned; {DEFAULT_EPOCHS} unless minutes are given."),
]
MinutesOption = Annotated[float | None, typer.Option(min=0.1, help="How long to learn, instead of a number of epochs.")]
BackgroundsOption = Annotated[
    Path | None,
    typer.Option(help="A folder of photos without cards to learn from, best of the place where cards will be shown."),
]
StartOption = Annotated[
    Path | None,
    typer.Option(
        help="A model of cards to begin with; by default the shipped one. 'imagenet' begins farther back, with a "
        "network that has never seen a card.",
        show_default=False,
    ),
]


def train(
    cards: CardsArgument,
    out: OutOption,
    epochs: EpochsOption = None,
    minutes: MinutesOption = None,
    seed: Annotated[int, typer.Option(help="Of the pictures and of the network's first weights.", min=0)] = 0,
    backgrounds: BackgroundsOption = None,
    start: StartOption = None,
    as_json: JsonOption = False,
) -> None:
    """Teach the robot new cue cards: one picture of each card in, a model out.

    The pictures to learn from are made: the cards in perspective on photos, seen through a fisheye, in all sorts of
    light, half of them in grey. After each epoch OUT/epochs gets a picture of what is found. In the end the model is
    measured on pictures with backgrounds that it has not seen, and OUT holds it with its card, ready for config.yaml.
    A graphics card is used if there is one. On two processor cores it takes about twenty minutes. Ctrl-C stops it.
    """
    output = Output(as_json=as_json)
    with reporting_errors(output), ending_on_signals() as interrupted:
        if epochs is not None and minutes is not None:
            raise UsageError("--epochs and --minutes were both given", "give one of the two")
        # Set before TensorFlow is loaded, which would otherwise tell of its own affairs.
        os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
        from models.cards.training import Effort, TrainingStopped, train  # only here: it takes a second

        effort = Effort(epochs=None if minutes is not None else epochs or DEFAULT_EPOCHS, minutes=minutes)
        try:
            with TrainingView(output) as view:
                score = train(
                    cards, out, effort=effort, seed=seed, backgrounds=backgrounds,
                    start=_beginning(start), on_progress=view.take, should_stop=interrupted.is_set,
                )  # fmt: skip
        except TrainingStopped as stopped:
            raise AgentError(str(stopped)) from stopped
        if not as_json:
            _show(out, score, output)


def _beginning(start: Path | None) -> Path | None:
    """The folder of the model to begin with; ``None`` if that is the trunk alone."""
    from models.registry import ZOO

    return None if start == Path("imagenet") else start or ZOO / "cards"


def _show(out: Path, score: Score, output: Output) -> None:
    """Tell how good the model is, and how to use it."""
    table = Table(title="On pictures with backgrounds that it has not seen", title_justify="left")
    for column in ("mAP@0.5", "mAP@0.75", "threshold", "precision", "recall"):
        table.add_column(column, justify="right")
    measured = asdict(score)
    table.add_row(*(f"{measured[key]:.3f}" for key in ("map50", "map75", "threshold", "precision", "recall")))
    output.console.print(table)
    for size in score.by_size:
        if size.cards:
            output.say(f"  {size.low} to {size.high} pixels high: {size.found} of {size.cards} found")
    output.say(f"The model is in [bold]{escape(str(out))}[/]; its card.yaml holds these figures.")
