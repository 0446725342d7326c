"""Timing of alternatives that take turns, so that other work on the machine slows them alike."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Timing:
    """How long one thing took, in milliseconds; the best is what a machine without other work would show."""

    name: str
    best_ms: float
    median_ms: float
    p95_ms: float
    runs: int


def measure_in_turn(
    actions: Mapping[str, Callable[[], object]], seconds: float, runs_in_a_row: int = 5
) -> list[Timing]:
    """Repeat each action for some time, a few runs at a time, after two runs to warm up.

    Args:
        actions: What to time, by name.
        seconds: How long each may take altogether; each runs five times at least.
        runs_in_a_row: How often one runs before it is the next one's turn.
    """
    times: dict[str, list[float]] = {name: [] for name in actions}
    for action in actions.values():
        action()
        action()
    unfinished = set(actions)
    while unfinished:
        for name in [name for name in actions if name in unfinished]:
            for _ in range(runs_in_a_row):
                start = time.perf_counter()
                actions[name]()
                times[name].append((time.perf_counter() - start) * 1e3)
            if sum(times[name]) > seconds * 1e3:
                unfinished.remove(name)
    return [_timing(name, taken) for name, taken in times.items()]


def _timing(name: str, times: list[float]) -> Timing:
    best, median, p95 = np.percentile(times, (0, 50, 95)).tolist()
    return Timing(name, best, median, p95, len(times))
