"""From tracks to a governed command: the part of the loop that is the same on a robot and in replay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from behaviors import Cue, Decision, Engine, GovernedCommand, Governor, Memory, Posture, RobotState, Stand
from behaviors.memory import BodyMemory
from spot_agent.config import AgentConfig
from spot_agent.perception import CueMaker, Rejected, Track
from spot_agent.runtime.explaining import Doubts

CLOCK_SET_BACK = 1.0  # s; time sync itself corrects by milliseconds


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one moment's cues led to.

    Attributes:
        cues: What the rules saw.
        decision: What the rules decided.
        governed: What the governor passed.
        doubted: What the governor saw besides: no rule may act on it, and the robot keeps its distance from it.
    """

    cues: Sequence[Cue]
    decision: Decision
    governed: GovernedCommand
    doubted: Sequence[Cue] = ()


class Decider:
    """Makes cues, decides and governs.

    Args:
        config: The rules, cues and limits.
        stand_first: Whether the robot is to stand up before any rule may act.
    """

    def __init__(self, config: AgentConfig, *, stand_first: bool) -> None:
        self._cue_maker = CueMaker(config)
        self._engine = Engine(config.rules)
        self._governor = Governor(config.safety)
        self._memory = Memory()
        self._latest = float("-inf")
        self._stand_first = stand_first
        self._doubts = Doubts(config)

    def decide(
        self, tracks: Sequence[Track], state: RobotState, now: float, rejected: Sequence[Rejected] = ()
    ) -> Verdict:
        """Decide at one moment.

        Args:
            tracks: Everything that is tracked.
            state: The robot.
            now: Robot time in seconds.
            rejected: What was found just now and cannot be; it explains why a cue is missing.
        """
        if now < self._latest - CLOCK_SET_BACK:
            # Times of the old clock would hold a pose, or a cooldown, until the new one reaches them.
            self._memory = Memory(body=BodyMemory(self._memory.body.posed))
        self._latest = now
        found = self._cue_maker.cues(tracks, state.pose, now)
        cues = [cue for cue in found if not cue.doubted]
        doubted = [cue for cue in found if cue.doubted]
        outcome = self._engine.decide(found, state, now, self._memory)
        self._doubts.remember(rejected, now)
        decision = replace(outcome.decision, reports=self._doubts.explain(outcome.decision.reports, cues, now))
        if self._stand_first and state.posture in (Posture.STANDING, Posture.STEPPING):
            self._stand_first = False
        if self._stand_first:
            decision = Decision(now, None, Stand(), None, None, decision.reports)
        else:
            self._memory = outcome.memory
        return Verdict(cues, decision, self._governor.govern(decision, found, state, now), doubted)
