"""Latencies, with exact figures."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from behaviors import Decision, GovernedCommand, RobotState, Stop
from spot_agent.cameras import Frame, FrameTimes, Upright
from spot_agent.reporting import LatencyMeter, Quantiles
from spot_agent.robot import Sent
from spot_agent.runtime.tick import Stages, Tick

T = 1000.0
FRAME = Frame("frontleft", np.zeros((4, 4), np.uint8), FrameTimes(T, T + 0.030, T + 0.034), Upright.by_roll(0.0, 4, 4))
TICK = Tick(
    T + 0.1, FRAME, [], [], [], RobotState(T), Decision(T, None, None, None, None, ()), GovernedCommand(None, None),
    Stages(T + 0.040, T + 0.070, T + 0.072, T + 0.073), None, looked=("objects",),
)  # fmt: skip
SENT = Sent(Stop(), T + 0.075, T + 0.090, T, None)


def test_each_stage_is_measured_between_its_own_two_times() -> None:
    meter = LatencyMeter()
    meter.on_tick(TICK)
    meter.on_sent(SENT)
    summary = meter.summary()
    expected = {
        "transfer": 30.0,
        "decode": 4.0,
        "wait": 6.0,
        "detect": 30.0,
        "track": 2.0,
        "decide": 1.0,
        "send": 15.0,
        "total": 90.0,
    }
    for stage, milliseconds in expected.items():
        quantiles = getattr(summary, stage)
        assert quantiles.count == 1
        assert quantiles.p50 == pytest.approx(milliseconds, abs=1e-6), stage


def test_nothing_is_known_before_anything_happened() -> None:
    summary = LatencyMeter().summary()
    assert all(getattr(summary, stage) is None for stage in summary.__slots__)


def test_percentiles_are_linear_between_values() -> None:
    assert Quantiles.of([10.0, 20.0, 30.0, 40.0, 50.0]) == Quantiles(5, 30.0, pytest.approx(48.0), pytest.approx(49.6))
    assert Quantiles.of([]) is None


def test_a_turn_without_a_frame_and_a_refused_command_count_for_nothing() -> None:
    meter = LatencyMeter()
    meter.on_tick(replace(TICK, frame=None, stages=None))
    meter.on_sent(replace(SENT, accepted=None, error="LeaseUseError"))
    assert meter.summary() == LatencyMeter().summary()


def test_a_command_without_a_cause_has_no_total() -> None:
    meter = LatencyMeter()
    meter.on_sent(replace(SENT, cause=None))
    assert meter.summary().send is not None
    assert meter.reaction() is None


def test_keeps_the_newest_ten_thousand() -> None:
    meter = LatencyMeter()
    for index in range(10_500):
        meter.on_sent(replace(SENT, accepted=T + 1.0 if index < 500 else T + 2.0))
    assert meter.reaction() == Quantiles(10_000, 2000.0, 2000.0, 2000.0)
