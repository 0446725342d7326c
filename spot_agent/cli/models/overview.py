"""``spot-agent models show``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from rich.markup import escape
from rich.table import Table

from models import check_model
from models.registry import model_folder
from spot_agent.cli.models.entry import Entry
from spot_agent.cli.models.options import NameArgument
from spot_agent.cli.output import JsonOption, Output, reporting_errors

_SHOWN_LABELS = 12
_LINES = (
    ("summary", "what it does"), ("architecture", "architecture"), ("licence", "licence"), ("source", "source"),
    ("training_data", "training data"), ("conversion", "made by"), ("input", "input"), ("accuracy", "accuracy"),
    ("speed", "speed"), ("intended_use", "meant for"),
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
    table.add_row("size", escape(entry.size))
    size = f"{defaults.input_size.height}x{defaults.input_size.width} (height x width)"
    table.add_row("defaults", f"{size}, {defaults.precision}, threshold {defaults.threshold:g}")
    table.add_row("labels", escape(_few(entry.labels)))
    for limit in card.limits:
        table.add_row("limit", escape(limit))
    for what, figures in card.measured.items():
        lines = "\n".join(_lines(figures, "  "))
        table.add_row("measured", f"[bold]{escape(str(what).replace('_', ' '))}[/]\n{escape(lines)}")
    output.console.print(table)


def _few(labels: tuple[str, ...]) -> str:
    more = f", ... ({len(labels)} in all; --json lists them)" if len(labels) > _SHOWN_LABELS else ""
    return ", ".join(labels[:_SHOWN_LABELS]) + more


def _lines(figures: Any, indent: str = "") -> Iterator[str]:  # noqa: ANN401 - whatever YAML may hold
    if isinstance(figures, dict):
        for name, value in figures.items():
            words = str(name).replace("_", " ")
            if isinstance(value, dict) and not any(isinstance(each, (dict, list)) for each in value.values()):
                yield f"{indent}{words}: " + ", ".join(
                    f"{str(key).replace('_', ' ')} {each}" for key, each in value.items()
                )
            elif isinstance(value, dict):
                yield f"{indent}{words}:"
                yield from _lines(value, indent + "  ")
            else:
                yield f"{indent}{words}: {value}"
    else:
        yield f"{indent}{figures}"
