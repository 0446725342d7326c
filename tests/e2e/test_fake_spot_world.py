"""The scene as the robot itself reports it, and a bad network."""

from __future__ import annotations

from pathlib import Path

import grpc
import pytest
from bosdyn.api import world_object_pb2
from bosdyn.client.exceptions import RpcError, TimedOutError
from bosdyn.client.frame_helpers import get_a_tform_b
from bosdyn.client.world_object import WorldObjectClient

from simulator.fake_spot import FakeSpot
from simulator.testing import connect

SCENE = """
name: tags
duration: 60
robot: {position: [1.0, 2.0], yaw: 90 deg}
objects:
  - {kind: apriltag, name: near, id: 42, position: [1.2, 4.0, 0.4], yaw: -90 deg}
  - {kind: apriltag, name: turned away, id: 43, position: [0.8, 4.0, 0.4], yaw: 90 deg}
  - {kind: apriltag, name: far, id: 44, position: [1.0, 12.0, 0.4], yaw: -90 deg}
"""


def test_tags_that_can_be_seen_are_listed_with_their_place(tmp_path: Path) -> None:
    path = tmp_path / "tags.yaml"
    path.write_text(SCENE)
    with FakeSpot(path) as spot:
        spot.stand_up()
        client = connect(spot).ensure_client(WorldObjectClient.default_service_name)
        began = spot.truth().uptime
        spot.wait_for(lambda truth: truth.uptime > began + 0.4)
        kinds = [world_object_pb2.WORLD_OBJECT_APRILTAG]
        tags = client.list_world_objects(kinds, timeout=5).world_objects
        assert [tag.apriltag_properties.tag_id for tag in tags] == [42]
        place = get_a_tform_b(tags[0].transforms_snapshot, "flat_body", tags[0].apriltag_properties.frame_name_fiducial)
        assert (place.x, place.y) == pytest.approx((2.0, -0.2), abs=1e-3)
        request = world_object_pb2.MutateWorldObjectRequest()
        request.mutation.action, request.mutation.object.id = request.ACTION_DELETE, tags[0].id
        response = client._stub.MutateWorldObjects(request, timeout=5)
        assert response.status == response.STATUS_NO_PERMISSION


def test_slow_and_failing_calls() -> None:
    with FakeSpot() as spot:
        client = connect(spot).ensure_client("image")
        spot.fail_calls("ImageService/ListImageSources")
        with pytest.raises(RpcError):
            client.list_image_sources(timeout=5)
        spot.fail_calls("ImageService/ListImageSources", None)
        assert client.list_image_sources(timeout=5)
        spot.slow_calls("ImageService/ListImageSources", 30.0)
        with pytest.raises(TimedOutError):
            client.list_image_sources(timeout=0.2)
        assert spot.journal.calls[f"ImageService/ListImageSources {grpc.StatusCode.UNAVAILABLE.name}"] >= 1
