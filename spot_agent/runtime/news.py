"""What happens beside the loop's turns: models that are exchanged, and changes of config.yaml."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, runtime_checkable


class NewsKind(StrEnum):
    """What has happened."""

    SWAP_BEGINS = "swap begins"  # the new model is loaded and tried out; the old one goes on looking
    SWAP_ON_TRIAL = "swap on trial"  # the new one looks, and the old one stands by
    SWAPPED = "swapped"  # the new one has proved itself, and stays
    SWAP_FAILED = "swap failed"  # the old one looks, still or again
    RESTART_NEEDED = "restart needed"  # config.yaml has changed in a part that is read at the start only
    CONFIG_IGNORED = "config ignored"  # config.yaml has changed and cannot be used as it is


@dataclass(frozen=True, slots=True)
class News:
    """One event.

    Attributes:
        kind: What has happened.
        time: Robot time in seconds.
        reason: Why, or what that means, in words.
        detector: The detector in question; ``None`` if none is.
        model: The new model's name in config.yaml; ``None`` if no model is in question.
    """

    kind: NewsKind
    time: float
    reason: str
    detector: str | None = None
    model: str | None = None


@runtime_checkable
class NewsListener(Protocol):
    """A listener that is also told of news."""

    def on_news(self, news: News) -> None:
        """Take in one event; called from any thread. It must be quick: a frame may wait for it."""
