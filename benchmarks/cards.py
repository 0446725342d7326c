"""How good the cue-card detector is.

    python -m benchmarks.cards [--model cards] [--json] [--videos FOLDER] [pictures] [distances] [false-alarms]

Three parts; all of them unless some are named:

- ``pictures``: synthetic pictures of 320×240 on the test backgrounds, which the model has not seen: average precision
  and recall by size.
- ``distances``: A4 cards in five scenes of the simulator, through fisheye cameras, at 1 to 5 m: how many are found in
  single frames.
- ``false-alarms``: pictures without cards, as sequences: what is confirmed in several frames in a row.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.card_distances import DISTANCES, Found, find_cards
from benchmarks.card_false_alarms import FalseAlarms, count_false_alarms
from benchmarks.card_pictures import score_pictures
from models import load_detector
from models.cards.scoring import Score

PARTS = ("pictures", "distances", "false-alarms")


def show_score(score: Score, console: Console) -> None:
    """Print the figures on synthetic pictures."""
    console.print(f"synthetic pictures: mAP@0.5 {score.map50:.3f}, mAP@0.75 {score.map75:.3f}")
    console.print(f"at a threshold of {score.threshold}: precision {score.precision:.3f}, recall {score.recall:.3f}")
    for size in score.by_size:
        console.print(f"  {size.low} to {size.high} pixels high: {size.found} of {size.cards}")


def show_found(results: Sequence[Found], console: Console) -> None:
    """Print the share of cards found, for each scene and distance."""
    for mode in ("grey", "colour"):
        table = Table("scene", *(f"{distance:g} m" for distance in DISTANCES), title=f"A4 cards found, {mode}")
        for scene in [*dict.fromkeys(one.scene for one in results), None]:
            row = []
            for distance in DISTANCES:
                own = [
                    one for one in results
                    if one.mode == mode and one.distance == distance and scene in (None, one.scene)
                ]  # fmt: skip
                found, cards = sum(one.found for one in own), sum(one.cards for one in own)
                row.append(f"{found}/{cards}" if scene else f"{found / max(cards, 1):.3f}")
            table.add_row(scene or "all", *row)
        console.print(table)
    console.print(f"other labels or places: {sum(one.wrong for one in results)} in all frames")


def show_alarms(results: Sequence[FalseAlarms], console: Console) -> None:
    """Print what was found where there is nothing."""
    for confidence in dict.fromkeys(one.confidence for one in results):
        own = [one for one in results if one.confidence == confidence]
        title = f"False detections, confidence {confidence:g}"
        table = Table("source", "frames", "detections", "confirmed in 2", "confirmed in 3", title=title)
        rows = [(one.frames, one.single, one.confirmed_in_2, one.confirmed_in_3) for one in own]
        for one, row in zip(own, rows, strict=True):
            table.add_row(one.source, *map(str, row))
        table.add_row("all", *(str(sum(column)) for column in zip(*rows, strict=True)))
        console.print(table)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--model", default="cards", help="a model's name or folder")
    parser.add_argument("--cards", type=Path, help="folder of the cards' pictures; by default the shipped ones")
    parser.add_argument("--videos", type=Path, help="folder with vtest.avi; by default the clip in tests/data")
    parser.add_argument("--threshold", type=float, help="by default the model's own")
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")
    options = parser.parse_args()
    wanted = options.parts or list(PARTS)
    if unknown := set(wanted) - set(PARTS):
        parser.error(f"there is no part {', '.join(unknown)}; there are: {', '.join(PARTS)}")
    console, report = Console(stderr=options.json), dict[str, Any]()
    if "pictures" in wanted:
        score = score_pictures(options.model, options.cards, options.threshold)
        report["pictures"] = asdict(score)
        show_score(score, console)
    detector = load_detector(options.model, threshold=options.threshold)
    if "distances" in wanted:
        found = find_cards(detector, options.cards)
        report["distances"] = [asdict(one) for one in found]
        show_found(found, console)
    if "false-alarms" in wanted:
        alarms = count_false_alarms(detector, options.videos)
        report["false_alarms"] = [asdict(one) for one in alarms]
        show_alarms(alarms, console)
    if options.json:
        sys.stdout.write(json.dumps(report, indent=2) + "\n")


if __name__ == "__main__":
    main()
