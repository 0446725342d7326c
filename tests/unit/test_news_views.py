"""What happens beside the loop's turns, wherever it is told; and what has no place in a picture."""

from __future__ import annotations

import io
import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rich.console import Console
from synthetic_run import SyntheticRun

from behaviors import Cue, Point2
from models import Box
from spot_agent.perception import Sighting, Track
from spot_agent.reporting import DecisionLog, EventView, LatencyMeter, PlainView, StoryRecorder, TerminalView, annotate
from spot_agent.reporting.watch import NEWS_SHOWN, Watch
from spot_agent.runtime import News, NewsKind, NewsListener, Tick

TICKS = list(SyntheticRun(duration=6.0).ticks())
NEWS = News(NewsKind.SWAP_FAILED, TICKS[5].time, "the old one stays: its file is damaged", "objects", "new")


def test_the_log_has_a_line_of_its_own_kind(tmp_path: Path) -> None:
    log = DecisionLog(tmp_path, Path("config.yaml"))
    log.on_tick(TICKS[0])
    log.on_news(NEWS)
    log.on_end({})
    lines = [json.loads(line) for line in log.path.read_text().splitlines()]
    assert lines[1]["looked"] == ["objects"]
    assert lines[2] == {
        "type": "swap failed", "time": pytest.approx(NEWS.time, abs=1e-3), "detector": "objects", "model": "new",
        "reason": "the old one stays: its file is damaged",
    }  # fmt: skip


def test_other_programs_get_an_event_of_its_own_name() -> None:
    emitted: list[tuple[str, str | None, dict[str, Any]]] = []
    EventView(lambda event, text, **members: emitted.append((event, text, members))).on_news(NEWS)
    ((event, text, members),) = emitted
    assert (event, text) == ("swap failed", None)
    assert members["reason"] == NEWS.reason
    json.dumps(members)


def test_pipes_get_a_line() -> None:
    output = io.StringIO()
    view = PlainView(Console(file=output, width=200))
    view.on_tick(TICKS[0])
    view.on_news(NEWS)
    line = output.getvalue().splitlines()[-1]
    assert line.strip() == (
        "0.50 s  SWAP FAILED: detector 'objects', model 'new': the old one stays: its file is damaged"
    )


def test_a_terminal_shows_it_for_a_while() -> None:
    console = Console(file=io.StringIO(), width=120, height=40, record=True)
    view = TerminalView(console=console)
    view.on_tick(TICKS[6])
    view.on_news(NEWS)
    console.print(view)
    assert "SWAP FAILED: detector 'objects', model 'new'" in console.export_text()
    watch = Watch()
    watch.on_news(NEWS)
    for age, shown in ((0.0, NEWS), (NEWS_SHOWN - 0.1, NEWS), (NEWS_SHOWN + 0.1, None)):
        watch.on_tick(replace(TICKS[5], time=NEWS.time + age))
        assert watch.report.news == shown


def test_those_who_need_no_news_are_not_asked_for_it() -> None:
    told = (DecisionLog, EventView, PlainView, TerminalView)
    assert all(issubclass(listener, NewsListener) for listener in told)
    assert not issubclass(LatencyMeter, NewsListener)


def unseen(tick: Tick) -> Tick:
    return replace(tick, looked=(), detections=())


def test_a_frame_at_which_nobody_looked_hides_nothing_and_counts_for_no_look() -> None:
    watch, meter, story = Watch(), LatencyMeter(), StoryRecorder("")
    frames = [tick for tick in TICKS if tick.frame.camera == "frontleft"]
    for listener in (watch, meter, story):
        for index, tick in enumerate(frames):
            listener.on_tick(tick if index % 2 == 0 else unseen(tick))
    (camera,) = watch.report.cameras
    assert camera.detections == frames[-2 if len(frames) % 2 == 0 else -1].detections
    assert camera.rate == pytest.approx(2.5, abs=0.3), "half of 5 frames a second"
    assert meter.summary().detect.count == (len(frames) + 1) // 2


def picture_of(track: Track) -> np.ndarray:
    cue = Cue("point", track.track_id, 0.9, 1.0, 0.0)
    return annotate(np.full((240, 320, 3), 90, np.uint8), [track], [], [cue], None)


def test_a_pointing_arm_is_drawn_and_what_the_robot_reports_has_no_box() -> None:
    sighting = Sighting("left", 1.0, 1, "people", "pointing left", 0.9, Box(140, 80, 180, 200), None)
    still = picture_of(Track(1, "pointing left", 0.0, sighting))
    pointing = picture_of(Track(1, "pointing left", 0.0, replace(sighting, direction=math.pi)))
    changed = np.argwhere((still != pointing).any(axis=2))
    assert 60 < changed[:, 1].min() < 110, "the arrow goes out of the box, to the left"
    assert changed[:, 1].max() <= 165
    reported = replace(sighting, box=None, position=Point2(1.0, 2.0))
    assert (picture_of(Track(1, "tag 1", 0.0, reported)) == 90).all()
