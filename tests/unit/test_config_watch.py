"""config.yaml while the agent runs: new models are put in place, and everything else is told."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from models import Box, Detection, ModelError, View
from spot_agent.cameras import Frame, FrameTimes, Upright
from spot_agent.config import DetectorConfig, load_config
from spot_agent.runtime import DetectorSlots, News, NewsKind
from spot_agent.runtime.config_watch import ConfigWatch
from spot_agent.runtime.detector_slots import TRIAL_LOOKS
from spot_agent.runtime.swapping import Swapper

MODELS = {
    "old": ("person",),
    "new": ("person", "dog"),
    "cards": ("stop",),
    "broken": ("person",),
    "world objects": ("tag 1",),
}
CONFIG = """
cameras: {frontleft: {rate: 10 Hz}}
detectors:
  objects: {model: old}
  tags: {model: world objects}
cues:
  person: {detector: objects}
rules:
  - {name: sit, when: {cue: person}, do: sit}
"""
FRAME = Frame(
    "frontleft", np.zeros((480, 640), np.uint8), FrameTimes(1.0, 1.0, 1.0), Upright.by_roll(0.0, 640, 480)
)  # fmt: skip


class Detector:
    def __init__(self, settings: DetectorConfig) -> None:
        self.name, self.settings = settings.model, settings
        self.labels = MODELS[settings.model]

    def detect(
        self, images: Sequence[NDArray[np.uint8]], views: Sequence[View | None] | None = None
    ) -> list[list[Detection]]:
        return [[Detection("person", 0.5, Box(0, 0, 9, 9))] if "person" in self.labels else [] for _ in images]


class Bench:
    """A watched file. Time is the number of writes, so no clock's resolution matters."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "config.yaml"
        self.news: list[News] = []
        self.loaded: list[DetectorConfig] = []
        self.writes = 0
        self.write(CONFIG)
        config = load_config(self.path, MODELS)
        detectors = {"objects": Detector(config.detectors["objects"])}
        self.slots = DetectorSlots(config, detectors, self.news.append, self.now)
        swapper = Swapper(self.slots, self.load, 60.0, self.news.append, self.now)
        self.watch = ConfigWatch(self.path, config, self.slots, swapper, self.news.append, self.now, MODELS)

    def now(self) -> float:
        return 7.0

    def load(self, settings: DetectorConfig) -> Detector:
        self.loaded.append(settings)
        if settings.model == "broken":
            raise ModelError("its file is damaged")
        return Detector(settings)

    def write(self, text: str) -> None:
        self.path.write_text(text)
        self.writes += 1
        os.utime(self.path, ns=(self.writes * 10**9, self.writes * 10**9))

    def change(self, old: str, new: str) -> None:
        assert old in CONFIG
        self.write(CONFIG.replace(old, new))

    def polls(self, count: int = 3) -> list[NewsKind]:
        """Look so many times at the file; the kinds of news that this gives."""
        self.news.clear()
        for _ in range(count):
            self.watch.poll()
        return [news.kind for news in self.news]


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def test_an_untouched_file_is_no_news(bench: Bench) -> None:
    assert bench.polls(5) == []
    assert bench.loaded == []


def test_another_model_is_put_in_place(bench: Bench) -> None:
    bench.polls()
    bench.change("model: old", "model: new, threads: 2, threshold: 0.3")
    assert bench.polls() == [NewsKind.SWAP_BEGINS]
    assert bench.loaded == [DetectorConfig(model="new", threads=2, threshold=0.3)]
    for _ in range(TRIAL_LOOKS):
        bench.slots.look("objects", FRAME)
    assert [news.kind for news in bench.news[1:]] == [NewsKind.SWAP_ON_TRIAL, NewsKind.SWAPPED]
    assert bench.polls(5) == [], "once is enough"


def test_nothing_is_read_before_the_file_has_settled(bench: Bench) -> None:
    bench.polls()
    bench.change("model: old", "model: n")
    assert bench.polls(1) == []
    bench.change("model: old", "model: new")
    assert bench.polls(1) == []
    assert bench.polls(1) == [NewsKind.SWAP_BEGINS]


