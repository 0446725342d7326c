"""Docking: onto the charger and off it again."""

from __future__ import annotations

from collections.abc import Callable

import grpc
from bosdyn.api import lease_pb2
from bosdyn.api.docking import docking_pb2, docking_service_pb2_grpc

from simulator.entries import CommandEntry
from simulator.journal import Journal
from simulator.robot.docks import FIRST_DOCK, LAST_DOCK, Dock, DockingRun
from simulator.robot.robot import Robot
from simulator.robot.timestamps import to_seconds
from simulator.services.gate import reject
from simulator.services.time_sync import ClockBook

_Command = docking_pb2.DockingCommandResponse
_Feedback = docking_pb2.DockingCommandFeedbackResponse
_LEASE_OK = lease_pb2.LeaseUseResult.STATUS_OK


class DockingService(docking_service_pb2_grpc.DockingServiceServicer):  # type: ignore[misc]  # generated without types
    """DockingCommand, DockingCommandFeedback, GetDockingConfig and GetDockingState.

    Args:
        robot: Docks, or says why not.
        clocks: The clocks that clients have synchronised.
        journal: Told of every command.
        scene_time: Gives the scene's time in seconds for the journal, ``None`` before it starts.
    """

    def __init__(
        self, robot: Robot, clocks: ClockBook, journal: Journal, scene_time: Callable[[], float | None]
    ) -> None:
        self._robot = robot
        self._clocks = clocks
        self._journal = journal
        self._scene_time = scene_time

    def DockingCommand(  # noqa: N802 - the name of the RPC
        self, request: docking_pb2.DockingCommandRequest, context: grpc.ServicerContext
    ) -> docking_pb2.DockingCommandResponse:
        """Begin to dock, to undock or to go to the pose before the dock."""
        response = self._answer(request)
        ahead = to_seconds(request.end_time) - self._robot.clock.now()
        self._journal.add(
            CommandEntry(
                robot_time=self._robot.clock.now(),
                time=self._scene_time(),
                client=request.header.client_name,
                command="docking_command",
                status=_Command.Status.Name(response.status),
                message=response.header.error.message,
                lease_status=lease_pb2.LeaseUseResult.Status.Name(response.lease_use_result.status),
                motion="travel",
                ends_in=ahead if request.HasField("end_time") else None,
            )
        )
        return response

    def _answer(self, request: docking_pb2.DockingCommandRequest) -> docking_pb2.DockingCommandResponse:
        with self._robot.lock:
            result = self._robot.lease.use(request.lease, "body", self._robot.clock.uptime())
            response = _Command(lease_use_result=result)
            if result.status != _LEASE_OK:
                response.status = _Command.STATUS_ERROR_LEASE
                return response
            if not request.HasField("end_time"):
                reject(response, "the docking command needs an end_time")
                return response
            undocks = request.prep_pose_behavior == docking_pb2.PREP_POSE_UNDOCK
            docking = self._robot.docking
            dock = docking.docked if undocks else docking.find(request.docking_station_id, self._robot)
            if dock is None:
                response.status = _Command.STATUS_ERROR_NOT_DOCKED if undocks else _Command.STATUS_ERROR_DOCK_NOT_FOUND
            elif not self._robot.power.is_on and docking.docked != dock:
                response.status = _Command.STATUS_ERROR_SYSTEM
            else:
                response.status = _Command.STATUS_OK
                response.docking_command_id = self._begin(dock, request).command_id
            return response

    def DockingCommandFeedback(  # noqa: N802 - the name of the RPC
        self, request: docking_pb2.DockingCommandFeedbackRequest, context: grpc.ServicerContext
    ) -> docking_pb2.DockingCommandFeedbackResponse:
        """How a docking command goes."""
        response = _Feedback()
        with self._robot.lock:
            run = self._robot.docking.run(request.docking_command_id)
            if run is None:
                reject(response, f"there is no docking command {request.docking_command_id}")
                return response
            if request.update_docking_params.HasField("end_time") and run.is_under_way:
                run.end_time = to_seconds(request.update_docking_params.end_time)
            response.status = run.status
            if run.status == _Feedback.STATUS_ERROR_LEASE:
                lost = self._robot.lease.retain(run.lease, self._robot.clock.uptime())
                response.lease_use_result.CopyFrom(lost)
            else:
                response.lease_use_result.status = _LEASE_OK
        return response

    def GetDockingConfig(  # noqa: N802 - the name of the RPC
        self, request: docking_pb2.GetDockingConfigRequest, context: grpc.ServicerContext
    ) -> docking_pb2.GetDockingConfigResponse:
        """Which numbers are those of docks."""
        spot_docks = docking_pb2.ConfigRange(
            id_start=FIRST_DOCK, id_end=LAST_DOCK, type=docking_pb2.DOCK_TYPE_SPOT_DOCK
        )
        return docking_pb2.GetDockingConfigResponse(dock_configs=[spot_docks])

    def GetDockingState(  # noqa: N802 - the name of the RPC
        self, request: docking_pb2.GetDockingStateRequest, context: grpc.ServicerContext
    ) -> docking_pb2.GetDockingStateResponse:
        """Whether the robot is docked."""
        with self._robot.lock:
            return docking_pb2.GetDockingStateResponse(dock_state=self._robot.docking.state())

    def _begin(self, dock: Dock, request: docking_pb2.DockingCommandRequest) -> DockingRun:
        end_time = to_seconds(request.end_time)
        run = self._robot.docking.begin(dock, request.prep_pose_behavior, request.lease, end_time)
        if not self._clocks.is_synced(request.clock_identifier):
            run.status = _Feedback.STATUS_ERROR_NO_TIMESYNC
        elif end_time - self._robot.clock.now() > self._robot.settings.longest_command:
            run.status = _Feedback.STATUS_ERROR_TOO_DISTANT
        # Begun here and not by the next tick, so that a command which comes between them overrides it.
        self._robot.docking.tick(self._robot, self._robot.clock.now())
        return run
