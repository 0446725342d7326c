"""A model is exchanged while the agent runs, by a change of config.yaml."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from agent_process import CONFIG, agent, scene_file
from numpy.typing import NDArray

from models import Box, Detection, ModelLoadError, View
from simulator.fake_spot import FakeSpot
from spot_agent.cameras import StreamCounts
from spot_agent.config import AgentConfig, DetectorConfig
from spot_agent.robot import Address, Credentials, Sent, Spot
from spot_agent.runtime import Agent, News, NewsKind, Tick
from spot_agent.runtime.detector_slots import TRIAL_LOOKS
from spot_agent.runtime.swapping import Swapper

PATIENT = "tracking: {forget after: 10 s}\n" + CONFIG  # a loaded machine looks rarely
OLD = "detectors: {objects: {model: objects}}\n" + PATIENT
NEW = "detectors: {objects: {model: objects, threshold: 0.31}}\n" + PATIENT


def test_a_model_is_exchanged_while_the_robot_follows(tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    with FakeSpot(scene_file(tmp_path)) as spot, agent(spot, tmp_path, config=OLD) as running:
        running.wait_for(lambda event: event.get("rule") == "follow the visitor", timeout=60.0)

        config.write_text(NEW)
        began = running.wait_for(lambda event: event["event"] == "swap begins")
        assert (began["detector"], began["model"]) == ("objects", "objects")
        done = running.wait_for(lambda event: event["event"] == "swapped", timeout=60.0)
        assert "it stays" in done["reason"]

        config.write_text(NEW.replace("model: objects", "model: objetcs"))
        ignored = running.wait_for(lambda event: event["event"] == "config ignored")
        assert "config.yaml:1:30: detectors > objects > model: there is no model 'objetcs'" in ignored["reason"]

        config.write_text(NEW.replace("follow the visitor", "run after the visitor"))
        restart = running.wait_for(lambda event: event["event"] == "restart needed")
        assert restart["reason"].endswith(": rules")

        running.interrupt()
        assert running.end() == 0, running.stderr()
    assert "Traceback" not in running.stderr()
    log = [json.loads(line) for line in Path(running.events[-1]["log"]).read_text().splitlines()]
    told = [line["type"] for line in log if line["type"] not in ("start", "decision", "sent", "end")]
    assert told == ["swap begins", "swap on trial", "swapped", "config ignored", "restart needed"]
    _assert_nobody_was_lost(log, began["time"], done["time"])


def _assert_nobody_was_lost(log: list[dict[str, Any]], began: float, done: float) -> None:
    during = [line for line in log if line["type"] == "decision" and began - 1.0 <= line["time"] <= done + 0.5]
    looked = [line["looked"] for line in during if line["frame"] is not None]
    assert looked == [["objects"]] * len(looked), "the old one or the new one looks at every frame"
    assert len(looked) >= TRIAL_LOOKS
    people = {track["id"] for line in during for track in line["tracks"]}
    assert len(people) == 1, "the visitor keeps the identity"


# -- the same loop with detectors that do as they are told ------------------------------------------------------------

SCRIPTED = AgentConfig.model_validate({
    "cameras": {"frontleft": {"rate": "10 Hz"}},
    "detectors": {"objects": {"model": "old"}},
    "cues": {"person": {"detector": "objects", "label": "person", "keep_distance": True}},
})  # fmt: skip
DEADLINE = 60.0  # s


class Scripted:
    """Sees a person in every picture, with a score by which the detector is known.

    Args:
        score: That score.
        warming: Called by every look on another thread than the loop's, which is when it is warmed up.
        fails_at: At which look of the loop's it raises, counted from 1; ``None`` for never.
    """

    labels = ("person",)

    def __init__(self, score: float, warming: Callable[[], None] = lambda: None, fails_at: int | None = None) -> None:
        self.name, self.score, self.warming, self.fails_at = f"scripted {score}", score, warming, fails_at
        self.warm_looks, self.looks = 0, 0

    def detect(
        self, images: Sequence[NDArray[np.uint8]], views: Sequence[View | None] | None = None
    ) -> list[list[Detection]]:
        if threading.current_thread().name != "looker":
            self.warm_looks += 1
            self.warming()
        else:
            self.looks += 1
            if self.looks == self.fails_at:
                raise RuntimeError("its memory is gone")
        return [[Detection("person", self.score, Box(100, 100, 160, 300))] for _ in images]


class Watcher:
    """A listener that keeps the looks and the news, and lets a test wait for them."""

    def __init__(self) -> None:
        self.looks: list[float] = []
        self.news: list[News] = []
        self._changed = threading.Condition()

    def on_tick(self, tick: Tick) -> None:
        with self._changed:
            if tick.looked:
                (found,) = tick.detections
                self.looks.append(found.score)
            self._changed.notify_all()

    def on_news(self, news: News) -> None:
        with self._changed:
            self.news.append(news)
            self._changed.notify_all()

    def on_sent(self, sent: Sent) -> None:
        """Nothing is sent: the robot is only watched."""

    def on_end(self, counts: dict[str, StreamCounts]) -> None:
        """Nothing to keep."""

    def wait_for(self, condition: Callable[[], bool]) -> None:
        with self._changed:
            assert self._changed.wait_for(condition, DEADLINE), (self.news, self.looks[-5:])

    def looks_of(self, score: float, count: int) -> None:
        """Wait for so many looks more by one detector, without one by any other."""
        begin = len(self.looks)
        self.wait_for(lambda: len(self.looks) >= begin + count)
        assert self.looks[begin : begin + count] == [score] * count

    def wait_for_news(self, kind: NewsKind) -> News:
        self.wait_for(lambda: bool(self.news) and self.news[-1].kind is kind)
        return self.news[-1]


class Running:
    """An agent that watches a fake Spot on a thread of its own, with a swapper that is handed its detectors."""

    def __init__(self, fake: FakeSpot) -> None:
        self.watcher = Watcher()
        self._fake = fake
        self._ended = threading.Event()
        self.old = Scripted(0.9)
        self._spot = Spot(Address(fake.host, fake.port, fake.ca_file), Credentials("tester", "tester"), lambda _: None)
        self._agent = Agent(self._spot, SCRIPTED, {"objects": self.old}, [self.watcher], moves=False)
        self._thread = threading.Thread(target=lambda: self._agent.run(self._ended.is_set))

    def __enter__(self) -> Running:
        self._thread.start()
        self.watcher.looks_of(0.9, 5)
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join(DEADLINE)
        self._spot.shutdown()

    def swap(self, load: Callable[[], Scripted]) -> threading.Thread:
        """Begin to put another one in place, as the watch of config.yaml does."""
        swapper = Swapper(self._agent.slots, lambda _: load(), DEADLINE, self._agent.tell, self._spot.clock.now)
        thread = threading.Thread(target=lambda: swapper.swap("objects", DetectorConfig(model="new")))
        thread.start()
        return thread


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    with FakeSpot(scene_file(tmp_path)) as fake, Running(fake) as agent_running:
        yield agent_running


def test_no_frame_waits_while_the_new_one_is_loaded_and_warmed(running: Running) -> None:
    watcher, may_go_on, loading, warming = running.watcher, threading.Event(), threading.Event(), threading.Event()

    def pause(told: threading.Event) -> None:
        told.set()
        assert may_go_on.wait(DEADLINE)

    new = Scripted(0.5, warming=lambda: pause(warming))

    def load() -> Scripted:
        pause(loading)
        may_go_on.clear()
        return new

    swapping = running.swap(load)
    assert loading.wait(DEADLINE)
    # Loading and warming up go on only after these looks: a frame that waited for them would wait for ever.
    watcher.looks_of(0.9, 20)
    may_go_on.set()
    assert warming.wait(DEADLINE)
    watcher.looks_of(0.9, 20)
    ended = len(watcher.looks)
    may_go_on.set()
    swapping.join(DEADLINE)
    watcher.wait_for_news(NewsKind.SWAPPED)
    assert new.warm_looks > 0, "it was warmed before it looked"
    assert watcher.looks[:ended] == [0.9] * ended
    watcher.looks_of(0.5, 5)


def test_what_fails_leaves_the_old_one_looking_and_is_told_in_one_line(running: Running) -> None:
    watcher = running.watcher

    def damaged() -> Scripted:
        raise ModelLoadError("./new/model.keras: it is damaged")

    def out_of_memory() -> None:
        raise MemoryError

    for load, reason in (
        (damaged, "the old one stays: ./new/model.keras: it is damaged"),
        (lambda: Scripted(0.5, warming=out_of_memory), "the old one stays: MemoryError"),
    ):
        watcher.news.clear()
        running.swap(load).join(DEADLINE)
        assert [news.kind for news in watcher.news] == [NewsKind.SWAP_BEGINS, NewsKind.SWAP_FAILED]
        assert watcher.news[-1].reason == reason
        watcher.looks_of(0.9, TRIAL_LOOKS)


def test_one_that_fails_after_it_took_over_rolls_back_within_the_same_frame(running: Running) -> None:
    watcher = running.watcher
    running.swap(lambda: Scripted(0.5, fails_at=4))
    failed = watcher.wait_for_news(NewsKind.SWAP_FAILED)
    assert failed.reason == "the old one has taken over again: RuntimeError: its memory is gone"
    watcher.looks_of(0.9, TRIAL_LOOKS)
    assert watcher.looks.count(0.5) == 3
    first = watcher.looks.index(0.5)
    assert watcher.looks[first : first + 4] == [0.5, 0.5, 0.5, 0.9], "the old one looks at that same frame"
