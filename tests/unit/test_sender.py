"""Sending commands to a fake Spot: no more than it needs, nothing that outlives its reason."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable, Iterator

import pytest
from bosdyn.client.lease import LeaseClient

from behaviors import Command, GovernedCommand, PoseBody, SE2Velocity, Sit, Stand, Stop, Walk
from simulator.entries import CommandEntry
from simulator.fake_spot import FakeSpot
from simulator.testing import connect
from spot_agent.robot.sender import CommandSender, Sent

WALK = Walk(SE2Velocity(0.3))
COMMAND = "RobotCommandService/RobotCommand"


class Sending:
    """A robot that stands, and a sender that holds its lease."""

    def __init__(self, spot: FakeSpot) -> None:
        self.spot = spot
        spot.stand_up()
        robot = connect(spot, "sender")
        robot.ensure_client(LeaseClient.default_service_name).take(timeout=5)
        self.sent: queue.Queue[Sent] = queue.Queue()
        self.lease_lost: queue.Queue[None] = queue.Queue()
        self.sender = CommandSender(
            robot, lambda: spot.robot.clock.now(), lambda: self.lease_lost.put(None), self.sent.put
        )
        self.before = len(spot.journal.commands)
        self.robot = robot

    def submit(self, command: Command | None, cause: float | None = None) -> None:
        self.sender.submit(GovernedCommand(command, command), cause)

    def keep_submitting(self, command: Command | None, seconds: float, period: float = 0.01) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.submit(command)
            time.sleep(period)

    def submit_until(self, command: Command | None, condition: Callable[[], bool], timeout: float = 5.0) -> None:
        end = time.monotonic() + timeout
        while not condition():
            assert time.monotonic() < end
            self.submit(command)
            time.sleep(0.01)

    def next(self) -> Sent:
        return self.sent.get(timeout=5.0)

    @property
    def journal(self) -> list[CommandEntry]:
        return list(self.spot.journal.commands)[self.before :]

    def close(self) -> None:
        self.sender.shutdown()
        self.robot.time_sync.stop()


@pytest.fixture(scope="module")
def spot() -> Iterator[FakeSpot]:
    with FakeSpot() as spot:
        yield spot


@pytest.fixture
def sending(spot: FakeSpot) -> Iterator[Sending]:
    sending = Sending(spot)
    yield sending
    sending.close()


def test_walking_is_sent_again_ten_times_a_second_however_often_it_is_decided(sending: Sending) -> None:
    sending.keep_submitting(WALK, 1.5)
    assert 12 <= len(sending.journal) <= 1.5 * 12
    assert {entry.status for entry in sending.journal} == {"STATUS_OK"}


def test_motion_ends_within_seven_tenths_of_a_second_after_the_last_word(sending: Sending) -> None:
    sending.submit_until(WALK, lambda: sending.spot.truth().speed > 0.2)
    last = time.monotonic()
    sending.spot.wait_for(lambda truth: truth.speed < 0.02, 3.0)
    assert time.monotonic() - last < 0.7


def test_stop_goes_out_once_and_at_once(sending: Sending) -> None:
    sending.submit_until(WALK, lambda: sending.spot.truth().speed > 0.2)
    while not sending.sent.empty():
        sending.sent.get()
    sending.keep_submitting(Stop(), 1.3)
    stops = [sending.next() for _ in range(sending.sent.qsize())]
    assert [sent.command for sent in stops if sent.command == Stop()] == [Stop()]


def test_a_walk_that_nothing_replaces_is_stopped(sending: Sending) -> None:
    sending.submit(WALK)
    assert sending.next().command == WALK
    sending.submit(None)
    assert sending.next().command == Stop()
    sending.keep_submitting(None, 0.3)
    assert sending.sent.empty()


def test_a_posture_is_asked_for_again_each_second(sending: Sending) -> None:
    sending.keep_submitting(Stand(), 2.4, period=0.02)
    sent = [sending.next() for _ in range(sending.sent.qsize())]
    assert [one.command for one in sent] == [Stand()] * 3
    assert sent[1].started - sent[0].started == pytest.approx(1.0, abs=0.1)


def test_a_new_command_does_not_wait_for_the_old_one_s_turn(sending: Sending) -> None:
    for command in (WALK, Stop(), PoseBody(pitch=0.2), Stand(), Sit()):
        sending.submit(command, cause=3.5)
        sent = sending.next()
        assert (sent.command, sent.cause, sent.error) == (command, 3.5, None)
        assert sent.accepted is not None
        assert 0.0 <= sent.accepted - sent.started < 0.3


def test_stopping_keeps_a_pose_and_standing_levels_it(sending: Sending) -> None:
    sending.submit(PoseBody(pitch=0.2))
    sending.spot.wait_for(lambda truth: truth.pitch > 0.19)
    sending.submit(Stop())
    sending.keep_submitting(Stop(), 0.3)
    assert sending.spot.truth().pitch > 0.19
    sending.submit(Stand())
    sending.spot.wait_for(lambda truth: abs(truth.pitch) < 0.01)


def test_a_lost_lease_is_told_and_the_command_was_not_accepted(sending: Sending) -> None:
    sending.submit(WALK)
    assert sending.next().error is None
    sending.spot.take_lease("tablet")
    sending.submit(Stop())
    refused = sending.next()
    assert refused.accepted is None
    assert "Lease" in str(refused.error)
    sending.lease_lost.get(timeout=5.0)


def test_a_stop_that_got_lost_is_sent_again(sending: Sending) -> None:
    sending.submit(WALK)
    assert sending.next().error is None
    sending.spot.fail_calls(COMMAND)
    sending.submit(Stop())
    assert sending.next().error is not None
    assert sending.lease_lost.empty(), "a lost connection is not a lost lease"
    sending.spot.fail_calls(COMMAND, None)
    sending.submit_until(Stop(), lambda: not sending.sent.empty())
    assert (sending.next().error, sending.journal[-1].command) == (None, "stop_request")


def test_while_one_command_is_on_its_way_only_the_newest_waits(sending: Sending) -> None:
    sending.spot.slow_calls(COMMAND, 0.2)
    try:
        for speed in (0.1, 0.2, 0.3):
            sending.submit(Walk(SE2Velocity(speed)))
        sending.submit(Stop())
        sent = [sending.next()]
        while sent[-1].command != Stop():
            sent.append(sending.next())
    finally:
        sending.spot.slow_calls(COMMAND, 0.0)
    assert len(sent) <= 2


def test_a_link_that_is_too_slow_is_an_error_and_no_old_motion(sending: Sending) -> None:
    sending.spot.slow_calls(COMMAND, 0.6)
    try:
        sending.submit(WALK)
        assert sending.next().error is not None
        sending.spot.wait_for(lambda truth: sending.journal != [], 2.0)
    finally:
        sending.spot.slow_calls(COMMAND, 0.0)
    assert [entry.status for entry in sending.journal] == ["STATUS_EXPIRED"]


def test_nothing_is_sent_after_the_end(sending: Sending) -> None:
    sending.sender.shutdown()
    sending.submit(WALK)
    assert sending.sent.empty()
    assert sending.journal == []
