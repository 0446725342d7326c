"""Reading a story's slices: what lasted from when to when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from spot_agent.reporting.story import Slice, Story


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring slices with one value.

    Attributes:
        start: Seconds.
        length: Seconds.
        value: What they have in common.
    """

    start: float
    length: float
    value: str


def runs(story: Story, value_of: Callable[[Slice], str | None]) -> list[Run]:
    """Join neighbouring slices with equal values; those without one are left out."""
    found: list[Run] = []
    before: str | None = None
    for index, part in enumerate(story.slices):
        value = None if part is None else value_of(part)
        if value is not None and value == before:
            found[-1] = Run(found[-1].start, found[-1].length + story.step, value)
        elif value is not None:
            found.append(Run(index * story.step, story.step, value))
        before = value
    return found
