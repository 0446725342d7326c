"""``spot-agent models list``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.padding import Padding

from models import ModelError, available_models, check_model
from models.card import CARD_FILE
from models.preset import PRESET_FOLDER
from models.source import MODEL_FILE
from spot_agent.cli.models.entry import Entry
from spot_agent.cli.output import JsonOption, Output, reporting_errors
from spot_agent.errors import UsageError

_SIGNS = (CARD_FILE, MODEL_FILE, PRESET_FOLDER)
"""Whatever holds one of these is meant to be a model."""


def list_models(
    folder: Annotated[
        Path | None,
        typer.Argument(help="A model of your own, or a folder with several, one folder each, to list as well."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """List the models: those that come with the product, and those in FOLDER.

    Each can be named in config.yaml after 'model:', one of your own by its path. 'models show' tells all about one.
    Of one that cannot be used the reason is told.

    Exit status 0, also if one of them cannot be used. 2: there is no FOLDER, or no model in it.
    """
    output = Output(as_json=as_json)
    with reporting_errors(output):
        for name in (*available_models(), *_own(folder)):
            try:
                entry = Entry.of(name)
                check_model(name)
                _tell(entry, output)
            except ModelError as error:  # one that is damaged must not hide the others
                output.event("damaged model", f"[bold]{escape(name)}[/]", name=name, message=str(error))
                _indented(f"[red]cannot be used:[/] {escape(str(error))}", output)


def _own(folder: Path | None) -> Iterator[str]:
    if folder is None:
        return
    if not folder.is_dir():
        raise UsageError(f"there is no folder {folder}")
    several = [] if _is_meant_as_model(folder) else [each for each in folder.iterdir() if _is_meant_as_model(each)]
    if not several and not _is_meant_as_model(folder):
        raise UsageError(f"there is no model in {folder}", hint=f"a model is a folder with a {CARD_FILE}")
    for each in sorted(several) or [folder]:
        yield str(each) if each.is_absolute() else f"./{each}"


def _is_meant_as_model(folder: Path) -> bool:
    return any((folder / sign).exists() for sign in _SIGNS)


def _tell(entry: Entry, output: Output) -> None:
    card = entry.card
    output.event(
        "model", f"[bold]{escape(entry.name)}[/]: {escape(card.title)}", name=entry.name, title=card.title,
        kind=card.architecture, labels=list(entry.labels), bytes=entry.bytes, network_of=card.network_of,
        licence=card.licence, speed=card.speed, accuracy=card.accuracy,
    )  # fmt: skip
    labels = f"label: {entry.labels[0]}" if len(entry.labels) == 1 else f"{len(entry.labels)} labels"
    _indented(escape(f"{labels}, {entry.size}, licence {card.licence}, kind {card.architecture}"), output)
    _indented(f"[cyan]accuracy[/] {escape(card.accuracy)}", output)
    _indented(f"[cyan]speed[/] {escape(card.speed)}", output)


def _indented(text: str, output: Output) -> None:
    if not output.as_json:
        output.console.print(Padding(text, (0, 0, 0, 2)))
