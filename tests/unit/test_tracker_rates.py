"""Detectors that look at different times: what one did not look for is not missing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models import Box, Detection
from spot_agent.cameras import Frame, FrameTimes, Upright
from spot_agent.config import AgentConfig
from spot_agent.perception import Found, Track, Tracker

BOX = Box(100, 200, 160, 350)
OTHER = Box(400, 200, 460, 350)
UPRIGHT = Upright.by_roll(0.0, 640, 480)
IMAGE = np.zeros((480, 640), np.uint8)
CUES = {
    "person": {"detector": "objects", "label": "person", "keep_distance": True},
    "stop card": {"detector": "cards", "label": "stop", "keep_distance": False},
}


def config(rate: str | None = None, **tracking: Any) -> AgentConfig:
    cards: dict[str, Any] = {"model": "cards"} if rate is None else {"model": "cards", "rate": rate}
    detectors = {"objects": {"model": "objects"}, "cards": cards}
    return AgentConfig.model_validate({"cues": CUES, "detectors": detectors, "tracking": tracking})


def frame(time: float) -> Frame:
    return Frame("frontleft", IMAGE, FrameTimes(time, time, time), UPRIGHT)


PERSON = Found("objects", Detection("person", 0.8, BOX))
CARD = Found("cards", Detection("stop", 0.8, OTHER))


def run(tracker: Tracker, every: int, ticks: int, start: int = 0) -> list[Track]:
    tracks: list[Track] = []
    for index in range(start, start + ticks):
        looked = ("objects", "cards") if index % every == 0 else ("objects",)
        found = [PERSON, CARD] if index % every == 0 else [PERSON]
        tracks = tracker.update(found, frame(index * 0.1), looked)
    return tracks


def test_what_is_not_looked_for_is_not_missing() -> None:
    tracks = run(Tracker(config("2 Hz")), every=5, ticks=60)
    assert [(track.track_id, track.detector) for track in tracks] == [(1, "objects"), (2, "cards")]
    card = tracks[1]
    assert card.first_seen == pytest.approx(0.5), "the second look confirms it"
    assert card.latest.time == pytest.approx(5.5), "its age is that of the frame in which it was seen"


def test_looked_for_and_not_found_it_is_not_confirmed() -> None:
    tracker = Tracker(config("2 Hz"))
    assert len(run(tracker, every=5, ticks=3)) == 1
    for index in range(5, 60):  # the card was a false alarm of one look
        tracks = tracker.update([PERSON], frame(index * 0.1), ("objects", "cards") if index % 5 == 0 else ("objects",))
    assert [track.detector for track in tracks] == ["objects"]


def test_confirmation_counts_the_looks_of_the_thing_s_own_detector() -> None:
    tracker = Tracker(config("2 Hz", confirm=3))
    counted = [
        sum(track.detector == "cards" for track in run(tracker, every=5, ticks=5, start=5 * look)) for look in range(4)
    ]
    assert counted == [0, 0, 1, 1]


def test_a_thing_of_a_slow_detector_is_kept_until_its_next_look_and_half_a_period_more() -> None:
    tracker = Tracker(config("0.5 Hz"))
    tracks = run(tracker, every=20, ticks=60)  # looks at 0, 2 and 4 s
    assert [track.detector for track in tracks] == ["objects", "cards"], "forget after (1.5 s) would lose it each time"
    for index in range(60, 75):
        looked = ("objects", "cards") if index % 20 == 0 else ("objects",)
        tracks = tracker.update([PERSON], frame(index * 0.1), looked)
    assert [track.detector for track in tracks] == ["objects"], "it was not found at 6 s, so it is gone at 7 s"


def test_at_every_frame_it_does_not_matter_whether_who_looked_is_said() -> None:
    said, unsaid = Tracker(config()), Tracker(config())
    rng = np.random.default_rng(3)
    for index in range(50):
        found = [each for each in (PERSON, CARD) if rng.random() < 0.7]
        one = said.update(found, frame(index * 0.1), ("objects", "cards"))
        assert one == unsaid.update(found, frame(index * 0.1))


@settings(max_examples=40)
@given(st.lists(st.booleans(), min_size=5, max_size=60))
def test_looks_of_one_detector_do_not_change_the_other_s_tracks(looks: list[bool]) -> None:
    alone, beside = Tracker(config()), Tracker(config())
    for index, also in enumerate(looks):
        expected = alone.update([PERSON], frame(index * 0.1), ("objects",))
        found = [PERSON, CARD] if also else [PERSON]
        tracks = beside.update(found, frame(index * 0.1), ("objects", "cards") if also else ("objects",))
        mine = [(t.first_seen, t.latest, t.position) for t in tracks if t.detector == "objects"]
        assert mine == [(t.first_seen, t.latest, t.position) for t in expected]
