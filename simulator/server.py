"""The gRPC server: one TLS port for every service."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bosdyn.api import (
    auth_service_pb2_grpc,
    data_buffer_service_pb2_grpc,
    directory_service_pb2_grpc,
    estop_service_pb2_grpc,
    fault_service_pb2_grpc,
    image_service_pb2_grpc,
    lease_service_pb2_grpc,
    local_grid_service_pb2_grpc,
    power_service_pb2_grpc,
    ray_cast_service_pb2_grpc,
    robot_command_service_pb2_grpc,
    robot_id_service_pb2_grpc,
    robot_state_service_pb2_grpc,
    time_sync_service_pb2_grpc,
    world_object_pb2,
    world_object_service_pb2_grpc,
)

from simulator.cameras.picture_source import PictureSource
from simulator.certificates import Certificates
from simulator.journal import Journal
from simulator.listener import Listener
from simulator.robot.robot import Robot
from simulator.services.auth import AuthService, Credentials
from simulator.services.call_log import CallLog
from simulator.services.data_buffer import DataBufferService
from simulator.services.directory import DirectoryService
from simulator.services.disturbances import Disturbances
from simulator.services.estop import EstopService
from simulator.services.fault import FaultService
from simulator.services.forwarder import Forwarder
from simulator.services.gate import Gate
from simulator.services.image import ImageService
from simulator.services.lease import LeaseService
from simulator.services.local_grid import LocalGridService
from simulator.services.peripheral import PeripheralParts, add_peripheral_services
from simulator.services.power import PowerService
from simulator.services.ray_cast import RayCastService
from simulator.services.robot_command import RobotCommandService
from simulator.services.robot_id import RobotIdService
from simulator.services.robot_state import RobotStateService
from simulator.services.time_sync import ClockBook, TimeSyncService
from simulator.services.tokens import TokenBook
from simulator.services.world_objects import WorldObjectService
from simulator.solid import SolidWorld


@dataclass(frozen=True, slots=True)
class Parts:
    """What the services work on."""

    robot: Robot
    pictures: PictureSource
    journal: Journal
    tokens: TokenBook
    clocks: ClockBook
    disturbances: Disturbances
    credentials: Credentials | None
    scene_time: Callable[[], float | None]
    seen_objects: Callable[[], Sequence[world_object_pb2.WorldObject]]
    world: SolidWorld
    world_time: Callable[[float], float]


class Server:
    """Serves the robot's services on one TLS port.

    Args:
        parts: What the services work on.
        certificates: Proof that this is ``*.spot.robot``.
        host: Address to listen on.
        port: Port to listen on; 0 for a free one.

    Raises:
        PortError: The port is taken or must not be used.
    """

    def __init__(self, parts: Parts, certificates: Certificates, host: str, port: int) -> None:
        self.images = ImageService(parts.robot, parts.pictures)
        self._forwarder = Forwarder(dial_any_host=parts.robot.settings.dial_any_host)
        calls = CallLog(parts.journal, parts.robot.clock, parts.scene_time)
        gate = Gate(parts.robot, parts.tokens, calls, parts.disturbances, self._forwarder)
        self._server = Listener(gate, certificates, host, port)
        self._register(parts)

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return self._server.port

    def start(self) -> None:
        """Start to answer."""
        self._server.start()

    def stop(self) -> None:
        """Stop, and wait until every call has ended."""
        self.images.faults.close()
        self._server.stop()
        self._forwarder.close()

    def cut(self) -> None:
        """Cut every connection and refuse new ones; the services keep what they know."""
        self._server.cut()

    def restore(self) -> None:
        """Let clients connect again.

        Raises:
            PortError: The port is not free yet, or somebody else has taken it.
        """
        self._server.restore()

    def _register(self, parts: Parts) -> None:
        robot, server = parts.robot, self._server
        clock = robot.clock
        auth = AuthService(clock, parts.tokens, parts.credentials)
        command = RobotCommandService(robot, parts.clocks, parts.journal, parts.scene_time)
        objects = WorldObjectService(robot, parts.seen_objects)
        time_sync = TimeSyncService(clock, parts.clocks)
        auth_service_pb2_grpc.add_AuthServiceServicer_to_server(auth, server)
        data_buffer_service_pb2_grpc.add_DataBufferServiceServicer_to_server(DataBufferService(robot), server)
        directory_service_pb2_grpc.add_DirectoryServiceServicer_to_server(DirectoryService(robot), server)
        peripheral = PeripheralParts(
            robot, parts.tokens, parts.clocks, self.images, self._forwarder, parts.journal, parts.scene_time
        )
        add_peripheral_services(server, peripheral)
        estop_service_pb2_grpc.add_EstopServiceServicer_to_server(EstopService(robot), server)
        fault_service_pb2_grpc.add_FaultServiceServicer_to_server(FaultService(robot), server)
        image_service_pb2_grpc.add_ImageServiceServicer_to_server(self.images, server)
        lease_service_pb2_grpc.add_LeaseServiceServicer_to_server(LeaseService(robot, parts.tokens), server)
        grids = LocalGridService(robot, parts.world, parts.world_time)
        local_grid_service_pb2_grpc.add_LocalGridServiceServicer_to_server(grids, server)
        rays = RayCastService(robot, parts.world, parts.world_time)
        ray_cast_service_pb2_grpc.add_RayCastServiceServicer_to_server(rays, server)
        power_service_pb2_grpc.add_PowerServiceServicer_to_server(PowerService(robot), server)
        robot_command_service_pb2_grpc.add_RobotCommandServiceServicer_to_server(command, server)
        robot_id = RobotIdService(robot.settings.name)
        robot_id_service_pb2_grpc.add_RobotIdServiceServicer_to_server(robot_id, server)
        robot_state_service_pb2_grpc.add_RobotStateServiceServicer_to_server(RobotStateService(robot), server)
        time_sync_service_pb2_grpc.add_TimeSyncServiceServicer_to_server(time_sync, server)
        world_object_service_pb2_grpc.add_WorldObjectServiceServicer_to_server(objects, server)
