"""Showing two models the same footage, and saying whether one may take the other's place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from models import Detector
from spot_agent.certification.bystanders import Bystanders
from spot_agent.certification.comparison import Comparison, Tolerances, compare_moments
from spot_agent.certification.footage import Footage
from spot_agent.certification.trial import Trial
from spot_agent.config import AgentConfig
from spot_agent.runtime.wanted import is_known


@dataclass(frozen=True, slots=True)
class Certificate:
    """Whether the new model may take the old one's place.

    Attributes:
        comparisons: What was compared, one for each footage.
        objections: Why it may not, in words; empty when it may.
    """

    comparisons: tuple[Comparison, ...]
    objections: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether there is no objection."""
        return not self.objections


def certify(
    config: AgentConfig,
    name: str,
    detectors: Mapping[str, Detector],
    new: Detector,
    footage: Sequence[Footage],
    tolerances: Tolerances,
    on_frame: Callable[[str, float], None],
) -> Certificate:
    """Let a new model see what an old one sees, and compare.

    Args:
        config: The cues and rules.
        name: The name in it of the detector whose model is to be replaced.
        detectors: Every detector of the configuration, with the old model in that place.
        new: The new model.
        footage: What to show them.
        tolerances: How far they may differ.
        on_frame: Told of progress: the footage's name and the seconds of it that were shown.

    Returns:
        The certificate.
    """
    lacking = _lacking(config, name, new)
    if lacking:
        return Certificate((), tuple(lacking))
    comparisons = []
    for one in footage:
        bystanders = Bystanders(config, name, detectors)
        old_trial, new_trial = Trial(config, name, detectors[name]), Trial(config, name, new)
        for index, shown in enumerate(one.frames(config)):
            sight = bystanders.look(shown)
            # Who comes second finds warm caches; so they take turns.
            trials = (old_trial, new_trial) if index % 2 else (new_trial, old_trial)
            for trial in trials:
                trial.look(sight)
            on_frame(one.name, new_trial.moments[-1].time)
        comparisons.append(compare_moments(one.name, old_trial.moments, new_trial.moments))
    objections = [
        f"{comparison.footage}: {text}" for comparison in comparisons for text in comparison.objections(tolerances)
    ]
    objections += [
        f"cue '{cue}': the old model sees it nowhere in what was shown, so nothing is proved for it; show it with --on"
        for cue, settings in config.cues.items()
        if settings.detector == name and not any(comparison.shows(cue) for comparison in comparisons)
    ]
    return Certificate(tuple(comparisons), tuple(objections))


def _lacking(config: AgentConfig, name: str, new: Detector) -> list[str]:
    return [
        f"cue '{cue}' needs the label '{settings.label}', which the new model does not have"
        for cue, settings in config.cues.items()
        if settings.detector == name and not is_known(settings.label, new.labels)
    ]
