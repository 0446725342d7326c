"""The loop and what belongs to one run of it."""

from spot_agent.runtime.agent import Agent
from spot_agent.runtime.session import RunResult, Session, load_detectors, new_run_folder
from spot_agent.runtime.tick import Listener, Stages, Tick

__all__ = ["Agent", "Listener", "RunResult", "Session", "Stages", "Tick", "load_detectors", "new_run_folder"]
