"""From the fiducials that the robot itself reports to sightings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from spot_agent.config import AgentConfig
from spot_agent.perception.track import Sighting
from spot_agent.robot.tag_message import SeenTag


@dataclass(frozen=True, slots=True)
class _Counted:
    times: int
    newest: float


class TagSpotter:
    """Turns one detector's fiducials into sightings; they count once they were seen often enough, as in pictures.

    Args:
        config: Says which labels matter, and how often a thing must be seen.
        detector: The detector's name in config.yaml.
    """

    def __init__(self, config: AgentConfig, detector: str) -> None:
        self._detector = detector
        self._labels = {cue.label for cue in config.cues.values() if cue.detector == detector}
        self._confirm = config.tracking.confirm
        self._kept = config.tracking.forget_after
        self._counted: dict[int, _Counted] = {}

    def sightings(self, tags: Iterable[SeenTag]) -> list[Sighting]:
        """Take in what the robot has seen since the last time.

        Args:
            tags: The newest sighting of each tag.

        Returns:
            Those that cues speak of and that were seen often enough. The robot gives no confidence: theirs is 1.
        """
        sightings = []
        for tag in tags:
            if (label := f"tag {tag.number}") in self._labels and self._count(tag) >= self._confirm:
                sightings.append(
                    Sighting(
                        tag.camera, tag.time, tag.number, self._detector, label, score=1.0, box=None,
                        position=tag.position,
                    )
                )  # fmt: skip
        return sightings

    def _count(self, tag: SeenTag) -> int:
        """How often it has been seen without being lost in between."""
        before = self._counted.get(tag.number)
        is_lost = before is None or not 0.0 <= tag.time - before.newest <= self._kept
        times = 1 if before is None or is_lost else before.times + 1
        self._counted[tag.number] = _Counted(times, tag.time)
        return times
