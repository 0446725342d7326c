"""Connects the official SDK to a fake Spot, for tests and examples."""

from __future__ import annotations

from bosdyn.client import create_standard_sdk
from bosdyn.client.robot import Robot

from simulator.fake_spot import FakeSpot

CALL_TIMEOUT = 5.0
"""Seconds for one call; the SDK's own default is 30."""


def dial(spot: FakeSpot, name: str = "spot-agent-test") -> Robot:
    """An SDK robot that trusts the fake Spot and knows its port, but has not logged in.

    Args:
        spot: A fake Spot that runs.
        name: Name of the client, as the owner of a lease shows it.
    """
    sdk = create_standard_sdk(name, cert_resource_glob=str(spot.ca_file))
    robot = sdk.create_robot(spot.host, name)
    robot.update_secure_channel_port(spot.port)
    return robot


def connect(spot: FakeSpot, name: str = "spot-agent-test") -> Robot:
    """An SDK robot that has logged in and is synchronised with the fake Spot's clock."""
    robot = dial(spot, name)
    robot.authenticate("user", "password", timeout=CALL_TIMEOUT)
    robot.time_sync.wait_for_sync(timeout_sec=CALL_TIMEOUT)
    return robot
