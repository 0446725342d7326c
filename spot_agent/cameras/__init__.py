"""Cameras: newest frames, upright, with their calibration."""

from spot_agent.cameras.camera_model import CameraModel
from spot_agent.cameras.decode import build_frame
from spot_agent.cameras.frame import Frame, FrameTimes
from spot_agent.cameras.stream import CameraStream, StreamCounts
from spot_agent.cameras.upright import Upright, roll_of

__all__ = ["CameraModel", "CameraStream", "Frame", "FrameTimes", "StreamCounts", "Upright", "build_frame", "roll_of"]
