"""Comparing two models' moments, and one model's way through a trial."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from behaviors import Point2, SE2Pose
from models import Box, Detection, Joint, Pose, View
from spot_agent.cameras import Frame, FrameTimes, Upright
from spot_agent.certification import certify
from spot_agent.certification.bystanders import Bystanders, Sight
from spot_agent.certification.comparison import Comparison, Tolerances, compare_moments
from spot_agent.certification.footage import Shown
from spot_agent.certification.trial import Moment, Trial
from spot_agent.config import AgentConfig
from spot_agent.perception import FrameView
from spot_agent.robot.tag_message import SeenTag

STRICT = Tolerances(missed=0.0, surplus=0.0, decisions=0.0, delay=0.0, slower=1.0)
CUES = st.frozensets(st.sampled_from(["person", "sign"]))
MOMENTS = st.lists(
    st.builds(Moment, st.just(0.0), CUES, st.sampled_from([None, "follow", "sit"]), st.floats(0.001, 1)), min_size=1
)


def seen(
    *cues: str, count: int = 10, rule: str | None = None, seconds: float = 0.03, start: float = 0.0
) -> list[Moment]:
    return [Moment(start + index / 10, frozenset(cues), rule, seconds) for index in range(count)]


def objections(old: list[Moment], new: list[Moment], tolerances: Tolerances = Tolerances()) -> list[str]:  # noqa: B008
    return compare_moments("video", old, new).objections(tolerances)


@given(MOMENTS)
def test_a_model_may_always_take_its_own_place(moments: list[Moment]) -> None:
    assert objections(moments, moments, STRICT) == []


@given(MOMENTS, st.data())
def test_every_difference_in_cues_or_rules_is_an_objection_if_none_is_tolerated(
    moments: list[Moment], data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, len(moments) - 1))
    other = data.draw(st.builds(Moment, st.just(0.0), CUES, st.sampled_from([None, "follow", "sit"]), st.just(0.001)))
    changed = [*moments[:index], other, *moments[index + 1 :]]
    differs = (other.cues, other.rule) != (moments[index].cues, moments[index].rule)
    assert bool(objections(moments, changed, STRICT)) == differs


def test_a_cue_that_is_missed_too_often_is_told_with_its_figures() -> None:
    (text,) = objections(seen("person"), [*seen("person", count=8), *seen(count=2, start=0.8)])
    assert text == (
        "cue 'person': the new model misses it at 2 of 10 moments at which the old one sees it (20%; at most 10%)"
    )


def test_a_cue_that_appears_from_nowhere_is_told() -> None:
    (text,) = objections(seen(count=10), [*seen(count=9), *seen("sign", count=1, start=0.9)])
    assert "sees it at 1 of 10 moments at which the old one does not (10%; at most 5%)" in text


@pytest.mark.parametrize(("old", "new", "words"), [
    (seen(count=20), [*seen(count=19), *seen(count=1, rule="sit", start=1.9)], "acts with the new model, first"),
    ([*seen(count=19), *seen(count=1, rule="sit", start=1.9)], seen(count=20), "never acts with the new model"),
    ([*seen(count=90), *seen(count=10, rule="sit", start=9.0)],
     [*seen(count=96), *seen(count=4, rule="sit", start=9.6)], "starts 0.6 s later"),
], ids=["new", "lost", "late"])  # fmt: skip
def test_a_rule_that_acts_otherwise_is_told(old: list[Moment], new: list[Moment], words: str) -> None:
    (text,) = objections(old, new)
    assert "rule 'sit'" in text
    assert words in text


def test_a_rule_may_start_sooner() -> None:
    old, new = [*seen(count=15), *seen(count=85, rule="sit", start=1.5)], [*seen(count=8), *seen(count=92, rule="sit")]
    assert objections(old, new) == []


def test_a_slower_model_is_told_at_the_median_and_at_the_tail() -> None:
    texts = objections(seen(seconds=0.02), seen(seconds=0.04))
    assert [("median" in text, "95th percentile" in text) for text in texts] == [(True, False), (False, True)]
    assert all("40 ms instead of 20 ms" in text for text in texts)


def test_no_frame_proves_nothing() -> None:
    assert objections([], []) == ["there was not a single frame"]


def test_what_the_old_model_never_saw_is_not_shown() -> None:
    comparison: Comparison = compare_moments("video", seen("person"), seen("person", "sign"))
    assert comparison.shows("person")
    assert not comparison.shows("sign")
    assert not comparison.shows("dog")


# -- a trial ---------------------------------------------------------------------------------------------------------

CONFIG = AgentConfig.model_validate({
    "cameras": {"frontleft": {}},
    "detectors": {"objects": {"model": "objects"}},
    "cues": {"sign": {"detector": "objects", "label": "stop sign", "keep_distance": False}},
    "rules": [
        {"name": "sit", "when": {"cue": "sign"}, "do": "sit", "priority": 2},
        {"name": "up", "when": {"cue": "sign", "lost_for": "0.5 s"}, "do": "stand"},
    ],
})  # fmt: skip


class ScriptedDetector:
    """Sees a sign in pictures that are not black."""

    name = "scripted"
    labels = ("stop sign",)

    def __init__(self) -> None:
        self.views: list[View | None] = []

    def detect(self, images: Sequence[np.ndarray], views: Sequence[View | None] | None = None) -> list[list[Detection]]:
        self.views += views or [None for _ in images]
        return [[Detection("stop sign", 0.9, Box(10, 10, 50, 50))] if image.any() else [] for image in images]


def frame(seconds: float, *, shows_sign: bool, camera: str = "frontleft") -> Frame:
    image = np.full((64, 64), 255 if shows_sign else 0, np.uint8)
    time = 1000 + seconds
    return Frame(camera, image, FrameTimes(time, time, time), Upright.by_roll(0.0, 64, 64), body=SE2Pose(0, 0, 0))


def test_the_robot_of_a_trial_sits_and_stands_as_it_is_told() -> None:
    trial = Trial(CONFIG, "objects", ScriptedDetector())
    for index in range(30):
        trial.look(Sight(frame(index / 10, shows_sign=5 <= index < 15), ("objects",)))
    rules = [moment.rule for moment in trial.moments]
    assert rules[0] is None
    assert "sit" in rules
    assert "up" in rules[rules.index("sit") :]  # it could not act if the robot were not sitting
    assert [moment.time for moment in trial.moments][:2] == pytest.approx([0.0, 0.1])


def test_a_cue_counts_only_at_the_moments_at_which_it_is_found() -> None:
    trial = Trial(CONFIG, "objects", ScriptedDetector())
    for index in range(20):
        trial.look(Sight(frame(index / 10, shows_sign=index < 10), ("objects",)))
    assert [bool(moment.cues) for moment in trial.moments[2:]] == [True] * 8 + [False] * 10


def test_a_model_is_given_the_view_as_when_the_agent_runs() -> None:
    detector = ScriptedDetector()
    Trial(CONFIG, "objects", detector).look(Sight(frame(0.0, shows_sign=True), ("objects",)))
    assert [type(view) for view in detector.views] == [FrameView]


def with_detectors(**detectors: dict[str, Any]) -> AgentConfig:
    cues = {
        name: {"detector": name, "label": "stop sign", "confidence": 0.5, "keep_distance": False} for name in detectors
    }
    cameras = {"frontleft": {"rate": "10 Hz"}, "frontright": {"rate": "10 Hz"}}
    models = {name: {"model": name, **settings} for name, settings in detectors.items()}
    return AgentConfig.model_validate({"cameras": cameras, "detectors": models, "cues": cues})


def test_a_slow_detector_looks_as_rarely_as_when_the_agent_runs() -> None:
    config = with_detectors(signs={"rate": "2 Hz", "cameras": ["frontleft"]})
    bystanders = Bystanders(config, "signs", {"signs": ScriptedDetector()})
    trial, blind = Trial(config, "signs", ScriptedDetector()), Trial(config, "signs", ScriptedDetector())
    for index in range(30):
        for camera in ("frontleft", "frontright"):
            trial.look(bystanders.look(Shown(frame(index / 10, shows_sign=True, camera=camera), {})))
            blind.look(Sight(frame(index / 10, shows_sign=False, camera=camera), ()))
    assert [moment.seconds is not None for moment in trial.moments] == [index % 10 == 0 for index in range(60)]
    (cue,) = compare_moments("video", trial.moments, trial.moments).cues
    assert (cue.both, cue.moments) == (5, 6), "the second look confirms it; moments without a look do not count"
    assert not any(moment.cues for moment in blind.moments)


def test_the_others_look_once_for_both() -> None:
    config = with_detectors(signs={}, others={"cameras": ["frontright"]})
    old, others = ScriptedDetector(), ScriptedDetector()
    bystanders = Bystanders(config, "signs", {"signs": old, "others": others})
    left, right = (bystanders.look(Shown(frame(0.0, shows_sign=True, camera=camera), {})) for camera in config.cameras)
    assert (left.due, list(left.found)) == (("signs",), [])
    assert right.due == ("signs", "others")
    assert [found.detector for found in right.found] == ["others"]
    assert (len(old.views), len(others.views)) == (0, 1)


def test_fiducials_that_the_robot_reports_are_things_of_both() -> None:
    cues = {"station": {"detector": "tags", "label": "tag 350", "keep_distance": False}}
    rules = [{"name": "sit", "when": {"cue": "station"}, "do": "sit"}]
    detectors = {"objects": {"model": "objects"}, "tags": {"model": "world objects"}}
    config = AgentConfig.model_validate({"detectors": detectors, "cues": cues, "rules": rules})
    bystanders = Bystanders(config, "objects", {"objects": ScriptedDetector()})
    trial = Trial(config, "objects", ScriptedDetector())
    for index in range(5):
        shown = frame(index / 10, shows_sign=False)
        tag = SeenTag(350, shown.times.acquired, "frontleft", Point2(2.0, 0.0))
        trial.look(bystanders.look(Shown(shown, {"tags": [tag]})))
    assert [moment.rule for moment in trial.moments][:2] == [None, "sit"]
    assert not any(moment.cues for moment in trial.moments), "it is no cue of the model in question"


def test_waving_is_told_over_time_from_people() -> None:
    cues = {"hello": {"detector": "people", "label": "waving", "keep_distance": False}}
    config = AgentConfig.model_validate({"detectors": {"people": {"model": "people"}}, "cues": cues})
    trial = Trial(config, "people", WavingPerson())
    for index in range(30):
        trial.look(Sight(frame(index / 10, shows_sign=False), ("people",)))
    assert not trial.moments[0].cues
    assert trial.moments[-1].cues == {"hello"}
    known = certify(config, "people", {"people": WavingPerson()}, WavingPerson(), [], Tolerances(), lambda *_: None)
    assert not any("does not have" in objection for objection in known.objections)
    lacking = certify(
        config, "people", {"people": WavingPerson()}, ScriptedDetector(), [], Tolerances(), lambda *_: None
    )
    assert lacking.objections == ("cue 'hello' needs the label 'waving', which the new model does not have",)


class WavingPerson:
    """Sees somebody whose right hand swings 1.2 times a second, in pictures that come ten times a second."""

    name = "waving"
    labels = ("person",)

    def __init__(self) -> None:
        self._looks = 0

    def detect(self, images: Sequence[np.ndarray], views: Sequence[View | None] | None = None) -> list[list[Detection]]:
        swing = 0.7 * math.sin(2 * math.pi * 1.2 * self._looks / 10)
        self._looks += 1
        points = np.full((17, 3), 0.9)
        points[:, :2] = 32.0, 25.0
        points[Joint.LEFT_SHOULDER, :2], points[Joint.RIGHT_SHOULDER, :2] = (37, 20), (27, 20)
        points[Joint.LEFT_HIP, :2], points[Joint.RIGHT_HIP, :2] = (36, 40), (28, 40)
        points[Joint.LEFT_ELBOW, :2], points[Joint.LEFT_WRIST, :2] = (38, 30), (38, 39)
        points[Joint.RIGHT_ELBOW, :2] = 22, 21
        points[Joint.RIGHT_WRIST, :2] = 22 + 10 * math.sin(swing), 21 - 10 * math.cos(swing)
        return [[Detection("person", 0.8, Box(12, 8, 48, 62), Pose.from_array(points))] for _ in images]


@pytest.mark.parametrize("count", [0, 3])
def test_two_models_must_have_seen_the_same_frames(count: int) -> None:
    with pytest.raises(ValueError, match="argument 2"):
        compare_moments("video", seen(count=2), seen(count=count))
