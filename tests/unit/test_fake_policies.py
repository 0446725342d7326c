"""Keepalive policies as pure bookkeeping, and pictures that are turned upright."""

from __future__ import annotations

import math

import numpy as np
import pytest
from bosdyn.api import geometry_pb2, image_pb2, lease_pb2
from bosdyn.api.keepalive import keepalive_pb2
from bosdyn.client.math_helpers import Quat, SE3Pose
from hypothesis import given
from hypothesis import strategies as st

from simulator.cameras.rotation import rotation_upright
from simulator.robot.keepalive import HALT, MOTORS_OFF, KeepaliveSystem, problem
from simulator.robot.registry import full_authority
from simulator.robot.timestamps import to_duration

delays = st.lists(st.floats(0.1, 50.0), min_size=1, max_size=5)


def policy(after: list[float], action: str = "halt_robot") -> keepalive_pb2.Policy:
    made = keepalive_pb2.Policy(name="test")
    for seconds in after:
        step = made.actions.add(after=to_duration(seconds))
        getattr(step, action).SetInParent()
    return made


@given(after=delays, times=st.lists(st.floats(0.0, 100.0), max_size=30))
def test_each_action_is_due_once_and_never_early(after: list[float], times: list[float]) -> None:
    system = KeepaliveSystem()
    system.add(policy(after), "client", 0.0)
    taken = 0
    for uptime in sorted(times):
        taken += len(system.due(uptime))
        assert taken == sum(uptime >= seconds - 1e-9 for seconds in after) or any(
            math.isclose(uptime, seconds, abs_tol=1e-6) for seconds in after
        )


@given(after=delays)
def test_check_in_ends_what_the_policy_did(after: list[float]) -> None:
    system = KeepaliveSystem()
    live = system.add(policy(after), "client", 0.0)
    late = max(after) + 1.0
    assert len(system.due(late)) == len(after)
    assert system.controls(late) == {HALT}
    assert system.check_in(live.policy_id, "other", late)
    assert system.controls(late) == frozenset()
    assert not system.due(late)
    assert len(system.due(2 * late)) == len(after)
    assert not system.check_in(77, "other", late)


def test_several_policies_are_in_force_together_until_they_are_taken_back() -> None:
    system = KeepaliveSystem()
    first = system.add(policy([1.0]), "client", 0.0)
    second = system.add(policy([2.0], "controlled_motors_off"), "client", 0.0)
    assert system.controls(1.5) == {HALT}
    assert system.controls(2.5) == {HALT, MOTORS_OFF}
    assert system.has_all([first.policy_id, second.policy_id])
    system.remove([first.policy_id])
    assert system.controls(2.5) == {MOTORS_OFF}
    assert not system.has_all([first.policy_id])


def test_policy_goes_with_its_lease() -> None:
    system = KeepaliveSystem()
    tied = policy([1.0])
    tied.associated_leases.add(resource="body", sequence=[1])
    system.add(tied, "client", 0.0)
    free = system.add(policy([1.0]), "client", 0.0)
    system.drop_disowned(lambda lease: lease == lease_pb2.Lease(resource="body", sequence=[2]))
    assert system.policies == (free,)


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        (keepalive_pb2.Policy(), "no actions"),
        (policy([0.0]), "positive"),
        (policy([1.0], "auto_return"), "leases"),
        (keepalive_pb2.Policy(actions=[keepalive_pb2.ActionAfter(after=to_duration(1.0))]), "unknown"),
    ],
)
def test_policies_that_make_no_sense(wrong: keepalive_pb2.Policy, word: str) -> None:
    assert word in problem(wrong)
    assert not problem(policy([1.0]))


def test_label_stands_for_a_full_authority() -> None:
    assert full_authority("web-cam") == "web-cam.spot.robot"
    assert full_authority("web-cam.spot.robot") == "web-cam.spot.robot"


def shot(roll: float) -> image_pb2.ImageCapture:
    """A picture of a camera that looks ahead and is rolled about its line of sight."""
    looking = Quat.from_matrix(np.array([[0.0, 0.0, 1.0], [-1.0, 0.0, 0.0], [0.0, -1.0, 0.0]]))
    capture = image_pb2.ImageCapture(frame_name_image_sensor="camera")
    capture.image.CopyFrom(image_pb2.Image(cols=8, rows=6, data=bytes(range(48)), format=image_pb2.Image.FORMAT_RAW))
    capture.image.pixel_format = image_pb2.Image.PIXEL_FORMAT_GREYSCALE_U8
    edges = capture.transforms_snapshot.child_to_parent_edge_map
    edges["odom"].parent_frame_name = ""
    edges["camera"].parent_frame_name = "odom"
    edges["camera"].parent_tform_child.CopyFrom(SE3Pose(0, 0, 0, looking * Quat.from_yaw(roll)).to_proto())
    return capture


@given(roll=st.floats(-3.1, 3.1), x=st.floats(0, 8), y=st.floats(0, 6))
def test_corners_come_back_to_where_they_were(roll: float, x: float, y: float) -> None:
    rotation = rotation_upright(shot(roll), "odom")
    assert rotation is not None
    assert math.remainder(rotation.angle + roll, math.tau) == pytest.approx(0.0, abs=1e-6)
    down = rotation.matrix[:, :2] @ (math.sin(roll), math.cos(roll))  # where things fall to in the picture as it came
    assert down == pytest.approx((0.0, 1.0), abs=1e-6)
    there = rotation.matrix @ (x, y, 1.0)
    assert -1 <= there[0] <= rotation.width + 1
    assert -1 <= there[1] <= rotation.height + 1
    corners = geometry_pb2.Polygon(vertexes=[geometry_pb2.Vec2(x=there[0], y=there[1])])
    rotation.turn_back(corners)
    assert (corners.vertexes[0].x, corners.vertexes[0].y) == pytest.approx((x, y), abs=1e-6)


def test_camera_on_its_head_is_turned_by_half_a_turn() -> None:
    picture = shot(math.pi)
    rotation = rotation_upright(picture, "odom")
    assert rotation is not None
    turned = rotation.turn(picture.image)
    assert turned is not None
    assert (turned.cols, turned.rows) == (8, 6)
    assert turned.data[-9] > turned.data[-1]  # the rows run the other way


def test_picture_that_cannot_be_turned() -> None:
    picture = shot(1.0)
    rotation = rotation_upright(picture, "odom")
    assert rotation is not None
    picture.image.data = b"too short"
    assert rotation.turn(picture.image) is None
    picture.transforms_snapshot.Clear()
    assert rotation_upright(picture, "odom") is None
