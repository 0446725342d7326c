"""What people look at: live views, the log of decisions, latencies, and the picture of the run."""

from spot_agent.reporting.annotate import annotate
from spot_agent.reporting.decision_log import DecisionLog
from spot_agent.reporting.event_view import EventView
from spot_agent.reporting.latency import Latencies, LatencyMeter, Quantiles
from spot_agent.reporting.palette import Colour, Palette
from spot_agent.reporting.plain_view import PlainView
from spot_agent.reporting.story import Moment, Story, TruePath
from spot_agent.reporting.story_recorder import StoryRecorder
from spot_agent.reporting.story_sights import tracks_in
from spot_agent.reporting.terminal_view import TerminalView

__all__ = [
    "Colour", "DecisionLog", "EventView", "Latencies", "LatencyMeter", "Moment", "Palette", "PlainView", "Quantiles",
    "Story", "StoryRecorder", "TerminalView", "TruePath", "annotate", "tracks_in",
]  # fmt: skip
