"""Adds the services around the robot's own: payloads, policies, docks, logs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import grpc
from bosdyn.api import (
    directory_registration_service_pb2_grpc,
    ir_enable_disable_service_pb2_grpc,
    license_service_pb2_grpc,
    network_compute_bridge_service_pb2_grpc,
    payload_registration_service_pb2_grpc,
    payload_service_pb2_grpc,
    robot_state_service_pb2_grpc,
)
from bosdyn.api.auto_return import auto_return_service_pb2_grpc
from bosdyn.api.docking import docking_service_pb2_grpc
from bosdyn.api.keepalive import keepalive_service_pb2_grpc
from bosdyn.api.log_status import log_status_service_pb2_grpc

from simulator.journal import Journal
from simulator.robot.robot import Robot
from simulator.services.auto_return import AutoReturnService
from simulator.services.directory_registration import DirectoryRegistrationService
from simulator.services.docking import DockingService
from simulator.services.forwarder import Forwarder
from simulator.services.image import ImageService
from simulator.services.ir_emission import IrEmissionService
from simulator.services.keepalive import KeepaliveService
from simulator.services.license import LicenseService
from simulator.services.log_status import LogStatusService
from simulator.services.network_compute import NetworkComputeBridgeService
from simulator.services.payload import PayloadRegistrationService, PayloadService
from simulator.services.picture_fetcher import PictureFetcher
from simulator.services.state_stream import RobotStateStreamingService
from simulator.services.time_sync import ClockBook
from simulator.services.tokens import TokenBook


@dataclass(frozen=True, slots=True)
class PeripheralParts:
    """What these services work on."""

    robot: Robot
    tokens: TokenBook
    clocks: ClockBook
    images: ImageService
    forwarder: Forwarder
    journal: Journal
    scene_time: Callable[[], float | None]


def add_peripheral_services(server: grpc.Server, parts: PeripheralParts) -> None:
    """Let a server answer for them."""
    robot = parts.robot
    registration = DirectoryRegistrationService(robot, parts.tokens)
    payloads = PayloadRegistrationService(robot, parts.tokens)
    docking = DockingService(robot, parts.clocks, parts.journal, parts.scene_time)
    auto_return_service_pb2_grpc.add_AutoReturnServiceServicer_to_server(AutoReturnService(robot), server)
    directory_registration_service_pb2_grpc.add_DirectoryRegistrationServiceServicer_to_server(registration, server)
    docking_service_pb2_grpc.add_DockingServiceServicer_to_server(docking, server)
    ir_enable_disable_service_pb2_grpc.add_IREnableDisableServiceServicer_to_server(IrEmissionService(robot), server)
    keepalive_service_pb2_grpc.add_KeepaliveServiceServicer_to_server(KeepaliveService(robot), server)
    license_service_pb2_grpc.add_LicenseServiceServicer_to_server(LicenseService(robot.clock), server)
    log_status_service_pb2_grpc.add_LogStatusServiceServicer_to_server(LogStatusService(robot), server)
    payload_registration_service_pb2_grpc.add_PayloadRegistrationServiceServicer_to_server(payloads, server)
    pictures = PictureFetcher(robot, parts.images, parts.forwarder)
    bridge = NetworkComputeBridgeService(robot, pictures, parts.forwarder)
    network_compute_bridge_service_pb2_grpc.add_NetworkComputeBridgeServicer_to_server(bridge, server)
    stream = RobotStateStreamingService(robot)
    robot_state_service_pb2_grpc.add_RobotStateStreamingServiceServicer_to_server(stream, server)
    payload_service_pb2_grpc.add_PayloadServiceServicer_to_server(PayloadService(robot), server)
