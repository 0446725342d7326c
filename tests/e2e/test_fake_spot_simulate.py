"""Running a scene to its end, as the command line does."""

from __future__ import annotations

import json
import socket
import threading
from pathlib import Path

import pytest

from simulator.errors import PortError, SceneError, WaitError
from simulator.events import Ready, SceneEnded, SceneStarted, SimulatorEvent, Stopped
from simulator.fake_spot import FakeSpot
from simulator.simulate import SimulateOptions, serve

SCENE = """
name: short
duration: 0.6
robot: {position: [1.0, 2.0], yaw: 90 deg}
objects:
  - {kind: person, name: ann, position: [4.0, 2.0], height: 1.7}
expectations:
  - {expect: stays, between: [0.1, 0.5], tolerance: 0.1}
"""


@pytest.fixture
def scene_file(tmp_path: Path) -> Path:
    path = tmp_path / "short.yaml"
    path.write_text(SCENE)
    return path


def test_scene_is_run_judged_and_written(scene_file: Path, tmp_path: Path) -> None:
    events: list[SimulatorEvent] = []
    journal = tmp_path / "journal.jsonl"
    options = SimulateOptions(scene=scene_file, port=0, journal_file=journal, stop_after_scene=True)
    summary = serve(options, events.append, threading.Event())
    assert {Ready, SceneStarted, SceneEnded, Stopped} == {type(event) for event in events}
    ended = next(event for event in events if isinstance(event, SceneEnded))
    assert [verdict.met for verdict in ended.verdicts] == [True]
    assert summary.seconds >= 0.6
    records = [json.loads(line) for line in journal.read_text().splitlines()]
    samples = [record for record in records if record["kind"] == "sample"]
    assert len(samples) == pytest.approx(0.6 * 20, abs=2)
    assert (samples[0]["x"], samples[0]["y"]) == (1.0, 2.0)
    assert samples[0]["people"] == [{"name": "ann", "x": 4.0, "y": 2.0}]
    assert records[-1]["kind"] == "calls"


def test_stops_when_told() -> None:
    stop = threading.Event()
    events: list[SimulatorEvent] = []

    def emit(event: SimulatorEvent) -> None:
        events.append(event)
        stop.set()

    serve(SimulateOptions(port=0), emit, stop)
    assert [type(event) for event in events] == [Ready, Stopped]


def test_scene_that_starts_when_standing_waits(scene_file: Path) -> None:
    scene_file.write_text(SCENE + "starts: when standing\n")
    with FakeSpot(scene_file) as spot:
        spot.wait_for(lambda truth: truth.uptime > 0.1)
        assert spot.scene_time() is None
        spot.stand_up()
        spot.wait_for(lambda truth: truth.scene_time is not None, 1.0)


def test_taken_port_is_told() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(PortError, match=str(port)):
            FakeSpot(port=port)


def test_unknown_scene_is_told() -> None:
    with pytest.raises(SceneError, match="lobb"):
        FakeSpot("lobb")


def test_waiting_in_vain_tells_the_truth() -> None:
    with FakeSpot() as spot, pytest.raises(WaitError, match="posture='off'"):
        spot.wait_for(lambda truth: truth.powered, timeout=0.05, what="power")
