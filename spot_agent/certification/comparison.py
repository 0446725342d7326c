"""Two models' moments side by side: where they differ, and whether that is too much."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from spot_agent.certification.trial import Moment


@dataclass(frozen=True, slots=True)
class Tolerances:
    """How far the new model may differ from the old one.

    Attributes:
        missed: Of the moments at which the old one sees a cue, the share at which the new one may not.
        surplus: Of the moments at which the detector looks, the share at which the new one may see a cue that the old
            one does not.
        decisions: Of all moments, the share at which another rule may win.
        delay: Seconds by which a rule may start later.
        slower: How many times as long a picture may take, at the median and at the 95th percentile.
    """

    missed: float = 0.10
    surplus: float = 0.05
    decisions: float = 0.10
    delay: float = 0.5
    slower: float = 1.5


@dataclass(frozen=True, slots=True)
class CueComparison:
    """At how many moments a cue was in sight.

    Attributes:
        cue: Its name in config.yaml.
        both: Of both models.
        only_old: Of the old one alone.
        only_new: Of the new one alone.
        moments: Of how many moments: those at which the detector looked.
    """

    cue: str
    both: int
    only_old: int
    only_new: int
    moments: int

    def objections(self, tolerances: Tolerances) -> list[str]:
        """What is too different, in words."""
        found = []
        seen = self.both + self.only_old
        if seen and self.only_old / seen > tolerances.missed:
            found.append(
                f"cue '{self.cue}': the new model misses it at {self.only_old} of {seen} moments at which the old one "
                f"sees it ({self.only_old / seen:.0%}; at most {tolerances.missed:.0%})"
            )
        if self.moments and self.only_new / self.moments > tolerances.surplus:
            found.append(
                f"cue '{self.cue}': the new model sees it at {self.only_new} of {self.moments} moments at which the "
                f"old one does not ({self.only_new / self.moments:.0%}; at most {tolerances.surplus:.0%})"
            )
        return found


@dataclass(frozen=True, slots=True)
class RuleComparison:
    """When a rule won.

    Attributes:
        rule: Its name.
        old: At how many moments, with the old model.
        new: At how many moments, with the new one.
        old_start: Seconds into the footage at which it first won with the old model; ``None`` if never.
        new_start: The same with the new one.
    """

    rule: str
    old: int
    new: int
    old_start: float | None
    new_start: float | None

    def objections(self, tolerances: Tolerances) -> list[str]:
        """What is too different, in words."""
        name = f"rule '{self.rule}'"
        if self.old_start is None and self.new_start is not None:
            return [f"{name}: acts with the new model, first at {self.new_start:.1f} s; with the old one it never does"]
        if self.old_start is None:
            return []
        if self.new_start is None:
            return [f"{name}: never acts with the new model; with the old one it does at {self.old_start:.1f} s"]
        late = self.new_start - self.old_start
        if late > tolerances.delay:
            return [f"{name}: starts {late:.1f} s later with the new model (at most {tolerances.delay:g} s)"]
        return []


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two models over one footage.

    Attributes:
        footage: What they saw.
        cues: Every cue that at least one of them saw.
        rules: Every rule that won at least once.
        moments: How many frames there were.
        same_decision: At how many of them the same rule won, or none for both.
        old_seconds: Median and 95th percentile of the old model's time for a picture.
        new_seconds: The same of the new one.
    """

    footage: str
    cues: tuple[CueComparison, ...]
    rules: tuple[RuleComparison, ...]
    moments: int
    same_decision: int
    old_seconds: tuple[float, float]
    new_seconds: tuple[float, float]

    def shows(self, cue: str) -> bool:
        """Whether the old model sees a cue anywhere in it."""
        return any(one.cue == cue and one.both + one.only_old for one in self.cues)

    def objections(self, tolerances: Tolerances) -> list[str]:
        """Why the new model may not take the old one's place; empty when it may."""
        if not self.moments:
            return ["there was not a single frame"]
        found = [text for cue in self.cues for text in cue.objections(tolerances)]
        found += [text for rule in self.rules for text in rule.objections(tolerances)]
        differing = 1 - self.same_decision / self.moments
        if differing > tolerances.decisions:
            found.append(f"another rule wins at {differing:.0%} of the moments (at most {tolerances.decisions:.0%})")
        for name, old, new in zip(("median", "95th percentile"), self.old_seconds, self.new_seconds, strict=True):
            if new > tolerances.slower * old:
                found.append(
                    f"a picture takes {new * 1e3:.0f} ms instead of {old * 1e3:.0f} ms at the {name} "
                    f"(at most {tolerances.slower:g} times as long)"
                )
        return found


def compare_moments(footage: str, old: Sequence[Moment], new: Sequence[Moment]) -> Comparison:
    """Compare what two models made of the same frames.

    Args:
        footage: The footage's name.
        old: The old model's moments.
        new: The new one's, for the same frames in the same order.

    Raises:
        ValueError: They are not as many.
    """
    pairs = list(zip(old, new, strict=True))
    cues = sorted({cue for moment in (*old, *new) for cue in moment.cues})
    rules = sorted({moment.rule for moment in (*old, *new) if moment.rule is not None})
    return Comparison(
        footage=footage,
        cues=tuple(_compare_cue(cue, pairs) for cue in cues),
        rules=tuple(_compare_rule(rule, old, new) for rule in rules),
        moments=len(pairs),
        same_decision=sum(before.rule == after.rule for before, after in pairs),
        old_seconds=_spread(old),
        new_seconds=_spread(new),
    )


def _compare_cue(cue: str, pairs: Sequence[tuple[Moment, Moment]]) -> CueComparison:
    looked = [(before, after) for before, after in pairs if before.seconds is not None and after.seconds is not None]
    seen = [(cue in before.cues, cue in after.cues) for before, after in looked]
    return CueComparison(cue, seen.count((True, True)), seen.count((True, False)), seen.count((False, True)), len(seen))


def _compare_rule(rule: str, old: Sequence[Moment], new: Sequence[Moment]) -> RuleComparison:
    times = [[moment.time for moment in moments if moment.rule == rule] for moments in (old, new)]
    starts = [min(one, default=None) for one in times]
    return RuleComparison(rule, len(times[0]), len(times[1]), starts[0], starts[1])


def _spread(moments: Sequence[Moment]) -> tuple[float, float]:
    seconds = [moment.seconds for moment in moments if moment.seconds is not None]
    if not seconds:
        return 0.0, 0.0
    median, late = np.percentile(seconds, (50, 95)).tolist()
    return median, late
