"""Which detector looks at which frame."""

from __future__ import annotations

import math
from dataclasses import dataclass

from spot_agent.config import AgentConfig


@dataclass(slots=True)
class _Beat:
    """One detector at one camera. Its slots follow one another without drift: a late look does not move the next."""

    period: float
    tolerance: float
    origin: float | None = None
    newest: float = 0.0
    slot: int = -1

    def is_due(self, time: float) -> bool:
        """Whether a frame is the first of its slot; if so, the slot is taken."""
        if self.origin is None or time < self.newest:  # the robot's clock was set back
            self.origin, self.slot = time, -1
        self.newest = time
        slot = math.floor((time + self.tolerance - self.origin) / self.period)
        if slot <= self.slot:
            return False
        self.slot = slot
        return True


class LookSchedule:
    """Says which detectors are due, by the frames' own times alone: the same frames give the same answers.

    A detector with a rate looks at the frame that is nearest to its time, which is half a frame period early or late.
    One without a rate, or with one that its camera does not exceed, looks at every frame.

    Args:
        config: The detectors with their cameras and rates.
    """

    def __init__(self, config: AgentConfig) -> None:
        self._detectors = config.detectors
        self._beats = {
            (name, camera): _Beat(1.0 / detector.rate, 0.5 / settings.rate)
            for name, detector in config.detectors.items()
            for camera, settings in config.cameras.items()
            if detector.rate is not None and detector.rate < settings.rate
        }

    def due(self, camera: str, acquired: float) -> tuple[str, ...]:
        """Ask once for each frame, in the order in which they are looked at.

        Args:
            camera: The frame's camera.
            acquired: Robot time at which it was taken, in seconds.

        Returns:
            Names of the detectors that are to look at it, in the order of config.yaml.
        """
        return tuple(
            name
            for name, detector in self._detectors.items()
            if detector.looks_through(camera) and self._is_due(name, camera, acquired)
        )

    def _is_due(self, name: str, camera: str, acquired: float) -> bool:
        beat = self._beats.get((name, camera))
        return beat is None or beat.is_due(acquired)
