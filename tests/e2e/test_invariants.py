"""The invariant monitor judges clients: the bad ones are told apart from the good ones."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from agent_process import agent, scene_file
from bosdyn.api.spot import robot_command_pb2 as spot_command_pb2
from bosdyn.client.estop import EstopClient, EstopEndpoint, EstopKeepAlive
from bosdyn.client.exceptions import LeaseUseError
from bosdyn.client.lease import LeaseClient
from bosdyn.client.robot import Robot
from bosdyn.client.robot_command import RobotCommandBuilder, RobotCommandClient

from simulator.fake_spot import FakeSpot
from simulator.monitor import Rule
from simulator.scene.limits import Limits
from simulator.testing import connect
from simulator.truth import Truth

Builder = RobotCommandBuilder
PERSON_AHEAD = """
name: person ahead
duration: 60 s
limits: {speed: 0.8 m/s, person gap: 40 cm}
objects:
  - {kind: person, name: ann, position: [2.0, 0]}
"""
WALKER = """
name: walker
duration: 60 s
objects:
  - kind: person
    name: ann
    motion:
      - {at: 1 s, position: [3, 0]}
      - {at: 4 s, position: [0.3, 0]}
"""
NO_AVOIDANCE = spot_command_pb2.ObstacleParams(disable_vision_body_obstacle_avoidance=True)


@contextmanager
def driven(spot: FakeSpot, *, estop: bool = True) -> Iterator[Robot]:
    """A robot that stands, a client that holds its lease, and an E-Stop endpoint that checks in."""
    robot = connect(spot, "driver")
    endpoint = EstopEndpoint(robot.ensure_client(EstopClient.default_service_name), "driver", 20.0)
    keepalive = None
    if estop:
        endpoint.force_simple_setup()
        keepalive = EstopKeepAlive(endpoint)
        spot.wait_for(lambda truth: truth.estop_level == "ESTOP_LEVEL_NONE")
    spot.stand_up()
    robot.ensure_client(LeaseClient.default_service_name).acquire(timeout=5)
    try:
        yield robot
    finally:
        if keepalive:
            keepalive.shutdown()
        robot.time_sync.stop()


def walk(robot: Robot, speed: float = 0.4, seconds: float = 0.6) -> None:
    command = Builder.synchro_velocity_command(speed, 0, 0)
    commands = robot.ensure_client(RobotCommandClient.default_service_name)
    commands.robot_command(command, end_time_secs=time.time() + seconds, timeout=5)


def rules(spot: FakeSpot) -> set[str]:
    return {violation.rule for violation in spot.journal.violations}


def is_still(truth: Truth) -> bool:
    return truth.speed == 0.0


def test_a_good_client_violates_nothing() -> None:
    with FakeSpot() as spot, driven(spot) as robot:
        for _ in range(5):
            walk(robot)
            spot.wait_for(lambda truth: truth.speed > 0.05)
        spot.wait_for(is_still)
        robot.ensure_client("robot-command").robot_command(Builder.synchro_sit_command(), timeout=5)
        spot.wait_for(lambda truth: truth.posture == "sitting")
        assert spot.journal.violations == []
        assert spot.summary().violations == ()


def test_motion_that_lasts_too_long_is_noted() -> None:
    with FakeSpot() as spot, driven(spot) as robot:
        walk(robot, seconds=10.0)
        assert rules(spot) == {Rule.LASTS_TOO_LONG}
        command, violation = spot.journal.commands[-1], spot.journal.violations[0]
        assert command.ends_in == pytest.approx(10.0, abs=1.0)
        assert violation.client.startswith("driver")
        assert "at most 5 s" in violation.detail


def test_a_command_to_stand_still_may_last() -> None:
    with FakeSpot() as spot, driven(spot) as robot:
        walk(robot, speed=0.0, seconds=10.0)
        assert rules(spot) == set()


def test_motion_without_an_estop_is_noted() -> None:
    with FakeSpot() as spot, driven(spot, estop=False) as robot:
        walk(robot)
        assert rules(spot) == {Rule.NO_ESTOP}


def test_sitting_down_needs_no_estop() -> None:
    with FakeSpot() as spot, driven(spot, estop=False) as robot:
        robot.ensure_client("robot-command").robot_command(Builder.synchro_sit_command(), timeout=5)
        assert rules(spot) == set()


def test_going_on_after_the_lease_was_lost_is_noted_but_the_first_refusal_is_not() -> None:
    with FakeSpot() as spot, driven(spot) as robot:
        commands = robot.ensure_client("robot-command")
        stale = robot.lease_wallet.advance().lease_proto
        spot.take_lease("tablet")
        with pytest.raises(LeaseUseError):
            commands.robot_command(Builder.synchro_stand_command(), lease=stale, timeout=5)
        assert rules(spot) == set()
        lost = spot.truth().uptime
        spot.wait_for(lambda truth: truth.uptime > lost + 0.7)
        with pytest.raises(LeaseUseError):
            commands.robot_command(Builder.synchro_stand_command(), lease=stale, timeout=5)
        assert rules(spot) == {Rule.LEASE_LOST}


def test_too_fast_is_noted_when_it_is_asked_for_and_when_it_happens() -> None:
    with FakeSpot(limits=Limits(speed=0.3)) as spot, driven(spot) as robot:
        walk(robot, speed=0.6)
        assert rules(spot) == {Rule.TOO_FAST}
        assert "asks for 0.60 m/s" in spot.journal.violations[0].detail
    with FakeSpot(limits=Limits(speed=0.3)) as spot, driven(spot) as robot:
        goal = Builder.synchro_se2_trajectory_point_command(3.0, 0.0, 0.0, frame_name="odom")
        robot.ensure_client("robot-command").robot_command(goal, end_time_secs=time.time() + 3, timeout=5)
        spot.wait_for(lambda truth: bool(spot.journal.violations))
        assert "walks at" in spot.journal.violations[0].detail


def test_too_many_commands_are_one_violation() -> None:
    with FakeSpot(limits=Limits(commands_per_second=5)) as spot, driven(spot) as robot:
        for _ in range(12):
            walk(robot, speed=0.0)
        assert [violation.rule for violation in spot.journal.violations] == [Rule.TOO_MANY]
        [count] = spot.summary().violations
        assert (count.rule, count.count) == (Rule.TOO_MANY, 1)


def test_walking_up_to_a_person_is_noted_and_standing_beside_one_is_not(tmp_path: Path) -> None:
    scene = tmp_path / "scene.yaml"
    scene.write_text(PERSON_AHEAD.replace("person gap", "person_gap"))
    with FakeSpot(scene) as spot, driven(spot) as robot:
        walk(robot, speed=0.6, seconds=4.0)
        spot.wait_for(lambda truth: Rule.TOO_NEAR in rules(spot), timeout=8.0)
        spot.wait_for(is_still)
        before = len(spot.journal.violations)
        since = spot.truth().uptime
        spot.wait_for(lambda truth: truth.uptime > since + 1.5)
        assert len(spot.journal.violations) == before


def test_walking_into_a_person_is_noted_and_being_walked_into_is_not(tmp_path: Path) -> None:
    scene = tmp_path / "scene.yaml"
    scene.write_text(PERSON_AHEAD.replace("person gap", "person_gap"))
    with FakeSpot(scene) as spot, driven(spot) as robot:
        reckless = spot_command_pb2.MobilityParams(obstacle_params=NO_AVOIDANCE)
        command = Builder.synchro_velocity_command(0.6, 0, 0, params=reckless)
        robot.ensure_client("robot-command").robot_command(command, end_time_secs=time.time() + 4, timeout=5)
        spot.wait_for(lambda truth: Rule.CONTACT in rules(spot), timeout=10.0)
    scene.write_text(WALKER)
    with FakeSpot(scene) as spot, driven(spot):
        contact = [("contact", "ann")]
        spot.wait_for(lambda truth: [(e.name, e.detail) for e in spot.journal.events][-1:] == contact, timeout=15.0)
        assert rules(spot) == set()


def test_violations_are_in_the_journal_s_file(tmp_path: Path) -> None:
    journal = tmp_path / "journal.jsonl"
    with FakeSpot(journal_file=journal) as spot, driven(spot, estop=False) as robot:
        walk(robot, speed=0.0)
        walk(robot)
    records = [json.loads(line) for line in journal.read_text().splitlines()]
    [violation] = [record for record in records if record["kind"] == "violation"]
    assert violation["rule"] == "motion without a live E-Stop"


def test_the_agent_violates_nothing_while_it_follows(tmp_path: Path) -> None:
    with FakeSpot(scene_file(tmp_path)) as spot, agent(spot, tmp_path) as running:
        running.wait_for(lambda event: event.get("rule") == "follow the visitor", timeout=90.0)
        spot.wait_for(lambda truth: truth.speed > 0.3, timeout=30.0, what="the robot walks")
        spot.wait_for(lambda truth: truth.x > 1.5, timeout=30.0, what="it has come nearer")
        running.interrupt()
        assert running.end() == 0, running.stderr()
        assert spot.journal.violations == []
        assert len([command for command in spot.journal.commands if command.motion == "travel"]) > 5
