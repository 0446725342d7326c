"""Runs a scene on a stepped clock and prints one line of hashes: what must not differ between processes."""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path

from bosdyn.client.image import ImageClient, build_image_request
from bosdyn.client.robot_state import RobotStateClient
from bosdyn.client.world_object import WorldObjectClient
from stepped_client import CALL_TIMEOUT, SteppedClient

from simulator.cameras.imperfections import Imperfections
from simulator.fake_spot import FakeSpot
from simulator.robot.drift import Drift
from simulator.robot.robot import RobotSettings

SOURCES = ("frontleft_fisheye_image", "right_fisheye_image", "back_depth", "left_depth_in_visual_frame")


def main() -> None:
    """Walk about in the lobby and hash all that a client and the journal see."""
    parser = argparse.ArgumentParser()
    parser.add_argument("journal", type=Path)
    parser.add_argument("seed", type=int)
    arguments = parser.parse_args()
    images, states = hashlib.sha256(), hashlib.sha256()
    settings = RobotSettings(odom_drift=Drift(0.02, 0.01))
    wrong = Imperfections(noise=3.0, blur=0.6, exposure=0.5, depth_holes=0.02, calibration=0.005)
    spot = FakeSpot(
        "lobby",
        clock="stepped",
        seed=arguments.seed,
        settings=settings,
        imperfections=wrong,
        journal_file=arguments.journal,
    )
    with spot:
        client = SteppedClient(spot)
        robot = client.robot
        for _ in range(4):
            client.walk(0.5, 0.0, 0.3, seconds=0.5)
            requests = [build_image_request(name) for name in SOURCES]
            for each in robot.ensure_client(ImageClient.default_service_name).get_image(requests, timeout=CALL_TIMEOUT):
                images.update(each.SerializeToString(deterministic=True))
            state = robot.ensure_client(RobotStateClient.default_service_name).get_robot_state(timeout=CALL_TIMEOUT)
            states.update(state.SerializeToString(deterministic=True))
            objects = robot.ensure_client(WorldObjectClient.default_service_name)
            for item in objects.list_world_objects(timeout=CALL_TIMEOUT).world_objects:
                states.update(item.SerializeToString(deterministic=True))
        robot.time_sync.stop()
        lease = spot.robot.lease.epoch
    journal = hashlib.sha256(arguments.journal.read_bytes())
    print(json.dumps([each.hexdigest() for each in (images, states, journal)] + [lease]))  # noqa: T201


if __name__ == "__main__":
    main()
