"""How well the object detectors of the zoo find things in labelled photos.

    python -m benchmarks.objects [MODEL ...] [--json]

Average precision after COCO's rules (``models.evaluation``) on two sets of photos: those on which defaults were
chosen, and held-out ones. Each is shown in colour and in grey, as it is and as Spot's rolled front cameras would give
it: raw, turned upright, and turned by a quarter. The mean of the two cameras is told.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from models import available_models, load_detector, model_card
from models.evaluation import (
    FRONT_CAMERA_ROLLS,
    Evaluation,
    LabelledPicture,
    as_camera_frame,
    as_grey,
    evaluate,
    read_pictures,
)
from models.registry import model_labels

DATA = Path(__file__).parents[1] / "tests" / "data"
SETS = {"dev": DATA / "photos", "held-out": DATA / "photos_test"}
LOWEST_SCORE = 0.05
"""Threshold for average precision, low enough for nearly the whole curve."""
OBJECT_LABELS = {"stop sign", "car"}
"""What makes a model an object detector of COCO's kind."""

View = Callable[[LabelledPicture, float], LabelledPicture]
FRAMES: dict[str, View] = {
    "raw frame": as_camera_frame,
    "turned upright": lambda picture, roll: as_camera_frame(picture, roll, turn=roll),
    "turned by a quarter": lambda picture, roll: as_camera_frame(picture, roll, turn=-90.0),
}


@dataclass(frozen=True)
class Row:
    """Figures of one model on one view of one set; AP in hundredths, counts at the threshold of the model's card."""

    model: str
    photos: str
    view: str
    grey: bool
    ap50: float
    ap75: float
    ap: float
    ap50_people: float
    found: float
    things: int
    surplus: float


def rows(model: str, photos: str, pictures: tuple[LabelledPicture, ...]) -> Iterator[Row]:
    """Evaluate a model on every view of some pictures."""
    detector = load_detector(model, threshold=LOWEST_SCORE)
    threshold = model_card(model).defaults.threshold
    for grey in (False, True):
        shown = [as_grey(picture) if grey else picture for picture in pictures]
        yield row(model, photos, "as it is", grey, [evaluate(detector, shown, threshold=threshold)])
        for view, change in FRAMES.items():
            yield row(model, photos, view, grey, [
                evaluate(detector, [change(picture, roll) for picture in shown], threshold=threshold)
                for roll in FRONT_CAMERA_ROLLS
            ])  # fmt: skip


def row(model: str, photos: str, view: str, grey: bool, evaluations: list[Evaluation]) -> Row:
    """Average what was measured for each camera."""

    def mean(value: Callable[[Evaluation], float]) -> float:
        return round(float(np.mean([value(evaluation) for evaluation in evaluations])), 1)

    return Row(
        model,
        photos,
        view,
        grey,
        ap50=mean(lambda evaluation: 100 * evaluation.average_precision.ap50),
        ap75=mean(lambda evaluation: 100 * evaluation.average_precision.ap75),
        ap=mean(lambda evaluation: 100 * evaluation.average_precision.ap),
        ap50_people=mean(lambda evaluation: 100 * evaluation.by_label["person"].precision.ap50),
        found=mean(lambda evaluation: evaluation.found),
        things=evaluations[0].things,
        surplus=mean(lambda evaluation: evaluation.surplus),
    )


def object_detectors() -> list[str]:
    """List the models of the zoo that know COCO's things."""
    return [name for name in available_models() if set(model_labels(name)) >= OBJECT_LABELS]


def show(results: list[Row]) -> None:
    """Print a table for each model."""
    for model in dict.fromkeys(result.model for result in results):
        table = Table("photos", "view", "AP50", "AP75", "AP", "AP50 people", "found", "surplus", title=model)
        for result in results:
            if result.model == model:
                table.add_row(
                    result.photos,
                    result.view + (", grey" if result.grey else ""),
                    *(f"{value:.1f}" for value in (result.ap50, result.ap75, result.ap, result.ap50_people)),
                    f"{result.found:g} of {result.things}",
                    f"{result.surplus:g}",
                )
        Console(width=110).print(table)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", nargs="*", metavar="MODEL", help="by default every object detector of the zoo")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    options = parser.parse_args()
    results = [
        result
        for model in options.models or object_detectors()
        for photos, folder in SETS.items()
        for result in rows(model, photos, read_pictures(folder))
    ]
    if options.json:
        sys.stdout.write(json.dumps([asdict(result) for result in results], indent=2) + "\n")
    else:
        show(results)


if __name__ == "__main__":
    main()
