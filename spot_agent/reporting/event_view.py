"""What happens, for other programs: one event whenever what is seen or done changes."""

from __future__ import annotations

from typing import Any, Protocol

from spot_agent.cameras import StreamCounts
from spot_agent.reporting.decision_log import to_json
from spot_agent.robot import Sent
from spot_agent.runtime.news import News
from spot_agent.runtime.tick import Tick


class Emit(Protocol):
    """Prints one event."""

    def __call__(self, event: str, text: str | None, **members: Any) -> None:  # noqa: ANN401 - JSON is any of its types
        """Print it with its members."""


class EventView:
    """A listener that emits a ``decision`` when the acting rule, its command or the things in sight change.

    Args:
        emit: Prints an event.
    """

    def __init__(self, emit: Emit) -> None:
        self._emit = emit
        self._before: object = None

    def on_tick(self, tick: Tick) -> None:
        """Emit a decision that differs from the one before."""
        seen = sorted({(cue.name, cue.track_id) for cue in tick.cues})
        command = tick.governed.command
        now = (tick.decision.rule, type(command), seen, tick.governed.notes != (), tick.watching)
        if now == self._before:
            return
        self._before = now
        self._emit(
            "decision",
            None,
            time=round(tick.time, 3),
            rule=tick.decision.rule,
            command=to_json(command),
            cues=to_json(list(tick.cues)),
            rules=to_json(tick.decision.reports),
            governor=list(tick.governed.notes),
            pose=to_json(tick.state.pose),
            posture=tick.state.posture.value,
            watching=tick.watching,
        )

    def on_sent(self, sent: Sent) -> None:
        """Emit a command that the robot did not accept."""
        if sent.error is not None:
            self._emit("refused", None, time=round(sent.started, 3), command=to_json(sent.command), error=sent.error)

    def on_news(self, news: News) -> None:
        """Emit what happened beside the loop, as an event of its own name."""
        members = to_json(news)
        self._emit(members.pop("kind"), None, **members)

    def on_end(self, counts: dict[str, StreamCounts]) -> None:
        """Nothing: the command itself tells how it ended."""
