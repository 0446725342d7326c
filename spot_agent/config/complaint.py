"""Where something stands in a text, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass

from spot_agent.config.grammar import Path


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A line and a column of a text, both counted from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Complaint:
    """Something wrong, not yet put together with the name of its file.

    Attributes:
        path: Where in the settings; in words it goes in front of the message.
        place: Line and column; ``None`` when the whole file is meant.
        message: What is wrong and what to write instead.
    """

    path: Path
    place: Place | None
    message: str
