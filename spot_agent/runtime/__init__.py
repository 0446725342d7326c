"""The loop and what belongs to one run of it."""

from spot_agent.runtime.agent import Agent
from spot_agent.runtime.detector_slots import DetectorSlots
from spot_agent.runtime.news import News, NewsKind, NewsListener
from spot_agent.runtime.session import RunResult, Session, load_detectors, new_run_folder
from spot_agent.runtime.tick import Listener, Stages, Tick

__all__ = [
    "Agent", "DetectorSlots", "Listener", "News", "NewsKind", "NewsListener", "RunResult", "Session", "Stages", "Tick",
    "load_detectors", "new_run_folder",
]  # fmt: skip
