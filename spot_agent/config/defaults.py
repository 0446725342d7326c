"""What may be left out of config.yaml because a name, or the rest of the file, says it already."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from spot_agent.config.known_models import PERSON
from spot_agent.config.sections import DEFAULT_DETECTOR

Settings: TypeAlias = dict[str, Any]
"""A mapping of the file before it is checked: anything may stand in it."""


def fill_in(content: Settings) -> Settings:
    """Complete a file's content: a detector's model, a cue's detector and label, and whether it is a person.

    Args:
        content: The file's mapping, with its settings in their own spelling.

    Returns:
        A copy with these defaults written out. What is of the wrong kind is left for the checks to find.
    """
    completed = {key: value for key, value in content.items() if value is not None}
    detectors = completed.setdefault("detectors", {DEFAULT_DETECTOR: {}})
    fillers: dict[str, Callable[[str, Settings], Settings]] = {
        "cameras": lambda _name, _camera: {},
        "detectors": lambda name, _detector: {"model": name},
        "cues": lambda name, cue: _cue_defaults(name, cue, detectors),
    }
    for section, filler in fillers.items():
        if isinstance(completed.get(section), dict):
            completed[section] = {name: _filled(name, given, filler) for name, given in completed[section].items()}
    return completed


def _filled(name: str, given: object, filler: Callable[[str, Settings], Settings]) -> object:
    settings = {} if given is None else given
    return {**filler(name, settings), **settings} if isinstance(settings, dict) else given


def _cue_defaults(name: str, cue: Settings, detectors: object) -> Settings:
    label = cue.get("label", name)
    defaults: Settings = {"label": label, "keep_distance": label == PERSON}
    names = list(detectors) if isinstance(detectors, dict) else [DEFAULT_DETECTOR]
    if len(names) == 1 or DEFAULT_DETECTOR in names:
        defaults["detector"] = names[0] if len(names) == 1 else DEFAULT_DETECTOR
    return defaults
