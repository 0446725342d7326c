"""Fiducials that the robot itself reports: read, asked for, and made things of like any other."""

from __future__ import annotations

import math
import queue
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from bosdyn.api import geometry_pb2, world_object_pb2
from bosdyn.client.exceptions import RpcError
from bosdyn.client.math_helpers import SE3Pose
from hypothesis import given, settings
from hypothesis import strategies as st

from behaviors import Point2, SE2Pose
from models import Box, Detection
from spot_agent.cameras import Frame, FrameTimes, Upright
from spot_agent.config import AgentConfig
from spot_agent.perception import CueMaker, Found, TagSpotter, Tracker
from spot_agent.robot.tag_message import SeenTag, read_tags
from spot_agent.robot.tag_watch import MAX_AGE, TagWatch

Tag = world_object_pb2.AprilTagProperties
NOW = 1000.0
DEADLINE = 5.0  # s


def world_object(
    number: int = 350, time: float = NOW, raw: int = Tag.STATUS_OK, filtered: int = Tag.STATUS_OK, x: float = 3.0
) -> world_object_pb2.WorldObject:
    """A tag at (x + 1, 2) by its raw pose and at (x, 2) by its filtered one, in odom."""
    item = world_object_pb2.WorldObject(name=f"world_obj_apriltag_{number}")
    item.acquisition_time.seconds, item.acquisition_time.nanos = int(time), round(time % 1 * 1e9)
    tag = item.apriltag_properties
    tag.tag_id, tag.frame_name_camera = number, "frontleft_fisheye"
    tag.frame_name_fiducial, tag.frame_name_fiducial_filtered = "raw", "filtered"
    tag.fiducial_pose_status, tag.fiducial_filtered_pose_status = raw, filtered
    edges = item.transforms_snapshot.child_to_parent_edge_map
    edges["odom"].CopyFrom(geometry_pb2.FrameTreeSnapshot.ParentEdge())
    for name, ahead in (("raw", x + 1), ("filtered", x)):
        edges[name].parent_frame_name = "odom"
        edges[name].parent_tform_child.CopyFrom(SE3Pose(ahead, 2.0, 0.5, SE3Pose.from_identity().rot).to_proto())
    return item


def test_a_tag_is_where_its_filtered_pose_says() -> None:
    assert read_tags([world_object(time=12.25)]) == [SeenTag(350, 12.25, "frontleft", Point2(3.0, 2.0))]


@pytest.mark.parametrize("doubted", [Tag.STATUS_AMBIGUOUS, Tag.STATUS_HIGH_ERROR, Tag.STATUS_UNKNOWN])
def test_a_pose_that_the_robot_doubts_says_nothing(doubted: int) -> None:
    assert read_tags([world_object(filtered=doubted)])[0].position == Point2(4.0, 2.0)
    assert read_tags([world_object(filtered=doubted, raw=doubted)])[0].position is None


def test_a_broken_tree_or_no_number_says_nothing() -> None:
    broken, nowhere = world_object(), world_object(x=math.nan)
    del broken.transforms_snapshot.child_to_parent_edge_map["odom"]
    assert [tag.position for tag in read_tags([broken, nowhere])] == [None, None]


def test_other_objects_are_left_out_and_tags_come_by_number() -> None:
    dock = world_object_pb2.WorldObject(dock_properties=world_object_pb2.DockProperties(dock_id=520))
    assert [tag.number for tag in read_tags([world_object(7), dock, world_object(3)])] == [3, 7]


class Client:
    """Answers what the test says."""

    def __init__(self) -> None:
        self.answers: queue.Queue[list[world_object_pb2.WorldObject] | None] = queue.Queue()
        self.asked: queue.Queue[None] = queue.Queue()

    def list_world_objects(self, object_type: Any, timeout: float) -> world_object_pb2.ListWorldObjectResponse:
        assert object_type == [world_object_pb2.WORLD_OBJECT_APRILTAG]
        self.asked.put(None)
        answer = self.answers.get(timeout=DEADLINE)
        if answer is None:
            raise RpcError(None, "not now")
        return world_object_pb2.ListWorldObjectResponse(world_objects=answer)

    def answer(self, *items: world_object_pb2.WorldObject) -> None:
        """Give one answer, and wait until it was dealt with, which is when the next is asked for."""
        self.asked.get(timeout=DEADLINE)
        self.answers.put(list(items))
        self.asked.get(timeout=DEADLINE)
        self.asked.put(None)

    def fail(self) -> None:
        self.asked.get(timeout=DEADLINE)
        self.answers.put(None)
        self.asked.get(timeout=DEADLINE)
        self.asked.put(None)


@pytest.fixture
def client() -> Client:
    return Client()


@pytest.fixture
def watch(client: Client) -> Iterator[TagWatch]:
    watch = TagWatch(client, 1000.0, lambda: NOW)
    watch.start()
    yield watch
    for _ in range(3):
        client.answers.put(None)
    watch.stop()


