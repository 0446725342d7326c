"""A connected Spot: its cameras, its state, and what becomes of commands without the lease."""

from __future__ import annotations

from collections.abc import Iterator

import grpc
import pytest
from bosdyn.api import image_pb2
from bosdyn.client.exceptions import Error as SdkError

from behaviors import GovernedCommand, Posture, SE2Velocity, Walk
from simulator.fake_spot import FakeSpot
from spot_agent.config import CameraConfig
from spot_agent.errors import RobotRefused
from spot_agent.robot import Address, Credentials, Spot

OK = image_pb2.ImageResponse.STATUS_OK


@pytest.fixture(scope="module")
def fake() -> Iterator[FakeSpot]:
    with FakeSpot() as fake:
        yield fake


@pytest.fixture(scope="module")
def spot(fake: FakeSpot) -> Iterator[Spot]:
    spot = Spot(Address(fake.host, fake.port, fake.ca_file), Credentials("user", "password"), lambda sent: None)
    yield spot
    spot.shutdown()


def test_its_own_cameras_have_short_names(spot: Spot) -> None:
    assert spot.cameras == ["back", "frontleft", "frontright", "left", "right"]
    assert spot.usable_cameras(["gripper", "left"]) == ["left"]
    with pytest.raises(RobotRefused, match="it has: back, frontleft"):
        spot.usable_cameras(["gripper"])


@pytest.mark.parametrize("depth", [True, False])
def test_a_picture_comes_with_depth_if_it_is_wanted(spot: Spot, depth: bool) -> None:
    responses = spot.image_set("frontleft", CameraConfig(depth=depth))()
    names = [response.source.name for response in responses]
    assert names == ["frontleft_fisheye_image", "frontleft_depth_in_visual_frame"][: 1 + depth]


def test_a_depth_camera_that_fails_makes_nobody_blind(fake: FakeSpot, spot: Spot) -> None:
    fake.break_sources("frontleft_depth_in_visual_frame")
    try:
        visual, depth = spot.image_set("frontleft", CameraConfig())()
    finally:
        fake.break_sources()
    assert visual.status == OK
    assert len(visual.shot.image.data) > 0
    assert depth.status != OK


def test_a_camera_that_fails_is_an_error(fake: FakeSpot, spot: Spot) -> None:
    fetch = spot.image_set("left", CameraConfig())
    fake.break_sources("left_fisheye_image")
    with pytest.raises(SdkError):
        fetch()
    fake.break_sources()
    assert fetch()[0].status == OK
    fake.fail_calls("ImageService/GetImage", grpc.StatusCode.UNAVAILABLE)
    with pytest.raises(SdkError):
        fetch()
    fake.fail_calls("ImageService/GetImage", None)


def test_its_state_is_in_robot_time_and_nothing_is_held_unasked(fake: FakeSpot, spot: Spot) -> None:
    spot.wait_for_state()
    state = spot.state
    assert state.time == pytest.approx(spot.clock.now(), abs=0.5)
    assert abs(spot.clock.now() - fake.robot.clock.now()) < 0.2
    assert (state.posture, state.powered) == (Posture.SITTING, False)
    assert (state.lease_held, state.estop_alive, state.time_synced) == (False, False, True)
    assert not spot.lost


def test_a_robot_that_was_not_armed_gets_no_command(fake: FakeSpot, spot: Spot) -> None:
    walk = Walk(SE2Velocity(0.3))
    spot.send(GovernedCommand(walk, walk), None)
    assert fake.journal.commands == []
    assert spot.watching is not None
