"""Why a cue is missing: something was found that looked like it, and cannot be it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from behaviors import Cue, RuleReport, Verdict
from spot_agent.config import AgentConfig
from spot_agent.perception import Rejected

REMEMBERED = 1.0  # s for which a rejection explains why a cue is missing; cameras and detectors take turns


@dataclass(frozen=True, slots=True)
class _Doubt:
    """A rejection, and when it was told."""

    rejected: Rejected
    time: float


class Doubts:
    """Remembers for a moment what was rejected.

    Args:
        config: Its cues and rules.
    """

    def __init__(self, config: AgentConfig) -> None:
        self._cues, self._rules = config.cues, {rule.name: rule for rule in config.rules}
        self._newest: dict[str, _Doubt] = {}

    def remember(self, rejected: Sequence[Rejected], now: float) -> None:
        """Take in what was rejected just now; of several, the surest explains most.

        Args:
            rejected: What was found in a frame and cannot be.
            now: Robot time in seconds.
        """
        for one in sorted(rejected, key=lambda each: each.detection.score):
            for name, cue in self._cues.items():
                is_meant = (cue.detector, cue.label) == (one.detector, one.detection.label)
                if is_meant and one.detection.score >= cue.confidence:
                    self._newest[name] = _Doubt(one, now)

    def explain(self, reports: Sequence[RuleReport], cues: Sequence[Cue], now: float) -> tuple[RuleReport, ...]:
        """Add to the reports of rules that miss their cue why what looked like it does not count.

        Args:
            reports: One for each rule.
            cues: What is seen.
            now: Robot time in seconds.

        Returns:
            The reports, in the same order.
        """
        seen = {cue.name for cue in cues}
        return tuple(self._explained(report, seen, now) for report in reports)

    def _explained(self, report: RuleReport, seen: set[str], now: float) -> RuleReport:
        condition = self._rules[report.rule].when
        doubt = self._newest.get(condition.cue)
        if doubt is None or not 0 <= now - doubt.time <= REMEMBERED:
            return report
        if report.verdict is not Verdict.WAITING or condition.cue in seen or condition.lost_for is not None:
            return report
        label = doubt.rejected.detection.label
        return replace(report, reason=f"{report.reason}; {label} rejected: {doubt.rejected.reason}")
