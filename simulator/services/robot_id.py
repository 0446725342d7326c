"""Which robot this is."""

from __future__ import annotations

import grpc
from bosdyn.api import robot_id_pb2, robot_id_service_pb2_grpc

SERIAL_NUMBER = "spot-FAKE00000"


class RobotIdService(robot_id_service_pb2_grpc.RobotIdServiceServicer):  # type: ignore[misc]  # generated
    """GetRobotId.

    Args:
        nickname: The robot's name.
    """

    def __init__(self, nickname: str) -> None:
        version = robot_id_pb2.SoftwareVersion(major_version=5, minor_version=2, patch_level=0)
        release = robot_id_pb2.RobotSoftwareRelease(
            version=version, name="simulated", type="release", api_version="5.2.0"
        )
        self._id = robot_id_pb2.RobotId(
            serial_number=SERIAL_NUMBER,
            species="spot",
            version="simulated",
            software_release=release,
            nickname=nickname,
            computer_serial_number="FAKE-00000000",
        )

    def GetRobotId(  # noqa: N802 - the name of the RPC
        self, request: robot_id_pb2.RobotIdRequest, context: grpc.ServicerContext
    ) -> robot_id_pb2.RobotIdResponse:
        """Serial number, name and software."""
        return robot_id_pb2.RobotIdResponse(robot_id=self._id)
