"""The stream of states, the hardware configuration and the link models."""

from __future__ import annotations

import itertools
import math
import time
from collections.abc import Iterator
from xml.etree import ElementTree

import grpc
import pytest
from bosdyn.api import robot_state_pb2
from bosdyn.client import create_standard_sdk
from bosdyn.client.exceptions import InvalidRequestError
from bosdyn.client.robot import Robot
from bosdyn.client.robot_command import RobotCommandBuilder, RobotCommandClient
from bosdyn.client.robot_state import RobotStateClient, RobotStateStreamingClient

from simulator.fake_spot import FakeSpot
from simulator.robot.skeleton import SHANK, THIGH, joint_angles
from simulator.testing import connect, dial

Stream = Iterator[robot_state_pb2.RobotStateStreamResponse]


def stream_robot(spot: FakeSpot) -> Robot:
    """A client whose SDK knows the streaming service, which the standard one leaves out."""
    sdk = create_standard_sdk("streamer", cert_resource_glob=str(spot.ca_file))
    sdk.register_service_client(RobotStateStreamingClient)
    robot = sdk.create_robot(spot.host, "streamer")
    robot.update_secure_channel_port(spot.port)
    robot.authenticate("user", "password", timeout=5)
    robot.time_sync.wait_for_sync(timeout_sec=5)
    return robot


def stream_of(robot: Robot) -> Stream:
    return robot.ensure_client(RobotStateStreamingClient.default_service_name).get_robot_state_stream()


def test_stream_tells_every_step() -> None:
    with FakeSpot() as spot:
        spot.stand_up()
        robot = stream_robot(spot)
        stream = stream_of(robot)
        states = list(itertools.islice(stream, 30))
        stamps = [state.kinematic_state.acquisition_timestamp.ToNanoseconds() / 1e9 for state in states]
        assert all(later > earlier for earlier, later in itertools.pairwise(stamps))
        assert stamps[-1] == pytest.approx(time.time() + 12.5, abs=5)
        last = states[-1]
        assert last.header.error.code == last.header.error.CODE_OK
        assert len(last.joint_states.position) == len(last.joint_states.velocity) == 12
        assert len(last.contact_states) == 4
        assert len(last.inertial_state.packets) == 1
        assert last.kinematic_state.odom_tform_body.position.x == pytest.approx(0.0, abs=1e-3)
        robot.ensure_client("lease").acquire(timeout=5)
        command = RobotCommandBuilder.synchro_velocity_command(0.5, 0.0, 0.0)
        robot.ensure_client(RobotCommandClient.default_service_name).robot_command(
            command, end_time_secs=time.time() + 20, timeout=5
        )
        began = time.monotonic()
        for state in stream:
            assert time.monotonic() - began < 15
            if state.kinematic_state.velocity_of_body_in_odom.linear.x > 0.45:
                break
        stream.cancel()
        spot.wait_for(lambda truth: spot.journal.calls["RobotStateStreamingService/GetRobotStateStream"] == 1)


def test_stream_needs_a_token_and_ends_with_the_robot() -> None:
    with FakeSpot() as spot:
        stub = RobotStateStreamingClient()
        stub.channel = dial(spot).ensure_secure_channel("state-streaming.spot.robot")
        with pytest.raises(grpc.RpcError) as error:
            next(stub.get_robot_state_stream())
        assert error.value.code() is grpc.StatusCode.UNAUTHENTICATED
        robot = stream_robot(spot)
        stream = stream_of(robot)
        next(stream)
    with pytest.raises(grpc.RpcError):
        for _ in stream:
            pass


def test_links_and_joints_belong_together() -> None:
    with FakeSpot() as spot:
        robot = connect(spot)
        client = robot.ensure_client(RobotStateClient.default_service_name)
        skeleton = client.get_robot_hardware_configuration(timeout=5).skeleton
        tree = ElementTree.fromstring(skeleton.urdf)  # noqa: S314 - our own
        names = [link.name for link in skeleton.links]
        assert [link.get("name") for link in tree.iter("link")] == names
        joints = [joint.name for joint in client.get_robot_state(timeout=5).kinematic_state.joint_states]
        assert [joint.get("name") for joint in tree.iter("joint")] == joints
        for link in skeleton.links:
            model = client.get_robot_link_model(link.name, timeout=5)
            assert model.file_name == link.obj_model.file_name
            assert model.file_contents.count("\nv ") == 8
        with pytest.raises(InvalidRequestError):
            client.get_robot_link_model("tail", timeout=5)
        full = client.get_hardware_config_with_link_info()
        assert all(link.obj_model.file_contents for link in full.skeleton.links)


def test_metrics_count_the_distance() -> None:
    with FakeSpot() as spot:
        client = connect(spot).ensure_client(RobotStateClient.default_service_name)
        metrics = {metric.label: metric for metric in client.get_robot_metrics(timeout=5).metrics}
        assert metrics["distance"].units == "m"
        assert metrics["uptime"].float_value > 0


@pytest.mark.parametrize("height", [0.06, 0.12, 0.3, 0.485, 0.6, 0.69])
def test_legs_reach_the_ground(height: float) -> None:
    _, hip, knee = joint_angles(height)[:3]
    down = THIGH * math.cos(hip) + SHANK * math.cos(hip + knee)
    ahead = -THIGH * math.sin(hip) - SHANK * math.sin(hip + knee)
    assert (down, ahead) == pytest.approx((height, 0.0), abs=1e-5)
    assert knee < 0 <= hip
