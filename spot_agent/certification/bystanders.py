"""What both models of a comparison share: everything in config.yaml but the detector whose model is in question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from models import Detector
from spot_agent.cameras import Frame
from spot_agent.certification.footage import Shown
from spot_agent.config import WORLD_OBJECTS, AgentConfig
from spot_agent.perception import Found, Rejected, Sighting, TagSpotter
from spot_agent.runtime.detector_slots import DetectorSlots
from spot_agent.runtime.news import News
from spot_agent.runtime.schedule import LookSchedule


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """A frame, and what is known of it before the model in question has looked.

    Attributes:
        frame: The frame.
        due: Names of the detectors that look at it.
        found: What the others among them found and cues speak of.
        reported: What the robot itself has reported.
        rejected: What the others found that cannot be.
    """

    frame: Frame
    due: tuple[str, ...]
    found: Sequence[Found] = ()
    reported: Sequence[Sighting] = ()
    rejected: Sequence[Rejected] = ()


class Bystanders:
    """Looks with every detector of a configuration but one, each on its cameras and at its rate, as the agent does.

    Args:
        config: The configuration.
        name: The detector that is left out.
        detectors: The detectors by their names in the configuration.
    """

    def __init__(self, config: AgentConfig, name: str, detectors: Mapping[str, Detector]) -> None:
        self._schedule = LookSchedule(config)
        others = {other: detector for other, detector in detectors.items() if other != name}
        self._slots = DetectorSlots(config, others, ignore_news, no_clock)
        self._others = frozenset(others)
        self._spotters = {
            other: TagSpotter(config, other)
            for other, settings in config.detectors.items()
            if settings.model == WORLD_OBJECTS
        }

    def look(self, shown: Shown) -> Sight:
        """Look at what is shown next."""
        frame = shown.frame
        due = self._schedule.due(frame.camera, frame.times.acquired)
        looks = [self._slots.look(name, frame) for name in due if name in self._others]
        found = [one for look in looks for one in look.found]
        rejected = [one for look in looks for one in look.rejected]
        reported = [sighting for name, tags in shown.tags.items() for sighting in self._spotters[name].sightings(tags)]
        return Sight(frame, due, found, reported, rejected)


def ignore_news(news: News) -> None:
    """Nobody is exchanged, so there is no news."""


def no_clock() -> float:
    """News alone carries the time, and there is none."""
    return 0.0
