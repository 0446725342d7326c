"""Figures of models as tables that fit a narrow terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

from spot_agent.cli.models.entry import Entry
from spot_agent.cli.output import Output

if TYPE_CHECKING:
    from models.comparison import ModelComparison
    from models.evaluation import Evaluation


def show_evaluation(name: str, results: dict[str, Evaluation], output: Output) -> None:
    """Show how good a model is.

    Args:
        name: The model.
        results: The figures for each kind of pictures.
        output: Where they go.
    """
    any_result = next(iter(results.values()))
    title = f"{name}: {any_result.pictures} pictures, {any_result.things} things that it has labels for"
    output.say(f"[italic]{escape(title)}[/]")
    table = Table("", *results)
    for words, attribute in (("AP", "ap"), ("AP50", "ap50"), ("AP75", "ap75")):
        means = [side.average_precision for side in results.values()]
        table.add_row(words, *(_share(getattr(mean, attribute)) if mean.things else "" for mean in means))
    for words in ("precision", "recall"):
        table.add_row(words, *(_share(getattr(side, words)) if side.things else "" for side in results.values()))
    table.add_row("found", *(f"{side.found} of {side.things}" for side in results.values()))
    table.add_row("surplus", *(str(side.surplus) for side in results.values()))
    table.add_row("one picture", *(f"{side.milliseconds:.1f} ms" for side in results.values()))
    output.console.print(table)
    if any(side.by_label for side in results.values()):
        output.console.print(_by_label(results))
    output.say(f"Precision, recall, found and surplus are those from a score of {any_result.threshold:g} on.")


def _by_label(results: dict[str, Evaluation]) -> Table:
    table = Table(title=f"by label, {' / '.join(results)}", title_justify="left")
    for column in ("label", "things", "AP50", "found", "surplus"):
        table.add_column(column, overflow="fold")
    for label in sorted({label for result in results.values() for label in result.by_label}):
        sides = [result.by_label.get(label) for result in results.values()]
        things = max(side.precision.things for side in sides if side is not None)
        precisions = [_share(side.precision.ap50 if side else 0.0) for side in sides]
        found, surplus = ([getattr(side, what, 0) for side in sides] for what in ("found", "surplus"))
        figures = (" / ".join(map(str, values)) for values in (precisions, found, surplus))
        table.add_row(escape(label), str(things), *(figures if things else ("", "", " / ".join(map(str, surplus)))))
    return table


def _share(value: float) -> str:
    return f"{value:.3f}"


def show_comparison(entries: tuple[Entry, Entry], result: ModelComparison, output: Output) -> None:
    """Show two models beside each other.

    Args:
        entries: What is known about them.
        result: How they did.
        output: Where it goes.
    """
    sides = result.first, result.second
    labels = f"{len(result.labels)} labels that both have"
    output.say(f"[italic]{sides[0].pictures} pictures, {sides[0].things} things, {labels}[/]")
    table = Table()
    for column in ("", *(entry.name for entry in entries)):
        table.add_column(escape(column), overflow="fold")
    for words, attribute in (("AP", "ap"), ("AP50", "ap50"), ("AP75", "ap75")):
        table.add_row(words, *(_share(getattr(side.average_precision, attribute)) for side in sides))
    for words in ("precision", "recall"):
        table.add_row(words, *(_share(getattr(side, words)) for side in sides))
    table.add_row("believed from", *(f"{side.threshold:g}" for side in sides))
    table.add_row("one picture", *(f"{side.milliseconds:.1f} ms" for side in sides))
    table.add_row("size", *(escape(entry.size) for entry in entries))
    table.add_row("labels", *(str(len(entry.labels)) for entry in entries))
    table.add_row("licence", *(escape(entry.card.licence) for entry in entries))
    output.console.print(table)
    agreed = result.agreement
    output.console.print(
        f"They agree on {agreed.both} of {agreed.both + agreed.only_first + agreed.only_second} detections "
        f"({agreed.share:.0%}); {agreed.only_first} are the first's alone, {agreed.only_second} the second's."
    )
    for advice in result.advice:
        output.console.print(f"[bold]{escape(advice)}[/]", soft_wrap=True)
