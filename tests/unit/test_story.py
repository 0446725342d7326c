"""The story of a run: what is remembered, and the picture of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from synthetic_run import RULES, START, SyntheticRun, person_position

from behaviors import Posture, SE2Pose, Sit, Stop, Verdict
from spot_agent.reporting import StoryRecorder, TruePath
from spot_agent.reporting.story import Moment, MomentKind
from spot_agent.reporting.story_moments import MAX_MOMENTS, thin
from spot_agent.reporting.story_picture import draw_story
from spot_agent.reporting.story_slices import MAX_SLICES
from spot_agent.runtime.tick import Tick

MANY_RULES = RULES + [
    {
        "name": f"a rule with a rather long name, number {index}",
        "when": {"cue": "person"},
        "do": "stop",
        "priority": -index,
    }
    for index in range(18)
]


def recorded(run: SyntheticRun, title: str = "lobby") -> StoryRecorder:
    recorder = StoryRecorder(title)
    for tick in run.ticks():
        recorder.on_tick(tick)
        recorder.on_sent(run.sent(tick))
    recorder.on_end({})
    return recorder


def assert_drawn(path: Path) -> np.ndarray:
    picture = cv2.imread(str(path))
    assert picture is not None
    assert picture.shape[1] == 1800
    assert 300 <= picture.shape[0] <= 1200
    assert np.count_nonzero((picture < 128).any(axis=2)) > 1500, "the picture is blank"
    return picture


@pytest.mark.parametrize(
    "run",
    [
        pytest.param(SyntheticRun(20.0), id="everything"),
        pytest.param(SyntheticRun(6.0, frames=False), id="no frames"),
        pytest.param(SyntheticRun(4.0, empty=True), id="no cues"),
        pytest.param(SyntheticRun(0.1), id="one tick"),
        pytest.param(SyntheticRun(0.1, frames=False), id="one tick, no frame"),
        pytest.param(SyntheticRun(15.0, raw_rules=MANY_RULES), id="many rules"),
        pytest.param(
            SyntheticRun(6.0, positions=False, grey=True, watching="the lease is held by a tablet"), id="video"
        ),
    ],
)
def test_draws_every_kind_of_run(run: SyntheticRun, tmp_path: Path) -> None:
    path = tmp_path / "story.png"
    recorded(run).picture(path)
    assert_drawn(path)


def test_draws_a_run_that_never_began(tmp_path: Path) -> None:
    path = tmp_path / "story.png"
    StoryRecorder("a name with $dollars$ and \\backslashes").picture(path)
    assert_drawn(path)


def test_true_paths_are_drawn_in_addition(tmp_path: Path) -> None:
    recorder = recorded(SyntheticRun(8.0, frames=False))
    way = tuple((place.x, place.y) for second in range(3, 12) if (place := person_position(float(second))))
    recorder.picture(tmp_path / "without.png")
    recorder.picture(tmp_path / "with.png", [TruePath("visitor", way), TruePath("nobody", ())])
    assert not np.array_equal(assert_drawn(tmp_path / "without.png"), assert_drawn(tmp_path / "with.png"))


def test_equal_runs_give_equal_files(tmp_path: Path) -> None:
    for name in ("one.png", "other.png"):
        recorded(SyntheticRun(5.0)).picture(tmp_path / name)
    assert (tmp_path / "one.png").read_bytes() == (tmp_path / "other.png").read_bytes()


def test_a_folder_that_does_not_exist_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="missing"):
        StoryRecorder("x").picture(tmp_path / "missing" / "story.png")


def test_the_story_tells_what_happened() -> None:
    story = recorded(SyntheticRun(20.0)).story()
    assert story.duration == pytest.approx(19.9)
    assert story.frames == 200
    assert story.frame_rate == pytest.approx(200 / 19.9)
    assert story.cues == ("person", "stop sign")
    assert story.rules == tuple(rule["name"] for rule in RULES)
    assert story.reaction is not None
    assert story.reaction.p50 == pytest.approx(120.0, abs=0.01)
    seconds = {tally.name: tally.seconds for tally in story.rule_tallies}
    assert seconds["follow the person"] == pytest.approx(9.0 + 1.9, abs=0.2)
    at_five = story.slices[int(5 / story.step)]
    assert at_five is not None
    assert at_five.rules["follow the person"] is Verdict.ACTING
    assert at_five.rules["look at the person"] is Verdict.OUTRANKED


def test_the_key_moments_have_pictures() -> None:
    story = recorded(SyntheticRun(20.0)).story()
    captions = {moment.caption: moment for moment in story.moments}
    assert captions["sit at the stop sign → sit"].time == pytest.approx(12.0)
    assert captions["follow the person → walk"].kind is MomentKind.ACTS
    assert story.moments[0].time == 0.0
    assert story.moments[-1].time == pytest.approx(story.duration)
    assert all(moment.picture.dtype == np.uint8 and moment.picture.ndim == 3 for moment in story.moments)


def one_tick() -> Tick:
    return next(iter(SyntheticRun(0.1).ticks()))


def flapping(count: int, period: float) -> Iterable[Tick]:
    """A rule that acts in every other turn, in a run without end."""
    tick = one_tick()
    for index in range(count):
        rule, command = ("sit", Sit()) if index % 2 else (None, Stop())
        decision = replace(tick.decision, rule=rule, command=command)
        governed = replace(tick.governed, command=command, notes=(f"person #{index} is 1.0 m away",))
        yield replace(tick, time=START + index * period, decision=decision, governed=governed)


@pytest.mark.parametrize("period", [0.1, 3600.0])
def test_memory_is_bounded_however_long_and_restless_the_run(period: float) -> None:
    recorder = StoryRecorder("long")
    for tick in flapping(6000, period):
        recorder.on_tick(tick)
    story = recorder.story()
    assert len(story.slices) <= MAX_SLICES
    assert len(story.moments) <= MAX_MOMENTS + 1
    assert max(max(moment.picture.shape) for moment in story.moments) <= 480
    assert story.duration == pytest.approx(5999 * period)
    assert len(story.slices) * story.step >= story.duration
    assert [tally.name for tally in story.note_tallies] == ["reduced: person is … m away"]


def test_a_gap_in_the_run_stays_a_gap() -> None:
    recorder, tick = StoryRecorder("gap"), one_tick()
    for seconds in (0.0, 0.1, 5.0):
        recorder.on_tick(replace(tick, time=START + seconds))
    slices, step = recorder.story().slices, recorder.story().step
    assert slices[0] is not None
    assert slices[int(3.0 / step)] is None
    assert slices[-1] is not None


def test_time_that_jumps_back_breaks_nothing() -> None:
    recorder, tick = StoryRecorder("back"), one_tick()
    for seconds in (0.0, 2.0, -7.0, 2.5):
        recorder.on_tick(replace(tick, time=START + seconds))
    assert recorder.story().duration == pytest.approx(2.5)


def test_something_short_is_not_lost_in_a_long_run() -> None:
    recorder, tick = StoryRecorder("short"), one_tick()
    for index in range(4000):
        posture = Posture.STANDING
        notes = ("refused: the motors are off",) if index == 1234 else ()
        governed = replace(tick.governed, notes=notes)
        state = replace(tick.state, posture=posture, pose=SE2Pose(index * 0.01, 0.0, 0.0))
        recorder.on_tick(replace(tick, time=START + index * 0.5, governed=governed, state=state))
    noted = [index for index, part in enumerate(recorder.story().slices) if part and part.notes]
    assert len(noted) == 1


def moment(time: float, kind: MomentKind, caption: str) -> Moment:
    return Moment(time, kind, caption, "frontleft", np.zeros((4, 4, 3), np.uint8))


def test_thinning_keeps_the_ends_and_what_matters() -> None:
    moments = [moment(float(second), MomentKind.STEADY, "nothing") for second in range(30)]
    moments[17] = moment(17.0, MomentKind.ACTS, "sit")
    kept = thin(moments, 6)
    assert len(kept) == 6
    assert kept[0].time == 0.0
    assert kept[-1].time == 29.0
    assert 17.0 in [one.time for one in kept]
    assert [one.time for one in kept] == sorted(one.time for one in kept)


def test_a_story_can_be_drawn_without_its_recorder(tmp_path: Path) -> None:
    draw_story(recorded(SyntheticRun(4.0)).story(), tmp_path / "story.png")
    assert_drawn(tmp_path / "story.png")
