"""What differs from robot to robot and from network to network: battery, odometry, cameras, link."""

from __future__ import annotations

import math
import time

import numpy as np
import pytest
from bosdyn.api import image_pb2
from bosdyn.client.frame_helpers import get_odom_tform_body, get_vision_tform_body
from bosdyn.client.image import ImageClient, build_image_request
from bosdyn.client.robot_state import RobotStateClient
from numpy.typing import NDArray
from stepped_client import CALL_TIMEOUT, SteppedClient

from simulator.cameras.imperfections import Imperfections
from simulator.fake_spot import FakeSpot
from simulator.robot.battery import EVERLASTING, BatterySettings
from simulator.robot.drift import Drift
from simulator.robot.robot import RobotSettings
from simulator.services.link import LinkSettings
from simulator.testing import connect


def state_of(client: SteppedClient) -> object:
    return client.robot.ensure_client(RobotStateClient.default_service_name).get_robot_state(timeout=CALL_TIMEOUT)


def test_the_battery_runs_down_with_time_and_faster_on_the_way() -> None:
    battery = BatterySettings(idle_runtime=1000.0, standing_runtime=500.0, walking_charge=0.01)
    with FakeSpot(clock="stepped", settings=RobotSettings(charge=1.0, battery=battery)) as spot:
        spot.step(100.0)
        assert spot.robot.charge == pytest.approx(0.9, abs=1e-6)
        client = SteppedClient(spot)
        spot.step(50.0)
        assert spot.robot.charge == pytest.approx(0.8, abs=1e-6)
        client.walk(1.0, seconds=5.0)
        expected = 0.8 - 5 / 500 - spot.robot.walked * 0.01
        assert spot.robot.charge == pytest.approx(expected, abs=1e-6)
        percentage = state_of(client).battery_states[0].charge_percentage.value  # type: ignore[attr-defined]
        assert percentage == pytest.approx(expected * 100, abs=1e-3)


def test_a_full_battery_lasts_ninety_minutes_of_walking_and_an_everlasting_one_for_ever() -> None:
    assert 90 * 60 * BatterySettings().drain(1.0, 1.0, powered=True) == pytest.approx(1.0)
    assert EVERLASTING.drain(1e9, 1e9, powered=True) == 0.0


def test_odometry_goes_wrong_by_its_share_of_the_way_and_only_if_it_is_told_to() -> None:
    settings = RobotSettings(odom_drift=Drift(position=0.05))
    with FakeSpot(clock="stepped", seed=1, settings=settings) as spot:
        client = SteppedClient(spot)
        client.walk(1.0, seconds=5.0)
        client.walk(0.0, seconds=1.0)
        tree = state_of(client).kinematic_state.transforms_snapshot  # type: ignore[attr-defined]
        odom, vision = get_odom_tform_body(tree), get_vision_tform_body(tree)
        truth = spot.truth()
        assert math.hypot(odom.x - truth.x, odom.y - truth.y) == pytest.approx(0.05 * spot.robot.walked, rel=0.01)
        true_vision = spot.robot.frames.vision
        assert math.hypot(vision.x, vision.y) == pytest.approx(
            math.hypot(truth.x - true_vision.x, truth.y - true_vision.y), abs=1e-6
        )


def test_heading_drifts_about_the_robot() -> None:
    with FakeSpot(clock="stepped", settings=RobotSettings(odom_drift=Drift(heading=0.02))) as spot:
        client = SteppedClient(spot)
        client.walk(1.0, seconds=5.0)
        client.walk(0.0, seconds=1.0)
        tree = state_of(client).kinematic_state.transforms_snapshot  # type: ignore[attr-defined]
        assert abs(get_odom_tform_body(tree).rot.to_yaw()) == pytest.approx(0.02 * spot.robot.walked, rel=0.01)


RAW = image_pb2.Image.FORMAT_RAW
GREY = image_pb2.Image.PIXEL_FORMAT_GREYSCALE_U8


def shoot(imperfections: Imperfections, seed: int = 0) -> tuple[image_pb2.ImageResponse, NDArray[np.generic]]:
    with FakeSpot(clock="stepped", seed=seed, imperfections=imperfections) as spot:
        images = SteppedClient(spot).robot.ensure_client(ImageClient.default_service_name)
        request = build_image_request("left_fisheye_image", image_format=RAW, pixel_format=GREY)
        response = images.get_image([request], timeout=CALL_TIMEOUT)[0]
        image = response.shot.image
        return response, np.frombuffer(image.data, np.uint8).reshape(image.rows, image.cols)


def test_noise_is_as_strong_as_it_is_set_and_the_same_for_a_seed() -> None:
    _, clean = shoot(Imperfections())
    _, noisy = shoot(Imperfections(noise=4.0))
    _, again = shoot(Imperfections(noise=4.0))
    _, other = shoot(Imperfections(noise=4.0), seed=1)
    assert clean.std() == 0.0
    assert 2.0 < noisy.std() < 4.5  # three colours are averaged into grey
    assert (noisy == again).all()
    assert (noisy != other).any()


def test_automatic_exposure_leads_to_middle_grey() -> None:
    _, picture = shoot(Imperfections(exposure=1.0))
    assert picture.mean() == pytest.approx(110.0, abs=1.0)


def test_depth_has_holes_where_it_is_told_to() -> None:
    with FakeSpot(clock="stepped", imperfections=Imperfections(depth_holes=0.1)) as spot:
        images = SteppedClient(spot).robot.ensure_client(ImageClient.default_service_name)
        shot = images.get_image_from_sources(["left_depth"], timeout=CALL_TIMEOUT)[0].shot
        depth = np.frombuffer(shot.image.data, "<u2")
        assert (depth == 0).mean() == pytest.approx(0.1, abs=0.01)
        assert set(np.unique(depth)) == {0, 3000}


def test_each_robot_has_a_calibration_of_its_own() -> None:
    focal = [
        shoot(Imperfections(calibration=spread), seed)[0].source.pinhole.intrinsics.focal_length.x
        for spread, seed in ((0.0, 1), (0.0, 2), (0.01, 1), (0.01, 2), (0.01, 2))
    ]
    assert focal[0] == focal[1]
    assert focal[3] == focal[4]
    assert len(set(focal)) == 3
    assert focal[2] == pytest.approx(focal[0], rel=0.05)


def test_the_link_delays_every_answer() -> None:
    with FakeSpot(link=LinkSettings(latency=0.05, jitter=0.01)) as spot:
        states = connect(spot).ensure_client(RobotStateClient.default_service_name)
        began = time.monotonic()
        states.get_robot_state(timeout=CALL_TIMEOUT)
        assert time.monotonic() - began >= 0.1


def test_big_answers_take_longer_over_a_narrow_link() -> None:
    with FakeSpot(link=LinkSettings(bandwidth=2e6)) as spot:
        images = connect(spot).ensure_client(ImageClient.default_service_name)
        request = build_image_request("left_fisheye_image", image_format=RAW)
        began = time.monotonic()
        response = images.get_image([request], timeout=CALL_TIMEOUT)[0]
        assert time.monotonic() - began >= len(response.shot.image.data) / 2e6
