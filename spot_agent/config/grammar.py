"""Which keys of config.yaml are settings, which are a person's own names, and how settings are spelt."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import TypeAlias

from behaviors import Condition, Rule, SafetyLimits
from behaviors.actions import ACTIONS
from behaviors.schema import Section
from spot_agent.config.sections import (
    AgentConfig,
    CameraConfig,
    CueConfig,
    DetectorConfig,
    RobotConfig,
    TrackingConfig,
)

Path: TypeAlias = tuple[str | int, ...]
"""The way from the top of the file to one value: keys, and positions in lists counted from 0."""

NAMED = ("cameras", "detectors", "cues")
"""Sections whose keys are names that a person chose."""

_SECTIONS: dict[Path, type[Section]] = {
    (): AgentConfig,
    ("robot",): RobotConfig,
    ("cameras", "*"): CameraConfig,
    ("detectors", "*"): DetectorConfig,
    ("cues", "*"): CueConfig,
    ("tracking",): TrackingConfig,
    ("rules", "*"): Rule,
    ("rules", "*", "when"): Condition,
    ("rules", "*", "while"): Condition,
    ("safety",): SafetyLimits,
    **{("rules", "*", "do", name): action for name, action in ACTIONS.items()},
}


def holds_names(path: Path) -> bool:
    """Whether the keys of the mapping at this place are a person's own names."""
    return len(path) == 1 and path[0] in NAMED


def canonical(key: str) -> str:
    """A setting's key in its own spelling: spaces and hyphens count as underscores."""
    return "_".join(key.replace("-", " ").replace("_", " ").split())


def readable(key: str) -> str:
    """A setting's key as people like to write it, with spaces."""
    return key.replace("_", " ")


def section_at(path: Path) -> type[Section] | None:
    """The section that is written at this place; ``None`` where there is none."""
    if path[:1] == ("rules",) and len(path) > 1:
        return _SECTIONS.get(("rules", "*", *path[2:]))
    if len(path) == 2 and holds_names(path[:1]):
        return _SECTIONS.get((path[0], "*"))
    return _SECTIONS.get(path)


def settings_of(section: type[Section]) -> dict[str, str]:
    """The settings of a section: how each is written, and the name of its field."""
    return {field.alias or name: name for name, field in section.model_fields.items()}


def suggestion(wrong: str, right: Iterable[str]) -> str:
    """The words ``; did you mean 'x'?``, or nothing when nothing is near."""
    by_lower_case = {name.lower(): name for name in right}
    near = difflib.get_close_matches(wrong.lower(), by_lower_case, n=1)
    return f"; did you mean '{by_lower_case[near[0]]}'?" if near else ""


def describe(path: Path, rule_names: dict[int, str]) -> str:
    """A place in words: ``rules[2] "follow people" > when > distance``; rules count from 1.

    Args:
        path: The place.
        rule_names: Names of the rules that have one, by their position counted from 0.
    """
    if len(path) > 1 and path[0] == "rules" and isinstance(path[1], int):
        name = rule_names.get(path[1])
        first = f"rules[{path[1] + 1}]" + (f' "{name}"' if name else "")
        rest = path[2:]
    else:
        first, rest = (readable(str(path[0])), path[1:]) if path else ("", ())
    named = holds_names(path[:1])
    words = [str(part) if named and index == 0 else _word(part) for index, part in enumerate(rest)]
    return " > ".join(filter(None, [first, *words]))


def _word(part: str | int) -> str:
    return f"[{part + 1}]" if isinstance(part, int) else readable(part)
