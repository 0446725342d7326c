"""``spot-agent models evaluate`` and ``compare``."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from spot_agent.cli.models.options import InputSizeOption, NameArgument, PicturesOption, ThreadsOption, read_size
from spot_agent.cli.models.overview import Entry
from spot_agent.cli.models.progress import LateBar, late_bar
from spot_agent.cli.output import JsonOption, Output, reporting_errors

if TYPE_CHECKING:
    from models import Detector, InputSize
    from models.comparison import ModelComparison
    from models.evaluation import Evaluation, LabelResult

CURVE_THRESHOLD = 0.05
"""The lowest score asked of a detector here: average precision looks at the weak detections, too."""

ThresholdOption = Annotated[
    float | None,
    typer.Option(
        help="Score from which on a detection is believed; by default the card's.", min=0.0, max=1.0, show_default=False
    ),
]


def evaluate(
    name: NameArgument,
    pictures: PicturesOption,
    threshold: ThresholdOption = None,
    threads: ThreadsOption = 2,
    input_size: InputSizeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Measure how good a model is on pictures whose things are labelled, in colour and in grey as Spot's cameras see.

    AP is COCO's average precision, the mean over overlaps of 0.5 to 0.95; AP50 and AP75 ask for one overlap. Precision
    and recall are those of detections from the threshold on, at an overlap of 0.5. Labels that the model lacks are left
    out.
    """
    # Imported here: it takes a second, which --help need not wait for.
    from models.evaluation import as_grey, evaluate, read_pictures

    output = Output(as_json=as_json)
    size = read_size(input_size)
    with reporting_errors(output):
        entry = Entry.of(name)
        labelled = read_pictures(pictures)
        detector = _load(name, threads, size, output)
        believed = entry.card.defaults.threshold if threshold is None else threshold
        results: dict[str, Evaluation] = {}
        with late_bar(output, f"{escape(name)} looks at {2 * len(labelled)} pictures") as bar:
            for mode, seen in (("colour", labelled), ("grey", tuple(map(as_grey, labelled)))):
                told = partial(_tell, bar, len(results) * len(labelled), 2 * len(labelled))
                results[mode] = evaluate(detector, seen, threshold=believed, on_progress=told)
        for mode, result in results.items():
            output.event("evaluation", None, model=name, mode=mode, **result.as_json())
        if not as_json:
            _show(name, results, output)


def compare(
    first: Annotated[str, typer.Argument(help="A model: a name from 'models list', or the path of its folder.")],
    second: Annotated[str, typer.Argument(help="Another.")],
    pictures: PicturesOption,
    threads: ThreadsOption = 2,
    as_json: JsonOption = False,
) -> None:
    """Compare two models on labelled pictures: accuracy, speed, size, how far they agree, and which to choose for what.

    Only labels that both have are compared. Each believes its detections from its own card's threshold on.
    'models certify' asks the next question: whether one may take the other's place under your rules.
    """
    from models.comparison import common_labels, compare_detectors
    from models.evaluation import read_pictures

    output = Output(as_json=as_json)
    with reporting_errors(output):
        entries = Entry.of(first), Entry.of(second)
        common_labels(*entries)  # before anything is loaded
        labelled = read_pictures(pictures)
        detectors = [_load(name, threads, None, output) for name in (first, second)]
        thresholds = entries[0].card.defaults.threshold, entries[1].card.defaults.threshold
        with late_bar(output, f"both look at {len(labelled)} pictures") as bar:
            result = compare_detectors(detectors[0], detectors[1], labelled, thresholds, bar)
        output.event(
            "comparison", None, models=[first, second], labels=list(result.labels),
            evaluations=[result.first.as_json(), result.second.as_json()], bytes=[entry.bytes for entry in entries],
            agreement={**asdict(result.agreement), "share": result.agreement.share}, advice=list(result.advice),
        )  # fmt: skip
        if not as_json:
            _show_comparison(entries, result, output)


def _tell(bar: LateBar, before: int, total: int, done: int, _: int) -> None:
    bar(before + done, total)


def _load(name: str, threads: int, size: InputSize | None, output: Output) -> Detector:
    from models import load_detector

    with output.working(f"loading {escape(name)} (the first time takes some seconds)"):
        return load_detector(name, threads=threads, threshold=CURVE_THRESHOLD, input_size=size)


def _show(name: str, results: dict[str, Evaluation], output: Output) -> None:
    any_result = next(iter(results.values()))
    title = f"{name}: {any_result.pictures} pictures, {any_result.things} things that it has labels for"
    table = Table(title=escape(title), title_justify="left")
    for column in ("", "AP", "AP50", "AP75", "precision", "recall", "found", "surplus", "one picture"):
        table.add_column(column)
    for mode, result in results.items():
        mean = result.average_precision
        table.add_row(
            mode, *_share(mean.ap, mean.ap50, mean.ap75, result.precision, result.recall),
            f"{result.found} of {result.things}", str(result.surplus), f"{result.milliseconds:.1f} ms",
        )  # fmt: skip
    output.console.print(table)
    by_label = Table(
        title=f"by label; precision and recall from a score of {any_result.threshold:g} on", title_justify="left"
    )
    for column in ("label", "things", *(f"{what} {mode}" for mode in results for what in ("AP50", "found", "surplus"))):
        by_label.add_column(column)
    for label in sorted({label for result in results.values() for label in result.by_label}):
        sides = [result.by_label.get(label) for result in results.values()]
        things = max(side.precision.things for side in sides if side is not None)
        by_label.add_row(escape(label), str(things), *(text for side in sides for text in _label_figures(side)))
    output.console.print(by_label)


def _label_figures(result: LabelResult | None) -> tuple[str, str, str]:
    if result is None:
        return "", "", ""
    return f"{result.precision.ap50:.3f}" if result.precision.things else "", f"{result.found}", f"{result.surplus}"


def _share(*values: float) -> list[str]:
    return [f"{value:.3f}" for value in values]


def _show_comparison(entries: tuple[Entry, Entry], result: ModelComparison, output: Output) -> None:
    sides = result.first, result.second
    labels = f"{len(result.labels)} labels that both have"
    table = Table(title=f"{sides[0].pictures} pictures, {sides[0].things} things, {labels}", title_justify="left")
    for column in ("", *(entry.name for entry in entries)):
        table.add_column(escape(column))
    for words, attribute in (("AP", "ap"), ("AP50", "ap50"), ("AP75", "ap75")):
        table.add_row(words, *_share(*(getattr(side.average_precision, attribute) for side in sides)))
    for words in ("precision", "recall"):
        table.add_row(words, *_share(*(getattr(side, words) for side in sides)))
    table.add_row("believed from", *(f"{side.threshold:g}" for side in sides))
    table.add_row("one picture", *(f"{side.milliseconds:.1f} ms" for side in sides))
    table.add_row("size", *(f"{entry.bytes / 1e6:.1f} MB" for entry in entries))
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