def test_each_sighting_is_given_once_and_the_newest_wins(client: Client, watch: TagWatch) -> None:
    assert watch.take() == []
    client.answer(world_object(time=NOW - 0.5))
    client.answer(world_object(time=NOW - 0.25), world_object(7, NOW - 0.5))
    assert [(tag.number, tag.time) for tag in watch.take()] == [(7, NOW - 0.5), (350, NOW - 0.25)]
    client.answer(world_object(time=NOW - 0.25), world_object(7, NOW - 0.5))
    assert watch.take() == [], "the robot lists a tag long after it has seen it"


@pytest.mark.parametrize("age", [MAX_AGE + 0.25, -MAX_AGE - 0.25])
def test_an_old_sighting_is_no_news(client: Client, watch: TagWatch, age: float) -> None:
    client.answer(world_object(time=NOW - age))
    assert watch.take() == []


def test_a_robot_that_does_not_answer_is_asked_again(client: Client, watch: TagWatch) -> None:
    client.fail()
    client.answer(world_object(time=NOW))
    assert [tag.number for tag in watch.take()] == [350]


def config(**tracking: Any) -> AgentConfig:
    return AgentConfig.model_validate({
        "detectors": {"objects": {"model": "objects"}, "tags": {"model": "world objects"}},
        "cues": {
            "person": {"detector": "objects", "label": "person", "keep_distance": True},
            "charger": {"detector": "tags", "label": "tag 350", "keep_distance": False},
        },
        "tracking": tracking,
    })  # fmt: skip


def seen(time: float, number: int = 350, camera: str = "frontleft", x: float = 3.0) -> SeenTag:
    return SeenTag(number, time, camera, Point2(x, 0.0))


@pytest.mark.parametrize("confirm", [2, 3])
def test_it_counts_once_it_was_seen_often_enough(confirm: int) -> None:
    spotter = TagSpotter(config(confirm=confirm), "tags")
    assert [len(spotter.sightings([seen(10 + 0.2 * look)])) for look in range(4)] == [
        int(look + 1 >= confirm) for look in range(4)
    ]
    assert spotter.sightings([seen(20.0)]) == [], "it was lost in between"


def test_only_tags_that_cues_speak_of_count() -> None:
    spotter = TagSpotter(config(), "tags")
    assert [spotter.sightings([seen(1 + look * 0.2, number=4)]) for look in range(3)] == [[], [], []]


def frame(time: float) -> Frame:
    image = np.zeros((480, 640), np.uint8)
    return Frame("frontleft", image, FrameTimes(time, time, time), Upright.by_roll(0.0, 640, 480))


def test_it_is_a_cue_with_its_place_whichever_camera_sees_it() -> None:
    settings = config()
    spotter, tracker = TagSpotter(settings, "tags"), Tracker(settings)
    person = Found("objects", Detection("person", 0.8, Box(10, 10, 60, 200)))
    for look in range(6):
        tracker.update([person], frame(10 + 0.2 * look), ("objects",))
        camera = "frontleft" if look % 2 else "back"
        tracks = tracker.take_in(spotter.sightings([seen(10.05 + 0.2 * look, camera=camera)]))
    assert [(track.track_id, track.label, track.latest.box is None) for track in tracks] == [
        (1, "person", False),
        (2, "tag 350", True),
    ]
    cue = CueMaker(settings).cues(tracks, SE2Pose(1.0, 0.0, 0.0), 11.15)[1]
    assert (cue.name, cue.confidence, cue.bearing, cue.is_person) == ("charger", 1.0, 0.0, False)
    assert cue.distance == pytest.approx(2.0)
    assert cue.age == pytest.approx(0.1), "its age is that of the sighting, not of the message"
    assert cue.seen_for == pytest.approx(0.8)


def test_it_is_forgotten_like_anything_else() -> None:
    settings = config()
    spotter, tracker = TagSpotter(settings, "tags"), Tracker(settings)
    for look in range(3):
        tracker.take_in(spotter.sightings([seen(10 + 0.2 * look)]))
    assert len(tracker.update([], frame(11.8), ("objects",))) == 1
    assert tracker.update([], frame(12.0), ("objects",)) == []


@settings(max_examples=50)
@given(st.lists(st.tuples(st.floats(0, 100), st.sampled_from([1, 350])), max_size=30))
def test_any_order_of_times_gives_tracks_of_their_newest_sighting(looks: list[tuple[float, int]]) -> None:
    spotter, tracker = TagSpotter(config(), "tags"), Tracker(config())
    newest = 0.0
    for time, number in looks:
        sightings = spotter.sightings([seen(time, number)])
        newest = max([newest, *(sighting.time for sighting in sightings)])
        tracks = tracker.take_in(sightings)
        assert all(track.latest.time <= newest for track in tracks)
