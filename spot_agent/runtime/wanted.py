"""What the cues of config.yaml ask of the detectors."""

from __future__ import annotations

from collections.abc import Collection

from spot_agent.config import PERSON, WAVING, AgentConfig


def wanted_labels(config: AgentConfig) -> frozenset[tuple[str, str]]:
    """Pairs of detector and label that cues speak of. Who waves is a person first."""
    wanted = {(cue.detector, cue.label) for cue in config.cues.values()}
    return frozenset(wanted | {(detector, PERSON) for detector, label in wanted if label == WAVING})


def is_known(label: str, labels: Collection[str]) -> bool:
    """Whether a model with these labels can give one: waving is told from people over time, by no model alone."""
    return label in labels or (label == WAVING and PERSON in labels)
