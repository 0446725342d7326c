"""What fails on a robot by itself, for :class:`~simulator.interventions.Interventions`."""

from __future__ import annotations

from typing import Literal

from bosdyn.api import power_pb2

from simulator.cameras.camera_faults import CameraFault
from simulator.robot.robot import Robot
from simulator.server import Server
from simulator.services.disturbances import Disturbances
from simulator.services.time_sync import ClockBook
from simulator.services.tokens import TokenBook

RestartableService = Literal["auth", "estop", "image", "lease", "power", "robot-command", "robot-state", "time-sync"]
_TYPES: dict[RestartableService, str] = {
    "auth": "AuthService",
    "estop": "EstopService",
    "image": "ImageService",
    "lease": "LeaseService",
    "power": "PowerService",
    "robot-command": "RobotCommandService",
    "robot-state": "RobotStateService",
    "time-sync": "TimeSyncService",
}


class Failures:
    """Failures of cameras, connection, services, motors and legs. Safe from every thread."""

    robot: Robot
    _server: Server
    _tokens: TokenBook
    _clocks: ClockBook
    _disturbances: Disturbances

    def fail_cameras(self, fault: CameraFault, *sources: str, seconds: float = 0.0) -> None:
        """Let image sources fail; all of them, if none is named.

        Args:
            fault: ``"frozen"`` serves the last picture with its old time; ``"dropped"`` answers
                STATUS_SOURCE_DATA_ERROR; ``"black"`` serves black; ``"corrupt"`` serves bytes that cannot be decoded;
                ``"late"`` answers only some seconds after the picture was taken.
            sources: Names such as ``"frontleft_fisheye_image"``.
            seconds: How late ``"late"`` is.
        """
        self._server.images.faults.begin(fault, sources or None, seconds)

    def mend_cameras(self, fault: CameraFault) -> None:
        """End a failure of the cameras."""
        self._server.images.faults.end(fault)

    def hang_calls(self, method: str, *, hanging: bool = True) -> None:
        """Let calls of an RPC, such as ``"ImageService/*"``, get no answer; those under way fail when that ends."""
        self._disturbances.hang(method, hanging=hanging)

    def cut_connections(self) -> None:
        """Cut every connection, and refuse new ones."""
        self._server.cut()

    def restore_connections(self) -> None:
        """Let clients connect again, on the same port.

        Raises:
            PortError: The port is not free yet, or somebody else has taken it.
        """
        self._server.restore()

    def lose_estop_check_ins(self, *, lost: bool = True) -> None:
        """Lose what the E-Stop's endpoints send, so that they time out."""
        self.hang_calls("EstopService/EstopCheckIn", hanging=lost)

    def cut_motor_power(self) -> None:
        """Let the motors lose their power: the robot sinks to the floor."""
        with self.robot.lock:
            self.robot.power.cut(power_pb2.STATUS_OVERRIDDEN)

    def fall(self) -> int:
        """Let the robot fall; gives the number of the behavior fault, which must be cleared before it obeys again."""
        with self.robot.lock:
            return self.robot.fall()

    def clear_behavior_fault(self, fault_id: int) -> None:
        """Take a behavior fault back, whether clients could clear it or not."""
        with self.robot.lock:
            self.robot.faults.remove_behavior_fault(fault_id)

    def stop_service(self, service: RestartableService, *, stopped: bool = True) -> None:
        """Stop a service, so that its calls fail with UNAVAILABLE; it starts again with nothing in its memory."""
        self._disturbances.unavailable(f"{_TYPES[service]}/*", is_down=stopped)
        if not stopped:
            self._forget(service)

    def restart_service(self, service: RestartableService) -> None:
        """Stop a service and start it again at once: what it knew is gone."""
        self._forget(service)

    def _forget(self, service: RestartableService) -> None:
        robot: Robot = self.robot
        with robot.lock:
            match service:
                case "auth":
                    self._tokens.expire_all()
                case "time-sync":
                    self._clocks.forget()
                case "lease":
                    robot.lease.restart()
                case "estop":
                    robot.estop.restart()
                case "robot-command":
                    robot.runner.restart()
                case "image" | "power" | "robot-state":
                    pass  # they hold nothing that a client relies on
