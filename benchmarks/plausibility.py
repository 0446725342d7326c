"""What a second head is worth: precision at equal recall with and without it, beside gates written by hand.

Without depth means that only the floor tells sizes, as with ``depth: false`` in config.yaml.

    python -m benchmarks.plausibility_data TABLE.npz --pictures DIR
    python -m benchmarks.plausibility TABLE.npz [--model objects] [--json] [--pictures DIR --figure FIGURE.png]

All figures are of the table's test split: rendered rooms that neither the head nor its cutoffs have seen.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table as Grid

from benchmarks.plausibility_figure import draw
from benchmarks.plausibility_gate import SizeGate, tuned_gate
from models import Box, BoxMeasurements, load_detector
from models.plausibility import (
    POSSIBLE,
    Judge,
    PlausibilityHead,
    PlausibleDetector,
    Verdict,
    metric_size,
)
from models.plausibility.features import SCORES
from models.plausibility.table import FALSE, MEASURED, Table
from models.registry import ZOO

THRESHOLDS = (0.3, 0.45, 0.6)
PHOTOS = Path(__file__).parents[1] / "tests" / "data" / "photos"


@dataclass(frozen=True)
class Gain:
    """Precision at the recall that the detector alone has at a threshold.

    Attributes:
        label: What was looked for, or ``"all"``.
        depth: Whether depth was measured; if not, sizes are told by the floor alone.
        threshold: Of the detector alone.
        recall: Share of all things in the pictures that are found at it.
        precision: By judge, ``"none"`` for the detector alone; each at its own threshold, where its recall is that.
    """

    label: str
    depth: bool
    threshold: float
    recall: float
    precision: dict[str, float]


@dataclass(frozen=True)
class Passed:
    """How many detections of one origin pass, at a score of 0.3 or more.

    Attributes:
        label: What they were taken for.
        origin: What they were.
        true: Whether they were right.
        count: How many there are.
        measured: Of how many a size is known.
        passed: How many pass each judge.
    """

    label: str
    origin: str
    true: bool
    count: int
    measured: int
    passed: dict[str, int]


@dataclass(frozen=True)
class Recall:
    """Share of true detections of 0.2 or more that pass a judge, and its 95 % interval (Wilson, 1927)."""

    label: str
    depth: bool
    judge: str
    detections: int
    passed: float
    low: float
    high: float


@dataclass(frozen=True)
class Report:
    """Everything that was measured."""

    gains: list[Gain]
    passed: list[Passed]
    recalls: list[Recall]
    judge_milliseconds: float
    photos_unchanged: str


def verdicts(table: Table, rows: NDArray[np.intp], judge: Judge) -> list[Verdict]:
    """Judge rows, one at a time."""
    return [
        judge.judge([table.detection(row)], [table.measurements(row)], *table.size[row].tolist())[0]
        for row in rows.tolist()
    ]


def precision_at(found: int, score: NDArray[np.float32], best: NDArray[np.bool_], false: NDArray[np.bool_]) -> float:
    """Precision where a ranking by score has found that many things; NaN if it never does. Doubles do not count."""
    order = np.argsort(-score, kind="stable")
    hits, errors = np.cumsum(best[order]), np.cumsum(false[order])
    if not found or hits.size == 0 or hits[-1] < found:
        return math.nan
    at = int(np.searchsorted(hits, found))
    return float(hits[at] / (hits[at] + errors[at]))


def without_depth(table: Table) -> Table:
    """The same detections as a camera without depth has them."""
    measured = table.measured.copy()
    measured[:, MEASURED.index("distance")] = np.nan
    return replace(table, measured=measured)


def gains(table: Table, judges: Mapping[str, Judge], *, depth: bool) -> list[Gain]:
    """Compare judges at equal recall, for each label and for all."""
    results = []
    labels = sorted(POSSIBLE)
    for name, own in (*((label, [label]) for label in labels), ("all", labels)):
        rows = np.flatnonzero((table.split == "test") & np.isin(table.label, own) & ~table.made)
        things = int(((table.thing_split == "test") & np.isin(table.thing_label, own)).sum())
        best, false, score = table.best[rows], table.truth[rows] == FALSE, table.score[rows]
        kept = {judge: ~np.array([one.rejected for one in verdicts(table, rows, how)]) for judge, how in judges.items()}
        for threshold in THRESHOLDS:
            found = int((best & (score >= threshold)).sum())
            precision = {"none": precision_at(found, score, best, false)}
            for judge, passes in kept.items():
                precision[judge] = precision_at(found, score[passes], best[passes], false[passes])
            results.append(Gain(name, depth, threshold, found / things, precision))
    return results


def passed(table: Table, judges: Mapping[str, Judge]) -> list[Passed]:
    """Count what passes, by what it was."""
    judged = (table.best | (table.truth == FALSE)) & (table.score >= THRESHOLDS[0]) & (table.split == "test")
    judged &= ~table.made & np.isin(table.label, list(POSSIBLE))
    kinds = {(str(table.label[row]), str(table.origin[row]), bool(table.best[row])) for row in np.flatnonzero(judged)}
    results = []
    for label, origin, true in sorted(kinds):
        rows = np.flatnonzero(judged & (table.label == label) & (table.origin == origin) & (table.best == true))
        known = sum(metric_size(table.measurements(row)).known for row in rows.tolist())
        counts = {name: sum(not one.rejected for one in verdicts(table, rows, how)) for name, how in judges.items()}
        results.append(Passed(label, origin, true, len(rows), known, counts))
    return results


def recalls(table: Table, judges: Mapping[str, Judge], *, depth: bool) -> list[Recall]:
    """What share of true test detections judges let pass."""
    results = []
    for label in sorted(POSSIBLE):
        own = table.best & ~table.made & (table.label == label) & (table.score >= SCORES[0])
        rows = np.flatnonzero(own & (table.split == "test"))
        for name, judge in judges.items():
            count = sum(not one.rejected for one in verdicts(table, rows, judge))
            results.append(Recall(label, depth, name, len(rows), count / len(rows), *wilson(count, len(rows))))
    return results


def wilson(hits: int, count: int, z: float = 1.96) -> tuple[float, float]:
    """The interval in which a share lies with 95 % confidence (Wilson, J. Am. Stat. Assoc. 22, 1927)."""
    share, spread = hits / count, z * z / count
    middle = (share + spread / 2) / (1 + spread)
    half = z / (1 + spread) * math.sqrt(share * (1 - share) / count + spread / count / 4)
    return max(0.0, middle - half), min(1.0, middle + half)


def milliseconds(table: Table, head: Judge, detections: int = 10) -> float:
    """Median time to judge the detections of one picture."""
    rows = np.flatnonzero(table.split == "test")[:detections].tolist()
    found, measured = [table.detection(row) for row in rows], [table.measurements(row) for row in rows]
    times = []
    for _ in range(500):
        start = time.perf_counter()
        head.judge(found, measured, 480, 640)
        times.append((time.perf_counter() - start) * 1e3)
    return float(np.median(times))


class _Unknown:
    """A view of which nothing is known."""

    def measure(self, box: Box) -> BoxMeasurements:
        return BoxMeasurements()


def photos_unchanged(model: str, head: Judge) -> str:
    """Check that on photos, of which nothing was measured, nothing changes."""
    plain = load_detector(model, threads=1)
    plausible = PlausibleDetector(plain, head)
    images = [cv2.imread(str(path), cv2.IMREAD_COLOR_RGB) for path in sorted(PHOTOS.glob("*.jpg"))]
    expected = plain.detect(images)
    same = expected == plausible.detect(images) == plausible.detect(images, [_Unknown()] * len(images))
    return f"{len(images)} photos, {sum(map(len, expected))} detections: {'identical' if same else 'DIFFERENT'}"


def show(report: Report) -> None:
    """Print tables."""
    console = Console()
    names = list(report.gains[0].precision)
    grid = Grid("label", "depth", "threshold", "recall", *names, title="Precision at equal recall")
    for gain in report.gains:
        figures = (gain.recall, *gain.precision.values())
        grid.add_row(gain.label, _yes(gain.depth), f"{gain.threshold}", *(f"{figure:.3f}" for figure in figures))
    console.print(grid)
    grid = Grid("taken for", "was", "right", "count", "measured", *names[1:], title="What passes, of 0.3 or more")
    for one in report.passed:
        figures = (one.true, one.count, one.measured, *one.passed.values())
        grid.add_row(one.label, one.origin, *map(str, figures))
    console.print(grid)
    grid = Grid("label", "depth", "judge", "true detections", "pass", "95 % interval", title="True detections kept")
    for kept in report.recalls:
        interval = f"{kept.low:.4f} to {kept.high:.4f}"
        grid.add_row(kept.label, _yes(kept.depth), kept.judge, str(kept.detections), f"{kept.passed:.4f}", interval)
    console.print(grid)
    console.print(f"judging 10 detections: {report.judge_milliseconds:.3f} ms; unmeasured: {report.photos_unchanged}")


def _yes(depth: bool) -> str:
    return "yes" if depth else "no"


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("table", type=Path)
    parser.add_argument("--model", default="objects", help="a shipped model with a second head")
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")
    parser.add_argument("--pictures", type=Path, help="the folder that plausibility_data wrote the test pictures into")
    parser.add_argument("--figure", type=Path, help="write a picture of what was rejected and why")
    options = parser.parse_args(arguments)
    table, head = Table.load(options.table), PlausibilityHead.load(ZOO / options.model)
    judges: dict[str, Judge] = {"gate": SizeGate(POSSIBLE), "tuned gate": tuned_gate(table), "head": head}
    flat = without_depth(table)
    report = Report(
        [*gains(table, judges, depth=True), *gains(flat, judges, depth=False)],
        passed(table, judges),
        [*recalls(table, judges, depth=True), *recalls(flat, judges, depth=False)],
        milliseconds(table, head),
        photos_unchanged(options.model, head),
    )
    if options.json:
        sys.stdout.write(json.dumps(asdict(report), indent=2) + "\n")
    else:
        show(report)
    if options.figure is not None and options.pictures is not None:
        draw(table, head, options.pictures, options.figure)


if __name__ == "__main__":
    main()
