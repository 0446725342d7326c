"""What says how plausible detections are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from models.detection import Detection
from models.view import BoxMeasurements


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came out about one detection.

    Attributes:
        plausibility: 0 to 1; 1 where nothing is known against it.
        reason: Why it is rejected, for people, e.g. ``"0.21 m tall"``; ``None`` where it is not.
    """

    plausibility: float = 1.0
    reason: str | None = None

    @property
    def rejected(self) -> bool:
        """Whether it cannot be."""
        return self.reason is not None


PASSED = Verdict()
"""Nothing is known against it."""


class Judge(Protocol):
    """Says which detections cannot be. It is pure: the same arguments give the same verdicts."""

    def judge(
        self, detections: Sequence[Detection], measured: Sequence[BoxMeasurements], height: int, width: int
    ) -> list[Verdict]:
        """Judge the detections of one picture.

        Args:
            detections: What was found.
            measured: For each, what is known of its box. Where no size is known, and for labels that the judge does
                not know, the verdict is ``PASSED``: what is unknown is never held against a thing.
            height: Height of the picture in pixels.
            width: Its width.

        Returns:
            A verdict for each, in the same order.
        """
