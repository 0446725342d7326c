"""A world that goes on only when it is told to, and is then the same every time."""

from __future__ import annotations

import json
import math
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from stepped_client import CALL_TIMEOUT, SteppedClient

from simulator.errors import StepError, WaitError
from simulator.events import SimulatorEvent
from simulator.fake_spot import FakeSpot
from simulator.robot.clock import STEPPED_EPOCH
from simulator.robot.robot import RobotSettings
from simulator.scene import Scene
from simulator.simulate import SimulateOptions, make_spot, serve
from simulator.testing import connect

RUN = Path(__file__).with_name("stepped_run.py")


def hashes(journal: Path, seed: int) -> list[str]:
    command = [sys.executable, str(RUN), str(journal), str(seed)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=110, check=False)
    assert done.returncode == 0, done.stderr
    found: list[str] = json.loads(done.stdout)
    return found


def test_same_scene_seed_and_commands_give_the_same_bytes_in_every_process(tmp_path: Path) -> None:
    first, second = (hashes(tmp_path / f"{index}.jsonl", seed=7) for index in range(2))
    assert first == second
    other = hashes(tmp_path / "other.jsonl", seed=8)
    assert not set(first[:2] + first[3:]) & set(other)  # another seed makes another robot, with another lease


def test_nothing_moves_until_it_is_stepped() -> None:
    with FakeSpot(clock="stepped", clock_skew=5.0) as spot:
        client = SteppedClient(spot)
        before = spot.truth()
        client.send(0.5, 0.0, 0.0, seconds=1.0)
        state = client.robot.ensure_client("robot-state").get_robot_state(timeout=CALL_TIMEOUT)
        assert state.kinematic_state.acquisition_timestamp.seconds == STEPPED_EPOCH + 5
        assert (spot.truth().x, spot.truth().uptime) == (before.x, before.uptime)
        spot.step(0.5)
        assert spot.truth().speed == pytest.approx(0.5)
        assert spot.truth().uptime == pytest.approx(0.5)
        assert spot.robot_time() == pytest.approx(STEPPED_EPOCH + 5.5)
        spot.step(2.0)
        assert spot.truth().speed == 0.0


def test_a_clock_that_drifts_takes_the_time_sync_with_it() -> None:
    with FakeSpot(clock="stepped", clock_skew=5.0, settings=RobotSettings(clock_drift=-2000.0)) as spot:
        begin = spot.robot_time()
        spot.step(100.0)
        assert spot.robot_time() - begin == pytest.approx(100.0 - 0.2)
    with FakeSpot(clock_skew=5.0, settings=RobotSettings(clock_drift=200_000.0)) as spot:
        endpoint = connect(spot).time_sync.endpoint
        skew = endpoint.clock_skew.ToNanoseconds() / 1e9
        assert skew == pytest.approx(5.0 + 0.2 * spot.truth().uptime, abs=0.2)
        spot.wait_for(lambda truth: truth.uptime > 2.5, timeout=30.0)
        for _ in range(30):  # as many as the robot remembers, and more
            endpoint.get_new_estimate()
        assert endpoint.clock_skew.ToNanoseconds() / 1e9 == pytest.approx(5.0 + 0.2 * spot.truth().uptime, abs=0.15)


def test_waiting_steps_and_gives_up_in_the_worlds_own_time() -> None:
    with FakeSpot(clock="stepped") as spot:
        assert spot.wait_for(lambda truth: truth.uptime >= 3.0).uptime == pytest.approx(3.0)
        with pytest.raises(WaitError, match="power"):
            spot.wait_for(lambda truth: truth.powered, timeout=100.0, what="power")


def test_a_clock_that_runs_cannot_be_stepped_and_time_cannot_run_back() -> None:
    with FakeSpot() as spot, pytest.raises(StepError, match="stepped"):
        spot.step(1.0)
    with FakeSpot(clock="stepped") as spot, pytest.raises(StepError, match="-1"):
        spot.step(-1.0)


def test_a_scene_is_judged_at_its_end_without_waiting_for_it() -> None:
    scene = Scene.model_validate(
        {"name": "long", "duration": 600, "expectations": [{"expect": "stays", "between": (1, 599)}]}
    )
    with FakeSpot(scene, clock="stepped") as spot:
        spot.step(601.0)
        assert spot.verdicts is not None
        assert [verdict.met for verdict in spot.verdicts] == [True]


def test_simulate_options_make_a_stepped_robot() -> None:
    with make_spot(SimulateOptions(port=0, clock="stepped", seed=3), lambda event: None) as spot:
        spot.step(1.0)
        assert spot.truth().uptime == pytest.approx(1.0)
        assert spot.robot.settings.seed == 3


def test_simulate_ends_with_its_last_step(tmp_path: Path) -> None:
    events: list[SimulatorEvent] = []
    options = SimulateOptions(port=0, clock="stepped", journal_file=tmp_path / "journal.jsonl")
    summary = serve(options, events.append, threading.Event(), steps=[0.5, 1.0])
    assert summary.seconds == pytest.approx(1.5)
    with pytest.raises(StepError, match="nan"):
        serve(options, events.append, threading.Event(), steps=[0.5, math.nan])
