"""The journal: what every entry tells, and when by the robot's clock."""

from __future__ import annotations

import json
import time
from pathlib import Path

import grpc
import pytest
from bosdyn.api.graph_nav import graph_nav_pb2, graph_nav_service_pb2_grpc
from bosdyn.client.exceptions import LeaseUseError
from bosdyn.client.robot import Robot
from bosdyn.client.robot_state import RobotStateClient
from stepped_client import CALL_TIMEOUT, SteppedClient

from simulator.entries import CallEntry, CommandEntry, EventEntry, SampleEntry, ViolationEntry
from simulator.fake_spot import FakeSpot
from simulator.journal import Journal
from simulator.robot.clock import STEPPED_EPOCH
from simulator.scene.limits import Limits
from simulator.testing import dial

SKEW = 3600.0
KINDS = {"sample", "command", "event", "violation", "rpc"}


def use(spot: FakeSpot) -> None:
    """Leave entries of every kind: walk too fast, with nobody at the E-Stop."""
    client = SteppedClient(spot)
    for _ in range(2):
        client.walk(0.5, seconds=2.0)
    client.robot.time_sync.stop()


def ask_for_a_map(robot: Robot) -> None:
    stub = graph_nav_service_pb2_grpc.GraphNavServiceStub(robot.ensure_secure_channel("api.spot.robot"))
    with pytest.raises(grpc.RpcError):
        stub.GetLocalizationState(graph_nav_pb2.GetLocalizationStateRequest(), timeout=CALL_TIMEOUT)


def last_rpc(spot: FakeSpot, method: str) -> CallEntry:
    return next(entry for entry in reversed(spot.journal.rpcs) if entry.method == method)


def test_every_entry_tells_the_time_of_a_stepped_robot(tmp_path: Path) -> None:
    file = tmp_path / "journal.jsonl"
    limits = Limits(speed=0.4)
    with FakeSpot("lobby", clock="stepped", clock_skew=SKEW, limits=limits, journal_file=file) as spot:
        use(spot)
        journal, end = spot.journal, spot.robot_time()
        spot.world.hide("visitor")
        kept: tuple[list[float], ...] = tuple(
            [entry.robot_time for entry in entries]
            for entries in (journal.samples, journal.commands, journal.events, journal.violations, journal.rpcs)
        )
        sample = journal.samples[-1]
    begin = STEPPED_EPOCH + SKEW
    for times in kept:
        assert times
        assert times == sorted(times)
        assert begin <= times[0] <= times[-1] <= end
    assert sample.robot_time == pytest.approx(begin + spot.robot.moment.uptime, abs=0.05)
    *lines, counts = [json.loads(line) for line in file.read_text().splitlines()]
    assert {line["kind"] for line in lines} == KINDS
    assert counts["kind"] == "calls"
    for kind in KINDS:
        times = [line["robot_time"] for line in lines if line["kind"] == kind]
        assert times == sorted(times)


def test_the_time_is_the_robots_and_not_the_hosts(tmp_path: Path) -> None:
    with FakeSpot(clock_skew=SKEW) as spot:
        before = time.time()
        robot = dial(spot)
        robot.authenticate("user", "password", timeout=CALL_TIMEOUT)
        spot.wait_for(lambda truth: len(spot.journal.samples) > 2, timeout=30.0)
        after = time.time()
        for entries in (spot.journal.rpcs, spot.journal.samples):
            times = [entry.robot_time - SKEW for entry in entries]
            assert times == sorted(times)
            assert before - 5.0 < times[0] <= times[-1] < after + 5.0


def test_an_rpc_is_noted_with_its_client_and_its_outcome() -> None:
    with FakeSpot(clock="stepped") as spot:
        client = SteppedClient(spot)
        client.robot.ensure_client(RobotStateClient.default_service_name).get_robot_state(timeout=CALL_TIMEOUT)
        fine = last_rpc(spot, "RobotStateService/GetRobotState")
        assert (fine.client, fine.outcome, fine.refusal) == ("stepped", "OK", "")
        assert fine.robot_time == spot.robot_time()
        assert fine.time == spot.scene_time()

        spot.take_lease("tablet")
        with pytest.raises(LeaseUseError):
            client.send(0.3, 0.0, 0.0, seconds=0.5)
        refused = last_rpc(spot, "RobotCommandService/RobotCommand")
        assert (refused.outcome, refused.refusal) == ("OK", "lease STATUS_OLDER")

        ask_for_a_map(client.robot)
        unknown = last_rpc(spot, "graph_nav.GraphNavService/GetLocalizationState")
        assert (unknown.outcome, unknown.client) == ("UNIMPLEMENTED", "")

        assert len(spot.journal.rpcs) == sum(spot.journal.calls.values())
        client.robot.time_sync.stop()


def test_many_calls_push_out_no_samples() -> None:
    journal = Journal()
    journal.add(SampleEntry(1.0, 0.0, 0.0, 0.0, 0.0, 0.5, 0.0, 0.0, "standing", powered=True))
    journal.add(CommandEntry(1.1, 0.1, "me", "stand_request", "STATUS_OK"))
    journal.add(EventEntry(1.2, 0.2, "contact", "wall"))
    journal.add(ViolationEntry(1.3, 0.3, "too many commands", "me", ""))
    for index in range(100_001):
        journal.add(CallEntry(float(index), None, "me", "LeaseService/RetainLease"))
    assert (len(journal.rpcs), journal.rpcs[0].robot_time) == (100_000, 1.0)
    assert [len(each) for each in (journal.samples, journal.commands, journal.events, journal.violations)] == [1] * 4
