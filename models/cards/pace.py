"""How far a training is, and how fast it learns there."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field

WARM_UP = 0.03
"""Share of the training in which the rate of learning rises from 0."""
FINAL = 0.01
"""Rate of learning at the end, as a share of the highest."""


@dataclass(frozen=True)
class Pace:
    """The course of a training that is bounded by epochs or by time.

    Attributes:
        steps: Batches in the whole training; if it is bounded by time, the most there may be.
        seconds: How long it may take; ``None`` if epochs bound it.
        start: When it began, on the monotonic clock.
    """

    steps: int
    seconds: float | None
    start: float = field(default_factory=time.monotonic)

    def fraction(self, step: int) -> float:
        """Give how much of the training is done after some batches, 0 to 1."""
        done = step / self.steps
        if self.seconds is not None:
            done = max(done, self.elapsed / self.seconds)
        return min(done, 1.0)

    @property
    def elapsed(self) -> float:
        """Seconds since it began."""
        return time.monotonic() - self.start


def learning_rate(highest: float, fraction: float) -> float:
    """Give the rate of learning: it rises evenly, then falls along a cosine (https://arxiv.org/abs/1608.03983)."""
    if fraction < WARM_UP:
        return highest * max(fraction, WARM_UP / 100) / WARM_UP
    progress = (fraction - WARM_UP) / (1 - WARM_UP)
    return highest * (FINAL + (1 - FINAL) * (1 + math.cos(math.pi * progress)) / 2)
