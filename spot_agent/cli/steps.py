"""The steps of a stepped clock, as they come on standard input."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator

from simulator.errors import StepError


def read_steps() -> Iterator[float]:
    """One number of seconds for each line of standard input; empty lines are passed over.

    Raises:
        StepError: A line is no number of seconds.
    """
    if sys.stdin is None:
        return
    # Without a buffer: a thread that waits in one when the program ends would be in the way of Python's own end.
    with open(sys.stdin.fileno(), "rb", buffering=0, closefd=False) as lines:
        for number, line in enumerate(lines, start=1):
            if text := line.decode(errors="replace").strip():
                yield seconds_of(text, number)


def seconds_of(text: str, number: int) -> float:
    """The seconds that a line asks for.

    Raises:
        StepError: It is no number of seconds.
    """
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not (math.isfinite(seconds) and seconds >= 0):
        raise StepError(
            f"standard input, line {number}: {text[:40]!r} is no number of seconds to step; write one such as 0.5"
        )
    return seconds
