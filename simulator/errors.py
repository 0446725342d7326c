"""Everything that the simulator refuses.

SimulatorError
├── SceneError     a scene file cannot be read, or says something that makes no sense
├── AssetError     a packaged picture, mesh or calibration is missing or damaged
├── FramesError    recorded frames cannot be read
├── PortError      the address cannot be listened on
└── WaitError      what a program waited for did not happen in time
"""

from __future__ import annotations


class SimulatorError(Exception):
    """Base of every error of this package; its message is written for a person."""


class SceneError(SimulatorError):
    """A scene file is missing, unreadable or wrong. The message names file, line, key and remedy."""


class AssetError(SimulatorError):
    """A file under ``simulator/data`` is missing or damaged."""


class FramesError(SimulatorError):
    """A folder or a video of recorded frames is missing, empty or unreadable. The message names the path."""


class PortError(SimulatorError):
    """The address cannot be listened on. The message names host and port."""


class WaitError(SimulatorError):
    """What a program waited for did not happen in time. The message tells the robot's last true state."""
