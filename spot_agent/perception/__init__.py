"""From detections to cues: identities across frames and cameras, and positions in metres."""

from spot_agent.perception.cues import CueMaker
from spot_agent.perception.frame_view import FrameView
from spot_agent.perception.localize import locate
from spot_agent.perception.obstacles import ObstacleWatch
from spot_agent.perception.tag_spotter import TagSpotter
from spot_agent.perception.track import Found, Rejected, Sighting, Track
from spot_agent.perception.tracker import Tracker

__all__ = [
    "CueMaker", "Found", "FrameView", "ObstacleWatch", "Rejected", "Sighting", "TagSpotter", "Track", "Tracker",
    "locate",
]  # fmt: skip
