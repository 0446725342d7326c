"""``spot-agent models evaluate`` and ``compare``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from spot_agent.cli.models.entry import Entry
from spot_agent.cli.models.figures import show_comparison, show_evaluation
from spot_agent.cli.models.options import InputSizeOption, NameArgument, PicturesOption, ThreadsOption, read_size
from spot_agent.cli.models.progress import LateBar, late_bar
from spot_agent.cli.output import JsonOption, Output, reporting_errors
from spot_agent.errors import UsageError

if TYPE_CHECKING:
    from models import Detector, InputSize
    from models.evaluation import Evaluation, LabelledPicture

CURVE_THRESHOLD = 0.05
"""The lowest score asked of a detector here: average precision looks at the weak detections, too."""

_EXAMPLE = """\
  photo.jpg:  # each thing with its corners in pixels: x_min, y_min, x_max, y_max
    - {label: person, box: [5, 12, 370, 512]}
  empty_room.jpg: []"""

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

    Exit status 0: it is measured. 2: the model or the pictures cannot be used.
    """
    # Imported here: it takes a second, which --help need not wait for.
    from models.evaluation import as_grey, evaluate

    output = Output(as_json=as_json)
    size = read_size(input_size)
    with reporting_errors(output):
        entry = Entry.of(name)
        labelled = _labelled(pictures, entry.labels)
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
            show_evaluation(name, results, output)


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

    Exit status 0: they are compared. 2: a model or the pictures cannot be used.
    """
    from models.comparison import common_labels, compare_detectors

    output = Output(as_json=as_json)
    with reporting_errors(output):
        entries = Entry.of(first), Entry.of(second)
        both = common_labels(*entries)  # before anything is loaded
        labelled = _labelled(pictures, both)
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
            show_comparison(entries, result, output)


def _labelled(folder: Path, labels: Sequence[str]) -> tuple[LabelledPicture, ...]:
    """Read labelled pictures, and make sure that they hold anything that can be found.

    Raises:
        ModelError: A picture or the list of what is in them cannot be read.
        UsageError: There is no such list, or it speaks of other things only.
    """
    from models.evaluation import read_pictures
    from models.evaluation.pictures import LABEL_FILE

    if not (folder / LABEL_FILE).is_file():
        what = f"there is no {LABEL_FILE}" if folder.is_dir() else "there is no such folder"
        raise UsageError(f"{folder}: {what}", hint=f"write what is in your pictures into {LABEL_FILE}:\n{_EXAMPLE}")
    pictures = read_pictures(folder)
    there = {thing.label for picture in pictures for thing in picture.things}
    if there and not there & set(labels):
        named, known = (", ".join([*some[:8], "..."] if len(some) > 8 else some) for some in (sorted(there), labels))
        raise UsageError(f"{folder / LABEL_FILE}: nothing there can be found; it names {named}; known are {known}")
    return pictures


def _tell(bar: LateBar, before: int, total: int, done: int, _: int) -> None:
    bar(before + done, total)


def _load(name: str, threads: int, size: InputSize | None, output: Output) -> Detector:
    from models import load_detector

    with output.working(f"loading {escape(name)} (the first time takes some seconds)"):
        return load_detector(name, threads=threads, threshold=CURVE_THRESHOLD, input_size=size)
