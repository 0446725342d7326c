"""Exchanging a model while the agent runs: loaded, warmed up and checked beside the loop, before it may look."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from models import Detector, View
from spot_agent.config import DetectorConfig
from spot_agent.errors import UnfitModel
from spot_agent.perception import FrameView
from spot_agent.runtime.detector_slots import DetectorSlots
from spot_agent.runtime.findings import problem_with
from spot_agent.runtime.news import News, NewsKind

WARM_LOOKS = 4  # the first allocates; the quickest of the others says how long a look takes
SLOWER = 1.5  # times as long as the old one may it take where both take too long
PICTURE = (480, 640)  # px, height and width of a body camera's picture, where none has come yet


class Swapper:
    """Puts a new model in an old one's place. Its caller waits; no frame does.

    Args:
        slots: The detectors.
        load: Loads the model of a detector's settings.
        longest: Seconds that a look may take; beyond, its evidence would be too old to act on.
        tell: Told what happens.
        robot_now: Gives robot time in seconds.
    """

    def __init__(
        self,
        slots: DetectorSlots,
        load: Callable[[DetectorConfig], Detector],
        longest: float,
        tell: Callable[[News], None],
        robot_now: Callable[[], float],
    ) -> None:
        self._slots, self._load, self._longest = slots, load, longest
        self._tell, self._robot_now = tell, robot_now

    def swap(self, name: str, settings: DetectorConfig) -> bool:
        """Load a model, try it out, and offer it. What goes wrong is told, and changes nothing.

        Args:
            name: The detector whose place it is to take.
            settings: What config.yaml says of the new one.

        Returns:
            Whether it takes over.
        """
        self._news(NewsKind.SWAP_BEGINS, name, settings, "the old one goes on looking until the new one is ready")
        try:
            detector = self._load(settings)
            self._warm_up(detector, name)
            self._slots.replace(name, detector, settings)
        except UnfitModel as unfit:
            problem = unfit.message
        except Exception as failure:  # noqa: BLE001 - whatever is wrong with a new model must not end the run
            problem = str(failure) or type(failure).__name__
        else:
            return True
        self._news(NewsKind.SWAP_FAILED, name, settings, f"the old one stays: {problem}")
        return False

    def _warm_up(self, detector: Detector, name: str) -> None:
        """Let it look at pictures such as it will get, those of the cameras if there are any yet.

        Raises:
            UnfitModel: What it gives cannot be used, or it takes too long.
        """
        frames = self._slots.frames(name)
        pictures = [frame.image for frame in frames] or _made_up()
        views: list[View | None] = [*map(FrameView, frames)] or [None for _ in pictures]
        quickest = float("inf")
        for look in range(WARM_LOOKS):
            index = look % len(pictures)
            began = time.monotonic()
            found = detector.detect([pictures[index]], [views[index]])
            if look > 0:
                quickest = min(quickest, time.monotonic() - began)
            problem = problem_with(found, [pictures[index]], detector.labels)
            if problem is not None:
                raise UnfitModel(problem)
        # A machine that is too slow for the old one as well says nothing against the new one.
        if quickest > max(self._longest, SLOWER * self._slots.pace(name)):
            raise UnfitModel(
                f"it takes {quickest:.2f} s for a picture, and nothing may move on one older than {self._longest:g} s"
            )

    def _news(self, kind: NewsKind, name: str, settings: DetectorConfig, reason: str) -> None:
        self._tell(News(kind, self._robot_now(), reason, name, settings.model))


def _made_up() -> Sequence[NDArray[np.uint8]]:
    """A picture of a body camera's size, in colour and in grey: noise, which is always the same."""
    noise = np.random.default_rng(0).integers(0, 256, (*PICTURE, 3), np.uint8)
    return [noise, noise[..., 0]]
