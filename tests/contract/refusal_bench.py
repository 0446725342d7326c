"""A fake Spot that stands and a client that holds its lease, and what can be done to both."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bosdyn.api import (
    basic_command_pb2,
    mobility_command_pb2,
    robot_command_pb2,
    synchronized_command_pb2,
)
from bosdyn.client.estop import EstopClient, EstopEndpoint
from bosdyn.client.image import ImageClient, build_image_request
from bosdyn.client.lease import Lease, LeaseClient
from bosdyn.client.robot import Robot
from bosdyn.client.robot_command import RobotCommandBuilder, RobotCommandClient

from simulator.fake_spot import FakeSpot
from simulator.robot.timestamps import to_timestamp
from simulator.services.auth import Credentials
from simulator.testing import connect

Builder = RobotCommandBuilder


@dataclass
class Bench:
    """A fake Spot that stands, and a client that holds its lease."""

    spot: FakeSpot
    robot: Robot
    lease: Lease

    @property
    def commands(self) -> RobotCommandClient:
        return self.robot.ensure_client(RobotCommandClient.default_service_name)

    @property
    def leases(self) -> LeaseClient:
        return self.robot.ensure_client(LeaseClient.default_service_name)

    @property
    def images(self) -> ImageClient:
        return self.robot.ensure_client(ImageClient.default_service_name)

    @property
    def estop(self) -> EstopClient:
        return self.robot.ensure_client(EstopClient.default_service_name)

    def client(self, name: str) -> object:
        """Another client of the SDK, by its service's name."""
        return self.robot.ensure_client(name)

    def walk(self, seconds: float = 0.6, frame: str = "body") -> int:
        command = Builder.synchro_velocity_command(0.3, 0, 0, frame_name=frame)
        return self.commands.robot_command(command, end_time_secs=time.time() + seconds, timeout=5)

    def raw(self, **changes: object) -> robot_command_pb2.RobotCommandResponse:
        """Send a hand-made velocity command past the SDK's own checks."""
        end = to_timestamp(self.spot.robot.clock.now() + 0.5)
        request = basic_command_pb2.SE2VelocityCommand.Request(se2_frame_name="body", end_time=end)
        request.velocity.linear.x = 0.3
        for name, value in changes.items():
            if name == "speed":
                request.velocity.linear.x = value
            elif value is None:
                request.ClearField(name)
            elif isinstance(value, str):
                setattr(request, name, value)
            else:
                getattr(request, name).CopyFrom(value)
        mobility = mobility_command_pb2.MobilityCommand.Request(se2_velocity_request=request)
        return self.send(mobility)

    def send(self, mobility: mobility_command_pb2.MobilityCommand.Request) -> robot_command_pb2.RobotCommandResponse:
        parts = synchronized_command_pb2.SynchronizedCommand.Request(mobility_command=mobility)
        message = robot_command_pb2.RobotCommandRequest(
            command=robot_command_pb2.RobotCommand(synchronized_command=parts),
            clock_identifier=self.robot.time_sync.endpoint.clock_identifier,
            lease=self.robot.lease_wallet.advance().lease_proto,
        )
        return self.commands._stub.RobotCommand(message, timeout=5)

    def shoot(self, source: str, **wanted: object) -> object:
        return self.images.get_image([build_image_request(source, **wanted)], timeout=5)

    def endpoint(self) -> EstopEndpoint:
        return EstopEndpoint(self.estop, "test", 3.0)

    # What happens around the client.

    def press_estop(self) -> None:
        self.spot.press_estop()
        self.spot.wait_for(lambda truth: not truth.powered)

    def motors_off(self) -> None:
        with self.spot.robot.lock:
            self.spot.robot.power.switch_off()

    def dock(self) -> None:
        self.spot.robot.power.obstacles.docked = True

    def charge(self) -> None:
        self.motors_off()
        self.spot.robot.power.obstacles.shore_power = True

    def take_battery_out(self) -> None:
        self.motors_off()
        self.spot.robot.power.obstacles.battery_missing = True


@contextmanager
def running_bench() -> Iterator[Bench]:
    """One that lasts as long as the ``with`` statement; ``user`` with ``password`` may log in."""
    with FakeSpot(credentials=Credentials("user", "password")) as spot:
        robot = connect(spot)
        client = robot.ensure_client(LeaseClient.default_service_name)
        spot.stand_up()
        yield Bench(spot, robot, client.acquire(timeout=5))
        robot.time_sync.stop()
