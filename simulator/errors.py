"""Everything that the simulator refuses.

SimulatorError
├── SceneError     a scene file cannot be read, or says something that makes no sense
├── AssetError     a packaged picture, mesh or calibration is missing or damaged
├── FramesError    recorded frames cannot be read
├── PictureError   the network-compute bridge cannot get or turn a picture
├── PortError      the address cannot be listened on
├── ProgramError   a program cannot be started, or would not trust the fake Spot alone
├── StepError      the world cannot be stepped so
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


class PictureError(SimulatorError):
    """The network-compute bridge cannot get a picture for a worker, or cannot turn it upright.

    Attributes:
        status: The ``NetworkComputeStatus`` that says so.
    """

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class PortError(SimulatorError):
    """The address cannot be listened on. The message names host and port."""


class ProgramError(SimulatorError):
    """A program cannot be started against the fake Spot. The message names the program and says why."""


class StepError(SimulatorError):
    """The world cannot be stepped: its clock runs by itself, or the time makes no sense."""


class WaitError(SimulatorError):
    """What a program waited for did not happen in time. The message tells the robot's last true state."""
