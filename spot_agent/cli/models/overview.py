"""``spot-agent models list`` and ``show``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from models import ModelCard, ModelError, available_models, check_model, model_card, model_labels
from models.loading import model_source
from models.registry import model_folder
from spot_agent.cli.models.options import NameArgument
from spot_agent.cli.output import JsonOption, Output, reporting_errors

_SHOWN_LABELS = 12
_LINES = (
    ("summary", "what it does"), ("architecture", "architecture"), ("licence", "licence"), ("source", "source"),
    ("training_data", "training data"), ("conversion", "made by"), ("input", "input"), ("accuracy", "accuracy"),
    ("speed", "speed"), ("intended_use", "meant for"),
)  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """A model as it is listed.

    Attributes:
        name: How config.yaml names it.
        card: What is known about it.
        labels: What it can find.
        bytes: Size of its files.
    """

    name: str
    card: ModelCard
    labels: tuple[str, ...]
    bytes: int

    @classmethod
    def of(cls, name: str) -> Entry:
        """Read a model's folder; the model is not loaded.

        Raises:
            ModelError: There is no such model, or its folder is damaged.
        """
        folder, card = model_folder(name), model_card(name)
        network = model_source(folder, card)
        files = network.iterdir() if network.is_dir() else [network]
        size = sum(file.stat().st_size for file in files if file.is_file())
        return cls(name, card, model_labels(name), size)


def list_models(
    folder: Annotated[
        Path | None, typer.Argument(help="A folder of models of your own, one folder each, to list as well.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """List the models: those that come with the product, and those in FOLDER.

    Each can be named in config.yaml after 'model:', one of your own by its path. 'models show' tells all about one.
    """
    output = Output(as_json=as_json)
    with reporting_errors(output):
        names = [*available_models(), *_own(folder)]
        table = Table(title="Models", title_justify="left")
        for column in ("model", "kind", "labels", "size", "licence", "speed", "accuracy"):
            table.add_column(column)
        for name in names:
            try:
                _add(Entry.of(name), table, output)
            except ModelError as error:  # one that is damaged must not hide the others
                table.add_row(escape(name), f"[red]{escape(str(error))}[/]")
                output.event("damaged model", None, name=name, message=str(error))
        if not as_json:
            output.console.print(table)


def _own(folder: Path | None) -> Iterator[str]:
    if folder is None:
        return
    if not folder.is_dir():
        raise NotADirectoryError(20, "there is no such folder", str(folder))
    for card in sorted(folder.glob("*/card.yaml")):
        yield f"./{card.parent}" if not card.parent.is_absolute() else str(card.parent)


def _add(entry: Entry, table: Table, output: Output) -> None:
    card = entry.card
    labels = entry.labels[0] if len(entry.labels) == 1 else f"{len(entry.labels)}"
    size = f"{entry.bytes / 1e6:.1f} MB" if entry.bytes else "none"
    table.add_row(
        escape(entry.name),
        card.architecture,
        escape(labels),
        size,
        *map(escape, (card.licence, card.speed, card.accuracy)),
    )
    output.event(
        "model", None, name=entry.name, title=card.title, kind=card.architecture, labels=list(entry.labels),
        bytes=entry.bytes, licence=card.licence, speed=card.speed, accuracy=card.accuracy,
    )  # fmt: skip


def show(name: NameArgument, as_json: JsonOption = False) -> None:
    """Show all that is known about a model: where it comes from, what it takes, how good it was and how it fails.

    Its folder is checked too. Exit status 0: it is in order. 2: there is no such model, or something is wrong with it.
    """
    output = Output(as_json=as_json)
    with reporting_errors(output):
        entry = Entry.of(name)
        check_model(name)
        card = entry.card
        output.event(
            "model", None, name=name, folder=str(model_folder(name)), labels=list(entry.labels), bytes=entry.bytes,
            card=asdict(card),
        )  # fmt: skip
        if not as_json:
            _print(entry, output)


def _print(entry: Entry, output: Output) -> None:
    card, defaults = entry.card, entry.card.defaults
    table = Table(box=None, show_header=False, title=f"[bold]{escape(card.title)}[/]", title_justify="left")
    table.add_column(style="cyan", no_wrap=True)
    table.add_column(overflow="fold")
    for field, words in _LINES:
        if getattr(card, field):
            table.add_row(words, escape(str(getattr(card, field))))
    table.add_row("folder", escape(str(model_folder(entry.name))))
    table.add_row("size", f"{entry.bytes / 1e6:.1f} MB")
    size = f"{defaults.input_size.height}x{defaults.input_size.width} (height x width)"
    table.add_row("defaults", f"{size}, {defaults.precision}, threshold {defaults.threshold:g}")
    table.add_row("labels", escape(_few(entry.labels)))
    for limit in card.limits:
        table.add_row("limit", escape(limit))
    for what, figures in card.measured.items():
        table.add_row(f"measured: {what.replace('_', ' ')}", escape("\n".join(_lines(figures))))
    output.console.print(table)


def _few(labels: tuple[str, ...]) -> str:
    more = f", ... ({len(labels)} in all; --json lists them)" if len(labels) > _SHOWN_LABELS else ""
    return ", ".join(labels[:_SHOWN_LABELS]) + more


def _lines(figures: Any, indent: str = "") -> Iterator[str]:  # noqa: ANN401 - whatever YAML may hold
    if isinstance(figures, dict):
        for name, value in figures.items():
            words = str(name).replace("_", " ")
            if isinstance(value, dict):
                yield f"{indent}{words}:"
                yield from _lines(value, indent + "  ")
            else:
                yield f"{indent}{words}: {value}"
    else:
        yield f"{indent}{figures}"
