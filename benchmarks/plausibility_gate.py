"""Judges written by hand, to compare a second head with: what they would do without a network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from models import BoxMeasurements, Detection
from models.plausibility import PASSED, POSSIBLE, Possible, Verdict, metric_size
from models.plausibility.features import SCORES
from models.plausibility.limits import is_whole, oddity
from models.plausibility.table import FALSE, Table
from models.plausibility.train import KEPT, KEPT_OTHERS

SHARES = (1.0, 0.9, 0.75, 0.6, 0.5, 0.4)
NEAREST = (0.0, 0.5, 0.8, 1.0, 1.2, 1.6, 2.0)


class SizeGate:
    """Rejects whatever is beyond limits.

    Args:
        possible: What can be, by label. Other labels always pass.
        nearest: By label, metres; a depth of less is not believed, for it may be that of something in front.
    """

    def __init__(self, possible: Mapping[str, Possible], nearest: Mapping[str, float] | None = None) -> None:
        self._possible, self._nearest = dict(possible), dict(nearest or {})

    def judge(
        self, detections: Sequence[Detection], measured: Sequence[BoxMeasurements], height: int, width: int
    ) -> list[Verdict]:
        """Judge the detections of one picture; see ``models.plausibility.Judge``."""
        return [self._one(*pair, height, width) for pair in zip(detections, measured, strict=True)]

    def _one(self, detection: Detection, measured: BoxMeasurements, height: int, width: int) -> Verdict:
        possible = self._possible.get(detection.label)
        if possible is None:
            return PASSED
        size, whole = metric_size(measured), is_whole(detection.box, height, width)
        if size.distance is not None and size.distance < self._nearest.get(detection.label, 0.0):
            size = replace(size, height=None, width=None)
        reason = oddity(detection.label, size, possible, whole=whole)
        return PASSED if reason is None else Verdict(0.0, reason)


def tuned_gate(table: Table) -> SizeGate:
    """Choose a gate that keeps as many true detections as the head promises.

    Of those, it is the one whose smallest size and nearest distance reject most false detections. The test rooms are
    not looked at.
    """
    possible, nearest = dict(POSSIBLE), dict.fromkeys(POSSIBLE, 0.0)
    for label, usual in POSSIBLE.items():
        own = (table.split != "test") & (table.label == label) & ~table.made & (table.score >= SCORES[0])
        true, false = np.flatnonzero(own & table.best), np.flatnonzero(own & (table.truth == FALSE))
        best = -1.0
        for share in SHARES:
            for distance in NEAREST:
                narrow = replace(usual, smallest=share * usual.smallest)
                gate = SizeGate({label: narrow}, {label: distance})
                kept, gain = 1 - _rejected(gate, table, true), _rejected(gate, table, false)
                if kept >= KEPT.get(label, KEPT_OTHERS) and gain > best:
                    best, possible[label], nearest[label] = gain, narrow, distance
    return SizeGate(possible, nearest)


def _rejected(gate: SizeGate, table: Table, rows: NDArray[np.intp]) -> float:
    verdicts = [
        gate.judge([table.detection(row)], [table.measurements(row)], *table.size[row].tolist())[0]
        for row in rows.tolist()
    ]
    return float(np.mean([verdict.rejected for verdict in verdicts]))
