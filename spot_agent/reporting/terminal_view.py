"""The live view of a run in a terminal."""

from __future__ import annotations

from types import TracebackType

from rich.console import Console, ConsoleOptions, RenderResult
from rich.live import Live

from spot_agent.cameras import StreamCounts
from spot_agent.reporting.terminal_layout import lay_out
from spot_agent.reporting.watch import Watch
from spot_agent.robot import Sent
from spot_agent.runtime.news import News
from spot_agent.runtime.tick import Tick

REFRESH_RATE = 8  # per second


class TerminalView:
    """A listener that shows the run in place. A thread of its own draws; the loop never waits for the terminal.

    It is a context manager: it draws between ``with`` and its end, and leaves its last view on the screen.

    Args:
        console: Where to draw.
        title: Of the run.
    """

    def __init__(
        self,
        console: Console,
        title: str = "spot-agent",
    ) -> None:
        self._title = title
        self._watch = Watch()
        self._live = Live(
            self, console=console, refresh_per_second=REFRESH_RATE, vertical_overflow="crop", transient=False
        )

    def __enter__(self) -> TerminalView:
        self._live.start(refresh=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._live.stop()

    def on_tick(self, tick: Tick) -> None:
        """Take in one turn of the loop; nothing is drawn here."""
        self._watch.on_tick(tick)

    def on_sent(self, sent: Sent) -> None:
        """Take in one command."""
        self._watch.on_sent(sent)

    def on_news(self, news: News) -> None:
        """Take in what happened beside the loop."""
        self._watch.on_news(news)

    def on_end(self, counts: dict[str, StreamCounts]) -> None:
        """Take in what became of the frames."""
        self._watch.on_end(counts)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Draw what is known now, in the terminal's present size."""
        # The line below the view belongs to the cursor; with it, the view would scroll.
        yield lay_out(self._title, self._watch.report, console.width, max(1, console.height - 1))
