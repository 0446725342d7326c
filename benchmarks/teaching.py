"""How long it takes to teach three new cards, and how well they are found afterwards.

    python -m benchmarks.teaching [--epochs 4 | --minutes 10] [--start imagenet] [--keep DIR] [--json]

Draws three cards that resemble none of the shipped ones (a heart, a house and a star, in colours), and does what
``spot-agent train`` does with them. Its figures are from pictures with backgrounds of the test split. Without options
it takes about twenty minutes on two processor cores, and both of them.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import sys
import tempfile
from dataclasses import asdict, replace
from pathlib import Path

from PIL import Image, ImageDraw
from rich.console import Console
from rich.table import Table

from models.cards.events import EpochDone, Event, Finished, StepDone
from models.cards.training import DEFAULT_EFFORT, train
from models.registry import ZOO

_WIDTH, _HEIGHT = 210, 297
"""A4 in millimetres; a pixel each is more than is ever seen."""
Point = tuple[float, float]


def draw_new_cards(folder: Path) -> None:
    """Draw three cards as people do: a bold coloured shape and a frame."""
    heart = [
        (16 * math.sin(turn) ** 3, -13 * math.cos(turn) + 5 * math.cos(2 * turn) + 2 * math.cos(3 * turn))
        for turn in (2 * math.pi * step / 60 for step in range(60))
    ]
    star = [
        (math.sin(turn) * reach, -math.cos(turn) * reach)
        for step in range(10)
        for turn, reach in [(math.pi * step / 5, 16 if step % 2 == 0 else 6.5)]
    ]
    house = [(-16, 0), (0, -16), (16, 0), (12, 0), (12, 18), (4, 18), (4, 6), (-4, 6), (-4, 18), (-12, 18), (-12, 0)]
    for label, shape, colour in (("heart", heart, "#b00020"), ("star", star, "#103a80"), ("house", house, "#205020")):
        _draw(folder / f"{label}.png", shape, colour)


def _draw(path: Path, shape: list[Point], colour: str) -> None:
    picture = Image.new("RGB", (_WIDTH, _HEIGHT), "white")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((8, 8, _WIDTH - 8, _HEIGHT - 8), outline=colour, width=8)
    pen.polygon([(_WIDTH / 2 + 4.8 * x, _HEIGHT / 2 + 4.8 * y) for x, y in shape], fill=colour)
    picture.save(path)


def main() -> None:
    """Teach and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    bound = parser.add_mutually_exclusive_group()
    bound.add_argument("--epochs", type=int, default=DEFAULT_EFFORT.epochs, help="as of spot-agent train")
    bound.add_argument("--minutes", type=float, help="instead of epochs")
    parser.add_argument("--start", default="cards", help="a model of the zoo, or 'imagenet'")
    parser.add_argument("--keep", type=Path, help="folder to keep cards, model and pictures in")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    options = parser.parse_args()
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    console, told = Console(stderr=True), list[EpochDone | Finished]()

    def tell(event: Event) -> None:
        if isinstance(event, StepDone):
            if event.step % 25 == 0 and console.is_terminal:
                console.print(f"{event.fraction:.0%}, loss {event.loss:.2f}", end="\r")
        elif isinstance(event, EpochDone | Finished):
            told.append(event)
            console.print(f"{event.seconds / 60:.1f} min: mAP@0.5 {event.score.map50:.3f}")

    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or Path(temporary)
        cards = folder / "three_cards"
        cards.mkdir(parents=True, exist_ok=True)
        draw_new_cards(cards)
        minutes = options.minutes
        effort = replace(DEFAULT_EFFORT, epochs=None if minutes else options.epochs, minutes=minutes)
        start = None if options.start == "imagenet" else ZOO / options.start
        train(cards, folder / "model", effort=effort, start=start, on_progress=tell)
    if options.json:
        rows = [{"seconds": one.seconds, "final": isinstance(one, Finished), **asdict(one.score)} for one in told]
        sys.stdout.write(json.dumps(rows, indent=2) + "\n")
        return
    table = Table("minutes", "pictures of", "mAP@0.5", "mAP@0.75", "precision", "recall", title="Three new cards")
    for one in told:
        split = "test" if isinstance(one, Finished) else "validation"
        figures = (one.score.map50, one.score.map75, one.score.precision, one.score.recall)
        table.add_row(f"{one.seconds / 60:.1f}", split, *(f"{figure:.3f}" for figure in figures))
    Console().print(table)


if __name__ == "__main__":
    main()
