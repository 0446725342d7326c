"""One model's way from frames to decisions, noted moment by moment."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from behaviors import GovernedCommand, Posture, RobotState, SE2Pose, Sit, Stand
from models import Detector
from spot_agent.cameras import Frame
from spot_agent.config import AgentConfig
from spot_agent.perception import Found, Tracker
from spot_agent.runtime.decide import Decider


@dataclass(frozen=True, slots=True)
class Moment:
    """What one frame led to.

    Attributes:
        time: Seconds since the footage began.
        cues: Names of the cues that were found just then; those that are only remembered do not count.
        rule: The rule that won; ``None`` if none did.
        seconds: How long the detector took, in seconds of this computer.
    """

    time: float
    cues: frozenset[str]
    rule: str | None
    seconds: float


class Trial:
    """Runs one model over frames, as the agent would: detector, tracker, rules, governor.

    The robot of a trial stands where the footage was taken. It sits down and stands up at once when a decision says
    so, for rules may wait for that; it does not walk, so both models see the same.

    Args:
        config: The cues and rules.
        name: The detector's name in it.
        detector: The model that has that place.
    """

    def __init__(self, config: AgentConfig, name: str, detector: Detector) -> None:
        self._name, self._detector = name, detector
        self._tracker = Tracker(config)
        self._decider = Decider(config, stand_first=False)
        self._wanted = {(cue.detector, cue.label) for cue in config.cues.values()}
        self._posture = Posture.STANDING
        self._begin: float | None = None
        self.moments: list[Moment] = []

    def look(self, frame: Frame, others: Sequence[Found] = ()) -> None:
        """Take in one frame.

        Args:
            frame: The frame.
            others: What the other detectors of the configuration found in it.
        """
        before = time.perf_counter()
        detections = self._detector.detect([frame.image])[0]
        seconds = time.perf_counter() - before
        found = [Found(self._name, detection) for detection in detections]
        found = [one for one in [*found, *others] if (one.detector, one.detection.label) in self._wanted]
        tracks = self._tracker.update(found, frame)
        now = frame.times.acquired
        verdict = self._decider.decide(tracks, self._state(frame), now)
        self._follow(verdict.governed)
        if self._begin is None:
            self._begin = now
        cues = frozenset(cue.name for cue in verdict.cues if cue.age <= 0)
        self.moments.append(Moment(now - self._begin, cues, verdict.decision.rule, seconds))

    def _state(self, frame: Frame) -> RobotState:
        return RobotState(
            time=frame.times.acquired,
            pose=frame.body or SE2Pose(0.0, 0.0, 0.0),
            posture=self._posture,
            powered=True,
            lease_held=True,
            estop_alive=True,
            time_synced=True,
            battery=1.0,
        )

    def _follow(self, governed: GovernedCommand) -> None:
        if isinstance(governed.command, Sit):
            self._posture = Posture.SITTING
        elif isinstance(governed.command, Stand):
            self._posture = Posture.STANDING
