"""What the robot does when things go wrong around the agent, seen from the robot."""

from __future__ import annotations

import json
import os
import signal
import time
from pathlib import Path

import pytest
from agent_process import CONFIG, LOGIN, AgentProcess, agent, scene_file
from bosdyn.client.lease import LeaseClient, LeaseKeepAlive

from simulator.fake_spot import FakeSpot
from simulator.testing import connect

WALKING = 0.3  # m/s


def wait_until_it_follows(spot: FakeSpot, running: AgentProcess) -> None:
    running.wait_for(lambda event: event.get("rule") == "follow the visitor", timeout=60.0)
    spot.wait_for(lambda truth: truth.speed > WALKING, timeout=15.0, what="the robot walks")


def seconds_until_still(spot: FakeSpot, timeout: float = 3.0) -> float:
    before = time.monotonic()
    spot.wait_for(lambda truth: truth.speed < 0.02 and abs(truth.turn_rate) < 0.02, timeout=timeout, what="it stands")
    return time.monotonic() - before


def test_a_killed_agent_leaves_no_motion_behind(tmp_path: Path) -> None:
    with FakeSpot(scene_file(tmp_path)) as spot, agent(spot, tmp_path) as running:
        wait_until_it_follows(spot, running)
        os.kill(running.process.pid, signal.SIGKILL)
        assert seconds_until_still(spot) < 0.7
        assert spot.truth().powered


def test_ctrl_c_stops_sits_powers_off_and_returns_the_lease(tmp_path: Path) -> None:
    with FakeSpot(scene_file(tmp_path)) as spot, agent(spot, tmp_path) as running:
        wait_until_it_follows(spot, running)
        running.interrupt()
        assert running.end() == 0, running.stderr()
        truth = spot.truth()
        assert not truth.powered
        assert truth.lease_owner is None
        kinds = [command.command for command in spot.journal.commands if command.accepted]
        assert kinds.index("sit_request") < kinds.index("safe_power_off_request")
    end = running.events[-1]
    assert end["event"] == "ended"
    assert Path(end["story"]).stat().st_size > 10_000
    log = [json.loads(line) for line in Path(end["log"]).read_text().splitlines()]
    assert log[0]["type"] == "start"
    assert log[-1]["type"] == "end"
    # Everything that made the robot move had passed the governor.
    sent = [line for line in log if line["type"] == "sent" and line["error"] is None]
    passed = [line["passed"] for line in log if line["type"] == "decision"]
    assert all(line["command"] in passed for line in sent if line["command"]["kind"] == "Walk")
    everything = "".join(path.read_text() for path in running.runs.rglob("*") if path.suffix in (".jsonl", ".txt"))
    assert LOGIN["BOSDYN_CLIENT_PASSWORD"] not in everything
    assert "Traceback" not in running.stderr()


def test_a_taken_lease_is_yielded_at_once(tmp_path: Path) -> None:
    with FakeSpot(scene_file(tmp_path)) as spot, agent(spot, tmp_path) as running:
        wait_until_it_follows(spot, running)
        tablet = connect(spot, "tablet")
        tablet.ensure_client(LeaseClient.default_service_name).take(timeout=5)
        assert seconds_until_still(spot) < 0.7
        event = running.wait_for(lambda event: "lease" in (event.get("watching") or ""), timeout=10.0)
        assert "tablet" in event["watching"]
        commands = len(spot.journal.commands)
        running.interrupt()
        assert running.end() == 0, running.stderr()
        assert len([c for c in spot.journal.commands[commands:] if c.accepted]) == 0
        assert str(spot.truth().lease_owner).startswith("tablet")


def test_a_lease_that_somebody_holds_is_not_taken(tmp_path: Path) -> None:
    with FakeSpot(scene_file(tmp_path)) as spot:
        spot.stand_up()
        tablet = connect(spot, "tablet")
        leases = tablet.ensure_client(LeaseClient.default_service_name)
        with LeaseKeepAlive(leases, must_acquire=True), agent(spot, tmp_path, "--duration", "6") as running:
            event = running.wait_for(lambda event: event["event"] == "decision" and bool(event["cues"]), timeout=60.0)
            assert "tablet" in event["watching"]
            assert running.end() == 0, running.stderr()
            assert str(spot.truth().lease_owner).startswith("tablet")
        assert spot.journal.commands == []


@pytest.mark.parametrize(
    ("arguments", "config", "status", "words"),
    [
        (("--ca", "/nonexistent.pem"), CONFIG, 3, "does not exist"),
        ((), CONFIG.replace("distance: <", "distanse: <"), 2, "did you mean 'distance'"),
        ((), CONFIG + "cameras: {gripper: {rate: 5 Hz}}\n", 5, "it has: back, frontleft"),
    ],
)
def test_mistakes_end_in_words_and_an_exit_status(
    tmp_path: Path, arguments: tuple[str, ...], config: str, status: int, words: str
) -> None:
    with FakeSpot() as spot, agent(spot, tmp_path, *arguments, config=config) as running:
        assert running.end() == status
        assert words in json.dumps(running.events[-1])
        assert "Traceback" not in running.stderr()


def test_a_robot_that_is_not_there(tmp_path: Path) -> None:
    with FakeSpot() as spot:
        pass
    with agent(spot, tmp_path) as running:
        assert running.end() == 3
        assert running.events[-1]["hint"]
        assert "Traceback" not in running.stderr()
