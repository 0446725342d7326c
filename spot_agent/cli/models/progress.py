"""Progress of what takes long; what is done at once shows nothing."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from spot_agent.cli.output import Output

PATIENCE = 2.0
"""Seconds after which a bar appears."""


class LateBar:
    """A progress bar that appears only if the work takes a while.

    Args:
        output: Where it appears; on a terminal only.
        text: What is being done.
    """

    def __init__(self, output: Output, text: str) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        self._progress = Progress(*columns, console=output.console, transient=True)
        self._task = self._progress.add_task(text, total=None)
        self._begin = time.monotonic()
        self._shown, self._on_terminal = False, output.console.is_terminal

    def __call__(self, done: int, total: int) -> None:
        """Tell how far the work is."""
        self._progress.update(self._task, completed=done, total=total)
        if self._on_terminal and not self._shown and time.monotonic() - self._begin > PATIENCE:
            self._shown = True
            self._progress.start()

    def stop(self) -> None:
        """Take the bar away."""
        if self._shown:
            self._progress.stop()


@contextmanager
def late_bar(output: Output, text: str) -> Iterator[LateBar]:
    """Show progress while something is done, if it takes more than two seconds."""
    bar = LateBar(output, text)
    try:
        yield bar
    finally:
        bar.stop()