def test_a_file_that_is_written_again_with_the_same_content_is_no_news(bench: Bench) -> None:
    bench.polls()
    bench.write(CONFIG)
    assert bench.polls(5) == []
    bench.write(CONFIG + "# a comment\n")
    assert bench.polls(5) == []


def test_a_file_that_was_changed_before_the_watch_began_is_noticed(bench: Bench) -> None:
    bench.change("model: old", "model: new")
    assert bench.polls() == [NewsKind.SWAP_BEGINS]


@pytest.mark.parametrize(("old", "new", "words"), [
    ("model: old", "model: odl", "there is no model 'odl'; did you mean 'old'?"),
    ("model: old", "model: [", "a value is missing before '}'"),
    ("model: old", "model: cards", "there is no label 'person'"),
    ("{frontleft: {rate: 10 Hz}}", "{frontleft: {rate: 10}}", "10 has no unit"),
])  # fmt: skip
def test_a_file_with_mistakes_is_ignored_and_the_first_one_told(bench: Bench, old: str, new: str, words: str) -> None:
    bench.polls()
    bench.change(old, new)
    assert bench.polls() == [NewsKind.CONFIG_IGNORED]
    assert words in bench.news[0].reason
    assert f"{bench.path}:" in bench.news[0].reason
    assert bench.loaded == []
    bench.change("model: old", "model: new")
    assert bench.polls() == [NewsKind.SWAP_BEGINS], "a good one counts again"


def test_a_file_that_is_gone_for_a_while_changes_nothing(bench: Bench) -> None:
    bench.polls()
    bench.path.unlink()
    assert bench.polls(3) == []
    bench.write(CONFIG)
    assert bench.polls(3) == []


def test_a_model_that_cannot_be_loaded_changes_nothing_and_is_tried_again_after_the_next_change(bench: Bench) -> None:
    bench.polls()
    bench.change("model: old", "model: broken")
    assert bench.polls(6) == [NewsKind.SWAP_BEGINS, NewsKind.SWAP_FAILED]
    assert bench.news[-1].reason == "the old one stays: its file is damaged"
    bench.change("model: old", "model: broken, threads: 1")
    assert bench.polls() == [NewsKind.SWAP_BEGINS, NewsKind.SWAP_FAILED]
    bench.write(CONFIG)
    assert bench.polls() == [], "the old one has been looking all the time"


@pytest.mark.parametrize(("old", "new", "what"), [
    ("do: sit", "do: stand", "rules"),
    ("rate: 10 Hz", "rate: 5 Hz", "cameras"),
    ("{model: old}", "{model: old, rate: 5 Hz}", "detectors > objects > rate"),
    ("{model: old}", "{model: old, cameras: [frontleft]}", "detectors > objects > cameras"),
    ("  tags: {model: world objects}\n", "", "detectors > tags"),
    ("{model: world objects}", "{model: new}", "detectors > tags > model"),
])  # fmt: skip
def test_what_is_read_at_the_start_only_is_told_once(bench: Bench, old: str, new: str, what: str) -> None:
    bench.polls()
    bench.change(old, new)
    assert bench.polls(5) == [NewsKind.RESTART_NEEDED]
    assert bench.news[0].reason == f"changes count when the agent is started again: {what}"
    assert bench.loaded == []
    bench.write(CONFIG.replace(old, new) + "# a comment\n")
    assert bench.polls(5) == []


def test_a_swap_and_a_restart_can_come_together(bench: Bench) -> None:
    bench.polls()
    bench.write(CONFIG.replace("do: sit", "do: stand").replace("model: old", "model: new"))
    assert bench.polls() == [NewsKind.RESTART_NEEDED, NewsKind.SWAP_BEGINS]


@pytest.fixture
def running(bench: Bench) -> Iterator[Bench]:
    bench.watch.start()
    yield bench
    bench.watch.stop()


def wait_for(condition: Callable[[], bool]) -> None:
    pause = threading.Event()
    for _ in range(1000):
        if condition():
            return
        pause.wait(0.01)
    raise AssertionError("it did not happen within 10 s")


def test_it_watches_on_a_thread_of_its_own(running: Bench) -> None:
    running.change("model: old", "model: new")
    wait_for(lambda: any(news.kind is NewsKind.SWAP_BEGINS for news in running.news))
    wait_for(lambda: running.slots.settings("objects") == DetectorConfig(model="new"))
