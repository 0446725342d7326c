"""What a test, or a person beside the robot, can do to a fake Spot while it runs."""

from __future__ import annotations

import grpc
from bosdyn.api import lease_pb2

from simulator.failures import Failures
from simulator.robot.robot import Robot
from simulator.server import Server
from simulator.services.disturbances import Disturbances
from simulator.services.time_sync import ClockBook
from simulator.services.tokens import TokenBook


class Interventions(Failures):
    """Everything that happens to a robot without its clients' doing. Safe from every thread."""

    def __init__(
        self, robot: Robot, server: Server, tokens: TokenBook, clocks: ClockBook, disturbances: Disturbances
    ) -> None:
        self.robot = robot
        self._server = server
        self._tokens = tokens
        self._clocks = clocks
        self._disturbances = disturbances

    def stand_up(self) -> None:
        """Give the motors power and put the robot on its feet, at once and without a command."""
        with self.robot.lock:
            self.robot.stand_up()

    def take_lease(self, client_name: str) -> lease_pb2.Lease:
        """Take the body lease away from its owner, as someone with a tablet does."""
        owner = lease_pb2.LeaseOwner(client_name=client_name, user_name=client_name)
        with self.robot.lock:
            return self.robot.lease.give("body", owner, self.robot.clock.uptime())

    def return_lease(self, lease: lease_pb2.Lease) -> bool:
        """Give a lease back that :meth:`take_lease` gave; False when somebody else has taken it since."""
        with self.robot.lock:
            return self.robot.lease.give_back(lease)

    def press_estop(self, *, pressed: bool = True) -> None:
        """Press or release the hardware E-Stop."""
        with self.robot.lock:
            self.robot.estop.pressed = pressed

    def raise_behavior_fault(self, cause: int, *, clearable: bool = True) -> int:
        """Raise a fault, such as ``BehaviorFault.CAUSE_FALL``, and give its number."""
        with self.robot.lock:
            return self.robot.faults.raise_behavior_fault(cause, self.robot.clock.now(), clearable=clearable)

    def authorise_payload(self, guid: str) -> bool:
        """Authorise and attach a payload, as an administrator does on the robot's page; False if it is unknown."""
        with self.robot.lock:
            return self.robot.payloads.authorise(guid)

    def set_charge(self, charge: float) -> None:
        """Set the charge of the battery, 0 to 1."""
        with self.robot.lock:
            self.robot.charge = charge

    def jump_clock(self, seconds: float) -> None:
        """Move robot time, as a correction of the robot's own clock does."""
        with self.robot.lock:
            self.robot.clock.jump(seconds)

    def freeze_cameras(self, *, frozen: bool = True) -> None:
        """Make the cameras serve their last picture for ever, with the time at which it was taken."""
        with self.robot.lock:
            self.robot.cameras_frozen = frozen

    def break_sources(self, *names: str) -> None:
        """Make these image sources, and only these, answer STATUS_IMAGE_DATA_ERROR."""
        self._server.images.break_sources(frozenset(names))

    def slow_calls(self, method: str, seconds: float) -> None:
        """Delay every call of an RPC, such as ``"ImageService/GetImage"``; 0 ends that."""
        self._disturbances.delay(method, seconds)

    def fail_calls(self, method: str, code: grpc.StatusCode | None = grpc.StatusCode.UNAVAILABLE) -> None:
        """Let every call of an RPC fail with a gRPC status; ``None`` ends that."""
        self._disturbances.fail(method, code)

    def expire_tokens(self) -> None:
        """Make every user token invalid now."""
        self._tokens.expire_all()

    def forget_clocks(self) -> None:
        """Forget every client's time synchronisation."""
        self._clocks.forget()
