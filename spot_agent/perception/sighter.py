"""From what was found in a frame to sightings: each thing with its identity within its camera, and its place."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import Enum

from spot_agent.cameras import Frame
from spot_agent.config import PERSON, WAVING, AgentConfig, CueConfig
from spot_agent.perception.camera_tracker import CameraTracker
from spot_agent.perception.localize import locate
from spot_agent.perception.motion import SAME_PLACE
from spot_agent.perception.track import Found, Sighting

# Two boxes of one label in one place, of which one holds this share of the other, are one thing found twice.
CONTAINED = 0.8
# A thing is kept until the detector should have seen it once more, and half a period longer.
PERIODS_KEPT = 1.5


@dataclass(frozen=True, slots=True)
class Kind:
    """What can be one thing: a label means something only together with the detector that gives it."""

    detector: str
    label: str


class Labels(Enum):
    """Which labels are taken in: waving is told from the tracks that all others give."""

    IN_ONE_PICTURE = 1
    OVER_TIME = 2

    def include(self, label: str) -> bool:
        """Whether a label is among them."""
        return (label == WAVING) == (self is Labels.OVER_TIME)


class Sighter:
    """Gives the detections of each frame their identities within its camera.

    Args:
        config: Says which labels of which detectors matter, from which confidence on, and how long a lost thing is
            remembered.
    """

    def __init__(self, config: AgentConfig) -> None:
        self._config = config
        self._thresholds = _thresholds(config)
        self._guarded = _guarded(config)
        self._trackers: dict[tuple[str, Kind], CameraTracker] = {}

    def sightings(
        self, found: Sequence[Found], frame: Frame, looked: Collection[str] | None, labels: Labels
    ) -> list[Sighting]:
        """Take in what was found in one frame.

        Args:
            found: What was found. What is doubted counts only where the robot keeps its distance.
            frame: The frame.
            looked: The detectors that looked at it: of the things of others it says nothing, neither that they are
                there nor that they are not. ``None`` means all.
            labels: Which labels to take in, the others being left as they are.

        Returns:
            What has been found often enough to count.
        """
        sightings: list[Sighting] = []
        for kind in self._thresholds:
            if labels.include(kind.label) and (looked is None or kind.detector in looked):
                sightings += self._of_kind(kind, found, frame)
        return without_doubles(sightings)

    def kept(self, kind: Kind, camera: str) -> float:
        """Seconds for which a thing is remembered without a sighting: longer when its detector looks rarely."""
        periods = PERIODS_KEPT / self._config.look_rate(kind.detector, camera)
        return max(self._config.tracking.forget_after, periods)

    def forget(self) -> None:
        """Forget every identity."""
        self._trackers.clear()

    def _of_kind(self, kind: Kind, found: Sequence[Found], frame: Frame) -> list[Sighting]:
        same = [one for one in found if Kind(one.detector, one.detection.label) == kind]
        counted = [one for one in same if not one.doubted or kind in self._guarded]
        return [
            Sighting(
                camera=frame.camera,
                time=frame.times.acquired,
                tracklet_id=tracklet_id,
                detector=kind.detector,
                label=kind.label,
                score=one.detection.score,
                box=one.detection.box,
                position=locate(one.detection, frame),
                pose=one.detection.pose,
                direction=one.detection.direction,
                doubted=one.doubted,
            )
            for one, tracklet_id in self._tracker(frame.camera, kind).update(counted, frame.times.acquired)
        ]

    def _tracker(self, camera: str, kind: Kind) -> CameraTracker:
        if (camera, kind) not in self._trackers:
            rate = self._config.look_rate(kind.detector, camera)
            self._trackers[camera, kind] = CameraTracker(
                self._thresholds[kind], self._config.tracking.confirm, self.kept(kind, camera), rate
            )
        return self._trackers[camera, kind]


def _thresholds(config: AgentConfig) -> dict[Kind, float]:
    """The lowest confidence that any cue asks of each kind. Who is to wave must first be known as a person."""
    thresholds: dict[Kind, float] = {}
    for cue in config.cues.values():
        for kind in _kinds(cue):
            thresholds[kind] = min(cue.confidence, thresholds.get(kind, 1.0))
    return thresholds


def _guarded(config: AgentConfig) -> frozenset[Kind]:
    """What the robot keeps its distance from, even where it is doubted."""
    return frozenset(kind for cue in config.cues.values() if cue.keep_distance for kind in _kinds(cue))


def _kinds(cue: CueConfig) -> list[Kind]:
    """What must be found for a cue."""
    return [Kind(cue.detector, label) for label in ((PERSON, WAVING) if cue.label == WAVING else (cue.label,))]


def without_doubles(sightings: Sequence[Sighting]) -> list[Sighting]:
    """Leave out what one camera found twice: the less sure of two boxes in one place that hold each other.

    One that is doubted goes before one that is not, so that a doubt never hides what rules should see.
    """
    kept: list[Sighting] = []
    for sighting in sorted(sightings, key=lambda s: (s.doubted, -s.score, s.tracklet_id)):
        if not any(_same_thing(sighting, other) for other in kept):
            kept.append(sighting)
    return kept


def _same_thing(one: Sighting, other: Sighting) -> bool:
    if (one.detector, one.label) != (other.detector, other.label) or one.box is None or other.box is None:
        return False
    if one.position is None or other.position is None:
        return False
    width = min(one.box.x_max, other.box.x_max) - max(one.box.x_min, other.box.x_min)
    height = min(one.box.y_max, other.box.y_max) - max(one.box.y_min, other.box.y_min)
    common = max(0.0, width) * max(0.0, height)
    contained = common >= CONTAINED * min(one.box.area, other.box.area)
    return contained and one.position.distance_to(other.position) < SAME_PLACE
