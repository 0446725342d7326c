"""What the second head rejects is left out, told in the log, and explains why a rule misses its cue."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from synthetic_run import SyntheticRun

from behaviors import Cue, RuleReport, Verdict
from models import Box, BoxMeasurements, Detection, View
from models.plausibility import PlausibleDetector
from models.plausibility import Verdict as Judgement
from spot_agent.cameras import Frame, FrameTimes, Upright
from spot_agent.config import AgentConfig, DetectorConfig
from spot_agent.perception import Found, Rejected
from spot_agent.reporting import DecisionLog
from spot_agent.runtime import DetectorSlots
from spot_agent.runtime.explaining import REMEMBERED, Doubts
from spot_agent.runtime.session import load_configured

CONFIG = AgentConfig.model_validate({
    "detectors": {"objects": {"model": "objects"}},
    "cues": {
        "person": {"detector": "objects", "label": "person", "confidence": 0.5, "keep_distance": True},
        "sign": {"detector": "objects", "label": "stop sign", "keep_distance": False},
    },
    "rules": [
        {"name": "follow", "when": {"cue": "person"}, "do": "follow"},
        {"name": "sit", "when": {"cue": "sign"}, "do": "sit"},
        {"name": "stand", "when": {"cue": "person", "lost_for": "1 s"}, "do": "stand"},
    ],
})  # fmt: skip
WAITING = [RuleReport(rule, Verdict.WAITING, f"no cue for {rule}") for rule in ("follow", "sit", "stand")]
ADULT, FIGURINE = Detection("person", 0.8, Box(10, 10, 60, 200)), Detection("person", 0.6, Box(100, 10, 120, 60))
WHY = "0.21 m tall at 1.4 m; a person has at least 0.40 m"
REJECTED = Rejected("objects", FIGURINE, WHY)


class Both:
    """Finds an adult, a figurine, and a dog that no cue speaks of."""

    name, labels = "both", ("person", "stop sign", "dog")

    def detect(
        self, images: Sequence[NDArray[np.uint8]], views: Sequence[View | None] | None = None
    ) -> list[list[Detection]]:
        return [[ADULT, FIGURINE, replace(FIGURINE, label="dog")] for _ in images]


class Strict:
    """A judge that lets only adults pass."""

    def judge(
        self, detections: Sequence[Detection], measured: Sequence[BoxMeasurements], height: int, width: int
    ) -> list[Judgement]:
        return [Judgement() if one == ADULT else Judgement(0.0, WHY) for one in detections]


def frame() -> Frame:
    return Frame("left", np.zeros((480, 640), np.uint8), FrameTimes(1.0, 1.0, 1.0), Upright.by_roll(0.0, 640, 480))


@pytest.mark.parametrize("on_trial", [False, True])
def test_slots_tell_what_was_found_and_what_was_rejected(*, on_trial: bool) -> None:
    detector = PlausibleDetector(Both(), Strict())
    slots = DetectorSlots(CONFIG, {"objects": detector}, lambda _: None, lambda: 5.0)
    if on_trial:
        slots.replace("objects", PlausibleDetector(Both(), Strict()))
    looked = slots.look("objects", frame())
    assert looked.found == [Found("objects", ADULT)]
    assert looked.rejected == [REJECTED]


def reasons(doubts: Doubts, now: float, cues: Sequence[Cue] = (), reports: Sequence[RuleReport] = WAITING) -> list[str]:
    return [report.reason for report in doubts.explain(reports, cues, now)]


def test_a_rejection_explains_for_a_moment_why_a_cue_is_missing() -> None:
    doubts = Doubts(CONFIG)
    assert reasons(doubts, 9.0) == ["no cue for follow", "no cue for sit", "no cue for stand"]
    doubts.remember([REJECTED], 10.0)
    explained = [f"no cue for follow; person rejected: {WHY}", "no cue for sit", "no cue for stand"]
    assert reasons(doubts, 10.0) == explained
    assert reasons(doubts, 10.0 + REMEMBERED) == explained
    assert reasons(doubts, 10.1 + REMEMBERED) == ["no cue for follow", "no cue for sit", "no cue for stand"]
    assert reasons(doubts, 9.0) == ["no cue for follow", "no cue for sit", "no cue for stand"], "the clock was set back"


def test_it_explains_nothing_where_the_cue_is_in_sight() -> None:
    doubts = Doubts(CONFIG)
    doubts.remember([REJECTED], 10.0)
    seen = Cue("person", 1, 0.9, 1.0, 0.0, 3.0, 0.0, None, True)
    assert reasons(doubts, 10.0, [seen])[0] == "no cue for follow"
    acting = [replace(WAITING[0], verdict=Verdict.ACTING)]
    assert reasons(doubts, 10.0, reports=acting) == ["no cue for follow"]


def test_what_was_too_unsure_to_be_the_cue_explains_nothing() -> None:
    doubts = Doubts(CONFIG)
    doubts.remember([replace(REJECTED, detection=replace(FIGURINE, score=0.4))], 10.0)
    assert reasons(doubts, 10.0)[0] == "no cue for follow"


def test_of_several_the_surest_explains() -> None:
    doubts = Doubts(CONFIG)
    doubts.remember([REJECTED, replace(REJECTED, detection=replace(FIGURINE, score=0.51), reason="too high")], 10.0)
    assert reasons(doubts, 10.0)[0].endswith(WHY)


def test_the_log_has_each_rejection_with_its_reason(tmp_path: Path) -> None:
    log = DecisionLog(tmp_path, Path("config.yaml"))
    first, second, *_ = SyntheticRun(duration=1.0).ticks()
    log.on_tick(first)
    log.on_tick(replace(second, rejected=[REJECTED]))
    log.on_end({})
    lines = [json.loads(line) for line in log.path.read_text(encoding="utf-8").splitlines()]
    assert lines[1]["rejected"] == []
    (told,) = lines[2]["rejected"]
    assert (told["detector"], told["detection"]["label"], told["reason"]) == ("objects", "person", WHY)


def test_config_yaml_says_whether_the_second_head_judges() -> None:
    usual, without = DetectorConfig(model="objects"), DetectorConfig(model="objects", plausibility=False)
    assert isinstance(load_configured(usual), PlausibleDetector)
    assert not isinstance(load_configured(without), PlausibleDetector)
    assert not isinstance(load_configured(DetectorConfig(model="fiducials")), PlausibleDetector), "it has none"
