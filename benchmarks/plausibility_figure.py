"""A picture of what a second head rejects, and why."""

from __future__ import annotations

import io
import textwrap
from pathlib import Path
from typing import Any

import cv2
import matplotlib as mpl
import numpy as np
from PIL import Image

from models.plausibility import Judge
from models.plausibility.table import FALSE, Table

mpl.use("agg")
import matplotlib.pyplot as plt

ORIGINS = ("figurine", "small picture", "small printed sign", "giant sign", "person high up", "giant")
SCORE = 0.3
KEPT, REJECTED = "#0a9956", "#d62839"


def draw(table: Table, judge: Judge, pictures: Path, out: Path) -> None:
    """Draw one test picture for each kind of look-alike: what stays in green, what is rejected in red, and why."""
    figure, axes = plt.subplots(2, 3, figsize=(13.5, 9), dpi=80)
    for axis, origin in zip(axes.flat, ORIGINS, strict=True):
        axis.set_axis_off()
        picture = _pick(table, judge, origin)
        if picture is None:
            axis.set_title(f"{origin}: none rejected")
            continue
        image = cv2.imread(str(pictures / f"{picture}.jpg"), cv2.IMREAD_COLOR_RGB)
        axis.imshow(image)
        reasons = []
        for row in np.flatnonzero((table.picture == picture) & (table.score >= SCORE) & ~table.made).tolist():
            size = table.size[row].tolist()
            verdict = judge.judge([table.detection(row)], [table.measurements(row)], *size)[0]
            reasons += [verdict.reason] if verdict.reason else []
            mark = f" ({len(reasons)})" if verdict.reason else ""
            _box(axis, table, row, REJECTED if verdict.rejected else KEPT, mark)
        lines = [textwrap.fill(f"({number}) {reason}", 62) for number, reason in enumerate(reasons[:2], start=1)]
        axis.set_title("\n".join(lines), fontsize=9, color=REJECTED, loc="left", pad=18)
    figure.tight_layout()
    buffer = io.BytesIO()
    figure.savefig(buffer)
    plt.close(figure)
    with Image.open(buffer) as drawn:
        drawn.convert("RGB").quantize(160).save(out, optimize=True)


def _pick(table: Table, judge: Judge, origin: str) -> int | None:
    """The test picture with the best look-alike of a kind that is rejected, and a true thing beside it if possible."""
    shown = (table.split == "test") & (table.score >= SCORE)
    rows = np.flatnonzero(shown & (table.origin == origin) & (table.truth == FALSE))
    best: tuple[float, int] | None = None
    for row in rows.tolist():
        if judge.judge([table.detection(row)], [table.measurements(row)], *table.size[row].tolist())[0].rejected:
            picture = int(table.picture[row])
            beside = bool((table.best & (table.picture == picture) & (table.score >= SCORE)).any())
            rank = float(table.score[row]) + 2.0 * beside
            best = max(best or (rank, picture), (rank, picture))
    return None if best is None else best[1]


def _box(axis: Any, table: Table, row: int, colour: str, mark: str) -> None:  # noqa: ANN401 - matplotlib has no types
    x_min, y_min, x_max, y_max = table.box[row].tolist()
    axis.add_patch(plt.Rectangle((x_min, y_min), x_max - x_min, y_max - y_min, fill=False, color=colour, linewidth=2))
    text = f"{table.label[row]} {table.score[row]:.2f}{mark}"
    axis.text(x_min, y_min - 4, text, color="white", fontsize=8, backgroundcolor=colour, va="bottom")
