"""A training on a terminal, or as JSON lines."""

from __future__ import annotations

from dataclasses import asdict
from types import TracebackType
from typing import TYPE_CHECKING, Self

from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from spot_agent.cli.output import Output

if TYPE_CHECKING:
    from models.cards.events import EpochDone, Event, Finished, Prepared, StepDone

_JSON_EVERY = 25
"""Steps between two JSON lines; a person sees every step."""


class TrainingView:
    """Shows what a training tells.

    Args:
        output: Where.
    """

    def __init__(self, output: Output) -> None:
        self._output = output
        columns = (
            TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn(),
            TimeRemainingColumn(),
        )  # fmt: skip
        self._progress = Progress(*columns, console=output.console, transient=True)
        self._task = self._progress.add_task("reading the cards and loading TensorFlow", total=1.0)

    def __enter__(self) -> Self:
        """Begin to show."""
        if self._output.console.is_terminal:
            self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take the bar away."""
        self._progress.stop()

    def take(self, event: Event) -> None:
        """Show an event."""
        from models.cards.events import EpochDone, Finished, Prepared, StepDone

        match event:
            case Prepared():
                self._prepared(event)
            case StepDone():
                self._step(event)
            case EpochDone():
                self._epoch(event)
            case Finished():
                self._finished(event)

    def _prepared(self, event: Prepared) -> None:
        pairs = [asdict(pair) for pair in event.alike]
        text = f"{len(event.labels)} cards ({escape(', '.join(event.labels))}) on {escape(event.device)}"
        self._output.event(
            "training", text, labels=list(event.labels), device=event.device, alike=pairs, backgrounds=event.backgrounds
        )
        for pair in event.alike:
            how = " when one is held upside down" if pair.upside_down else ""
            self._output.say(
                f"[yellow]warning:[/] {escape(pair.first)!r} and {escape(pair.second)!r} look alike{how} "
                f"({pair.similarity:.2f} of 1); expect them to be taken for each other"
            )

    def _step(self, event: StepDone) -> None:
        text = f"epoch {event.epoch}, loss {event.loss:.2f}"
        self._progress.update(self._task, completed=event.fraction, description=text)
        if event.step % _JSON_EVERY == 0 and self._output.as_json:
            self._output.event("step", None, **asdict(event))

    def _epoch(self, event: EpochDone) -> None:
        score = event.score
        text = f"epoch {event.epoch}: mAP@0.5 {score.map50:.3f}, mAP@0.75 {score.map75:.3f}, loss {event.loss:.2f}"
        self._output.event(
            "epoch", f"{text}; {escape(str(event.picture))}", epoch=event.epoch, loss=event.loss, score=asdict(score),
            picture=str(event.picture), seconds=event.seconds,
        )  # fmt: skip

    def _finished(self, event: Finished) -> None:
        text = f"trained and measured in {event.seconds / 60:.1f} minutes"
        self._output.event(
            "finished", text, model=str(event.folder), score=asdict(event.score), seconds=event.seconds,
            cpu_seconds=event.cpu_seconds,
        )  # fmt: skip
