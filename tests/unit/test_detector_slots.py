"""Exchanging a detector while frames come: none waits, none is lost, and what fails goes back."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from models import Box, Detection, View
from spot_agent.cameras import Frame, FrameTimes, Upright
from spot_agent.config import AgentConfig, DetectorConfig
from spot_agent.errors import UnfitModel
from spot_agent.perception import Found, Tracker
from spot_agent.runtime import DetectorSlots, News, NewsKind
from spot_agent.runtime.detector_slots import TRIAL_LOOKS
from spot_agent.runtime.swapping import WARM_LOOKS, Swapper

UPRIGHT = Upright.by_roll(0.0, 640, 480)
IMAGE = np.zeros((480, 640), np.uint8)
BOX = Box(100, 100, 160, 300)
NEW = DetectorConfig(model="new")
DEADLINE = 10.0  # s

CONFIG = AgentConfig.model_validate({
    "detectors": {"objects": {"model": "old"}},
    "cues": {"person": {"detector": "objects", "label": "person", "keep_distance": True}},
})  # fmt: skip


class Detector:
    """Finds a person in every picture, with a score by which it is known."""

    def __init__(self, score: float, labels: tuple[str, ...] = ("person", "dog")) -> None:
        self.name, self.labels, self.score = "made up", labels, score
        self.sizes: list[tuple[int, ...]] = []

    def detect(self, images: Sequence[NDArray[np.uint8]], views: Sequence[View | None] | None = None) -> Any:
        self.sizes += [image.shape for image in images]
        return [[Detection("person", self.score, BOX)] for _ in images]


class Failing(Detector):
    """Does well for some pictures, and then does not."""

    def __init__(self, good: int, answer: Callable[[], Any]) -> None:
        super().__init__(0.1)
        self.good, self.answer = good, answer

    def detect(self, images: Sequence[NDArray[np.uint8]], views: Sequence[View | None] | None = None) -> Any:
        found = super().detect(images, views)
        return found if len(self.sizes) <= self.good else self.answer()


def broken() -> Any:
    raise ArithmeticError("it divides by zero")


FAILURES: dict[str, tuple[Callable[[], Any], str]] = {
    "it raises": (broken, "ArithmeticError: it divides by zero"),
    "no list": (lambda: None, "it gave a NoneType for 1 pictures, not a list for each"),
    "too many lists": (lambda: [[], []], "it gave 2 results for 1 pictures, not a list for each"),
    "no detections": (lambda: [["person"]], "it gave something else than a list of detections for a picture"),
    "a foreign label": (lambda: [[Detection("cat", 0.5, BOX)]], "the label 'cat', which is none of its own"),
    "a box elsewhere": (lambda: [[Detection("dog", 0.5, Box(600, 0, 900, 9))]], "beyond the picture of 640×480 pixels"),
}


def frame(stamp: float = 1.0, camera: str = "frontleft") -> Frame:
    return Frame(camera, IMAGE, FrameTimes(stamp, stamp, stamp), UPRIGHT)


class Bench:
    """Slots with one detector, and the news that they tell."""

    def __init__(self, detector: Detector | None = None, config: AgentConfig = CONFIG) -> None:
        self.news: list[News] = []
        self.slots = DetectorSlots(config, {"objects": detector or Detector(0.9)}, self.news.append, lambda: 5.0)

    def looks(self, count: int) -> list[float]:
        """The scores of so many looks: they tell which detector looked."""
        return [found.detection.score for _ in range(count) for found in self.slots.look("objects", frame()).found]

    def swapper(self, load: Callable[[DetectorConfig], Detector], longest: float = 60.0) -> Swapper:
        return Swapper(self.slots, load, longest, self.news.append, lambda: 5.0)

    @property
    def kinds(self) -> list[NewsKind]:
        return [news.kind for news in self.news]


def test_a_new_detector_takes_over_at_the_next_frame_and_stays_when_it_does_well() -> None:
    bench = Bench()
    assert bench.looks(2) == [0.9, 0.9]
    bench.slots.replace("objects", Detector(0.5), NEW)
    assert bench.looks(TRIAL_LOOKS - 1) == [0.5] * (TRIAL_LOOKS - 1)
    assert bench.kinds == [NewsKind.SWAP_ON_TRIAL]
    assert bench.looks(3) == [0.5] * 3
    assert bench.kinds == [NewsKind.SWAP_ON_TRIAL, NewsKind.SWAPPED]
    assert (bench.news[-1].detector, bench.news[-1].model, bench.news[-1].time) == ("objects", "new", 5.0)
    assert bench.slots.settings("objects") == NEW


@pytest.mark.parametrize(("answer", "words"), FAILURES.values(), ids=FAILURES)
@pytest.mark.parametrize("good", [0, 1, TRIAL_LOOKS - 1])
def test_one_that_fails_on_trial_goes_and_no_frame_is_lost(answer: Callable[[], Any], words: str, good: int) -> None:
    bench = Bench()
    bench.slots.replace("objects", Failing(good, answer), NEW)
    assert bench.looks(TRIAL_LOOKS + 3) == [0.1] * good + [0.9] * (TRIAL_LOOKS + 3 - good)
    assert bench.kinds == [NewsKind.SWAP_ON_TRIAL, NewsKind.SWAP_FAILED]
    assert words in bench.news[-1].reason
    assert "the old one has taken over again" in bench.news[-1].reason
    assert bench.slots.settings("objects") == CONFIG.detectors["objects"]


def test_after_the_trial_a_failure_ends_the_run_as_ever() -> None:
    bench = Bench()
    bench.slots.replace("objects", Failing(TRIAL_LOOKS, broken), NEW)
    bench.looks(TRIAL_LOOKS)
    with pytest.raises(ArithmeticError):
        bench.looks(1)


def test_of_two_offers_in_a_row_the_newer_counts_and_the_proven_one_stands_by() -> None:
    bench = Bench()
    bench.slots.replace("objects", Detector(0.2), NEW)
    assert bench.looks(1) == [0.2]
    bench.slots.replace("objects", Detector(0.3), NEW)
    bench.slots.replace("objects", Failing(1, broken), NEW)
    assert bench.looks(3) == [0.1, 0.9, 0.9]


def test_a_cue_must_find_its_label_in_the_new_one() -> None:
    bench = Bench()
    with pytest.raises(UnfitModel, match="it does not know 'person', which the cues speak of"):
        bench.slots.replace("objects", Detector(0.5, labels=("dog", "cat")), NEW)
    with pytest.raises(UnfitModel, match="there is no detector 'cards' that could be exchanged; there is: objects"):
        bench.slots.replace("cards", Detector(0.5), NEW)
    assert bench.looks(1) == [0.9]
    assert bench.news == []


def test_for_waving_a_model_must_know_people() -> None:
    cues = {"hello": {"detector": "objects", "label": "waving", "keep_distance": False}}
    config = AgentConfig.model_validate({"detectors": {"objects": {"model": "old"}}, "cues": cues})
    bench = Bench(config=config)
    bench.slots.replace("objects", Detector(0.5), NEW)
    with pytest.raises(UnfitModel, match="'person', 'waving'"):
        bench.slots.replace("objects", Detector(0.5, labels=("dog",)), NEW)


def test_a_person_keeps_the_identity_across_a_swap() -> None:
    bench, tracker = Bench(), Tracker(CONFIG)
    for index in range(20):
        if index == 8:
            bench.slots.replace("objects", Detector(0.5), NEW)
        seen = frame(index * 0.1)
        tracks = tracker.update(bench.slots.look("objects", seen).found, seen, ("objects",))
    assert [(track.track_id, track.first_seen, track.latest.score) for track in tracks] == [(1, 0.1, 0.5)]


def test_a_new_model_warms_up_on_pictures_of_the_cameras() -> None:
    bench, new = Bench(), Detector(0.5)
    bench.slots.look("objects", frame())
    assert bench.swapper(lambda settings: new).swap("objects", NEW)
    assert new.sizes == [(480, 640)] * WARM_LOOKS
    assert bench.kinds == [NewsKind.SWAP_BEGINS]
    assert bench.looks(1) == [0.5]


def test_before_the_first_frame_it_warms_up_on_pictures_of_that_size() -> None:
    bench, new = Bench(), Detector(0.5)
    assert bench.swapper(lambda settings: new).swap("objects", NEW)
    assert set(new.sizes) == {(480, 640), (480, 640, 3)}


@pytest.mark.parametrize(("answer", "words"), FAILURES.values(), ids=FAILURES)
@pytest.mark.parametrize("good", [0, WARM_LOOKS - 1])
def test_one_that_fails_to_warm_up_never_looks(answer: Callable[[], Any], words: str, good: int) -> None:
    bench = Bench()
    bench.looks(1)
    assert not bench.swapper(lambda settings: Failing(good, answer)).swap("objects", NEW)
    assert bench.kinds == [NewsKind.SWAP_BEGINS, NewsKind.SWAP_FAILED]
    assert words.removeprefix("ArithmeticError: ") in bench.news[-1].reason
    assert "the old one stays" in bench.news[-1].reason
    assert bench.looks(2) == [0.9, 0.9]


def test_one_that_cannot_be_loaded_never_looks() -> None:
    def load(settings: DetectorConfig) -> Detector:
        raise OSError(f"no disk for {settings.model}")

    bench = Bench()
    assert not bench.swapper(load).swap("objects", NEW)
    assert bench.news[-1].reason == "the old one stays: no disk for new"


def test_one_that_is_too_slow_to_act_on_never_looks() -> None:
    bench = Bench()
    assert not bench.swapper(lambda settings: Detector(0.5), longest=0.0).swap("objects", NEW)
    assert "nothing may move on one older than 0 s" in bench.news[-1].reason


def test_one_without_the_cues_labels_never_looks() -> None:
    bench = Bench()
    other = Detector(0.5, labels=("dog",))
    other.detect = lambda images, views=None: [[] for _ in images]  # type: ignore[method-assign]  # finds nothing
    assert not bench.swapper(lambda settings: other).swap("objects", NEW)
    assert "it does not know 'person'" in bench.news[-1].reason


def test_no_frame_waits_while_a_model_is_loaded_and_warmed() -> None:
    bench = Bench()
    loading, may_go_on, warming = threading.Event(), threading.Event(), threading.Event()

    class Slow(Detector):
        def detect(self, images: Sequence[NDArray[np.uint8]], views: Sequence[View | None] | None = None) -> Any:
            if threading.current_thread() is swap:
                warming.set()
                assert may_go_on.wait(DEADLINE)
            return super().detect(images, views)

    def load(settings: DetectorConfig) -> Detector:
        loading.set()
        assert may_go_on.wait(DEADLINE)
        may_go_on.clear()
        return Slow(0.5)

    swap = threading.Thread(target=lambda: bench.swapper(load).swap("objects", NEW))
    swap.start()
    scores, gaps, newest = [], [], time.monotonic()

    def look(times: int) -> None:
        nonlocal newest
        for _ in range(times):
            scores.extend(bench.looks(1))
            now = time.monotonic()
            gaps.append(now - newest)
            newest = now

    assert loading.wait(DEADLINE)
    newest = time.monotonic()
    look(50)
    may_go_on.set()
    assert warming.wait(DEADLINE)
    newest = time.monotonic()
    look(50)
    may_go_on.set()
    swap.join(DEADLINE)
    newest = time.monotonic()
    look(50)
    assert scores == [0.9] * 100 + [0.5] * 50, "every frame was looked at, by the one or by the other"
    assert max(gaps) < 0.5, "a loaded machine's pause, not a load of seconds"


def test_offers_from_many_threads_and_looks_go_together() -> None:
    bench, ended = Bench(), threading.Event()

    def offer(score: float) -> None:
        while not ended.is_set():
            bench.slots.replace("objects", Detector(score), NEW)
            bench.slots.frames("objects")

    threads = [threading.Thread(target=offer, args=(score,)) for score in (0.2, 0.3)]
    for thread in threads:
        thread.start()
    scores = [
        found.detection.score
        for i in range(300)
        for found in bench.slots.look("objects", frame(1.0, f"camera {i % 5}")).found
    ]
    ended.set()
    for thread in threads:
        thread.join(DEADLINE)
    assert len(scores) == 300
    assert set(scores) <= {0.9, 0.2, 0.3}


def test_what_no_cue_speaks_of_is_left_out() -> None:
    class Two(Detector):
        def detect(self, images: Sequence[NDArray[np.uint8]], views: Sequence[View | None] | None = None) -> Any:
            return [[Detection("person", 0.9, BOX), Detection("dog", 0.8, BOX)] for _ in images]

    assert Bench(Two(0.9)).slots.look("objects", frame()).found == [Found("objects", Detection("person", 0.9, BOX))]
