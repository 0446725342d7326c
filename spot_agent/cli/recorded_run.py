"""A run that is shown while it goes on, and leaves a folder behind."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from rich.markup import escape

from spot_agent.cli.output import Output
from spot_agent.reporting import DecisionLog, EventView, LatencyMeter, PlainView, StoryRecorder, TerminalView, TruePath
from spot_agent.runtime import Listener, RunResult, new_run_folder

STORY_NAME = "story.png"


class RecordedRun:
    """The listeners of a run, its folder, and what is told of it at the end.

    Args:
        runs: The folder that gets a folder for this run.
        config: The configuration, named in the log and on the picture.
        output: Where to show the run.
        title: What people call this run.

    Raises:
        OSError: The folder cannot be made.
    """

    def __init__(self, runs: Path, config: Path, output: Output, title: str) -> None:
        self.folder = new_run_folder(runs, datetime.now().astimezone().strftime("%Y-%m-%d_%H-%M-%S"))
        self._output = output
        self._latency = LatencyMeter()
        self._story = StoryRecorder(title)
        self._log = DecisionLog(self.folder, config)
        self._view: EventView | PlainView | TerminalView
        if output.as_json:
            self._view = EventView(output.event)
        elif output.console.is_terminal:
            self._view = TerminalView(console=output.console, title=title)
        else:
            self._view = PlainView(console=output.console, title=title)

    @property
    def listeners(self) -> list[Listener]:
        """Everybody who sees the run."""
        return [self._log, self._latency, self._story, self._view]

    def progress(self, text: str) -> None:
        """Tell what is being done while there is nothing to see yet."""
        self._output.say(text)

    def __enter__(self) -> Self:
        """Begin to show the run."""
        if isinstance(self._view, TerminalView):
            self._view.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop showing it."""
        if isinstance(self._view, TerminalView):
            self._view.__exit__(kind, error, trace)

    def report(self, result: RunResult, true_paths: tuple[TruePath, ...] = ()) -> None:
        """Draw the picture, and tell what the run was like and where it is kept."""
        picture = self.folder / STORY_NAME
        self._story.picture(picture, true_paths)
        reaction = self._latency.summary().total
        frames = {
            camera: {"received": c.received, "dropped": c.dropped, "failed": c.failed}
            for camera, c in result.frames.items()
        }
        self._output.event(
            "ended",
            f"{escape(str(self.folder))}: {STORY_NAME}, {self._log.path.name}",
            folder=str(self.folder),
            story=str(picture),
            log=str(self._log.path),
            frames=frames,
            latency_ms=None if reaction is None else asdict(reaction),
            problems=list(result.problems),
        )
