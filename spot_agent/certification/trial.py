"""One model's way from frames to decisions, noted moment by moment."""

from __future__ import annotations

import time
from dataclasses import dataclass

from behaviors import GovernedCommand, Posture, RobotState, SE2Pose, Sit, Stand
from models import Detector
from spot_agent.cameras import Frame
from spot_agent.certification.bystanders import Sight, ignore_news, no_clock
from spot_agent.config import AgentConfig
from spot_agent.perception import Tracker
from spot_agent.runtime.decide import Decider
from spot_agent.runtime.detector_slots import DetectorSlots, Looked


@dataclass(frozen=True, slots=True)
class Moment:
    """What one frame led to.

    Attributes:
        time: Seconds since the footage began.
        cues: Names of the detector's cues that were found just then; those that are only remembered do not count.
        rule: The rule that won; ``None`` if none did.
        seconds: How long the detector took, in seconds of this computer; ``None`` if it was not due for this frame.
    """

    time: float
    cues: frozenset[str]
    rule: str | None
    seconds: float | None


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
        self._name = name
        self._slots = DetectorSlots(config, {name: detector}, ignore_news, no_clock)
        self._tracker = Tracker(config)
        self._decider = Decider(config, stand_first=False)
        self._cues = {cue for cue, settings in config.cues.items() if settings.detector == name}
        self._posture = Posture.STANDING
        self._begin: float | None = None
        self.moments: list[Moment] = []

    def look(self, sight: Sight) -> None:
        """Take in one frame, with what all others found in it."""
        frame = sight.frame
        looked, seconds = self._look(sight)
        self._tracker.update([*looked.found, *sight.found], frame, sight.due, [*looked.rejected, *sight.rejected])
        tracks = self._tracker.take_in(sight.reported)
        now = frame.times.acquired
        verdict = self._decider.decide(tracks, self._state(frame), now)
        self._follow(verdict.governed)
        if self._begin is None:
            self._begin = now
        cues = frozenset(cue.name for cue in verdict.cues if cue.age <= 0 and cue.name in self._cues)
        self.moments.append(Moment(now - self._begin, cues, verdict.decision.rule, seconds))

    def _look(self, sight: Sight) -> tuple[Looked, float | None]:
        """What the detector finds, and how long it takes."""
        if self._name not in sight.due:
            return Looked([], []), None
        before = time.perf_counter()
        looked = self._slots.look(self._name, sight.frame)
        return looked, time.perf_counter() - before

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
