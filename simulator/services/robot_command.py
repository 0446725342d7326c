"""Commands: what the robot shall do, and how it goes."""

from __future__ import annotations

from collections.abc import Callable

import grpc
from bosdyn.api import lease_pb2, robot_command_pb2, robot_command_service_pb2_grpc

from simulator.entries import CommandEntry
from simulator.journal import Journal
from simulator.robot.commands import Order, read_command
from simulator.robot.mobility import CommandProblem
from simulator.robot.motion_kind import AskedMotion, asked_motion
from simulator.robot.robot import Robot
from simulator.services.command_feedback import feedback
from simulator.services.gate import reject
from simulator.services.time_sync import ClockBook

_Response = robot_command_pb2.RobotCommandResponse
_Clear = robot_command_pb2.ClearBehaviorFaultResponse
_LEASE_OK = lease_pb2.LeaseUseResult.STATUS_OK


class RobotCommandService(
    robot_command_service_pb2_grpc.RobotCommandServiceServicer  # type: ignore[misc]  # generated without types
):
    """RobotCommand, RobotCommandFeedback and ClearBehaviorFault.

    Args:
        robot: Obeys, or refuses.
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

    def RobotCommand(  # noqa: N802 - the name of the RPC
        self, request: robot_command_pb2.RobotCommandRequest, context: grpc.ServicerContext
    ) -> robot_command_pb2.RobotCommandResponse:
        """Obey, or say why not."""
        with self._robot.lock:
            now = self._robot.clock.now()
            order = read_command(request.command, self._robot.body, self._robot.frames, now)
            response = self._answer(order, request)
        self._write(order, request, response)
        return response

    def RobotCommandFeedback(  # noqa: N802 - the name of the RPC
        self, request: robot_command_pb2.RobotCommandFeedbackRequest, context: grpc.ServicerContext
    ) -> robot_command_pb2.RobotCommandFeedbackResponse:
        """How a command goes."""
        response = robot_command_pb2.RobotCommandFeedbackResponse()
        response.lease_use_result.status = _LEASE_OK
        with self._robot.lock:
            record = self._robot.runner.find(request.robot_command_id)
            if record is None:
                reject(response, f"there is no command {request.robot_command_id}")
            else:
                response.feedback.CopyFrom(feedback(record, self._robot))
        return response

    def ClearBehaviorFault(  # noqa: N802 - the name of the RPC
        self, request: robot_command_pb2.ClearBehaviorFaultRequest, context: grpc.ServicerContext
    ) -> robot_command_pb2.ClearBehaviorFaultResponse:
        """Clear a behaviour fault, if it can be cleared."""
        with self._robot.lock:
            result = self._robot.lease.use(request.lease, "body", self._robot.clock.uptime())
            fault = self._robot.faults.find_behavior_fault(request.behavior_fault_id)
            cleared = result.status == _LEASE_OK and self._robot.faults.clear_behavior_fault(request.behavior_fault_id)
            status = _Clear.STATUS_CLEARED if cleared else _Clear.STATUS_NOT_CLEARED
            return _Clear(lease_use_result=result, status=status, behavior_fault=fault)

    def _answer(
        self, order: Order | CommandProblem, request: robot_command_pb2.RobotCommandRequest
    ) -> robot_command_pb2.RobotCommandResponse:
        resource = order.resource if isinstance(order, Order) else "mobility"
        result = self._robot.lease.use(request.lease, resource, self._robot.clock.uptime())
        response = _Response(lease_use_result=result)
        if result.status != _LEASE_OK:
            response.status = _Response.STATUS_INVALID_REQUEST
            response.message = "the lease is not good"
            return response
        problem = self._problem(order, request.clock_identifier)
        if problem is not None:
            response.status, response.message = problem.status, problem.message
        if problem is not None or isinstance(order, CommandProblem):
            return response
        response.status = _Response.STATUS_OK
        response.robot_command_id = self._robot.runner.accept(order).command_id
        return response

    def _problem(self, order: Order | CommandProblem, clock_identifier: str) -> CommandProblem | None:
        if isinstance(order, CommandProblem):
            return order
        robot = self._robot
        has_time = order.end_time is not None or clock_identifier
        if has_time and not self._clocks.is_synced(clock_identifier):
            return CommandProblem(_Response.STATUS_NO_TIMESYNC, f"clock {clock_identifier!r} is not known")
        if order.end_time is not None:
            ahead = order.end_time - robot.clock.now()
            if ahead <= 0:
                return CommandProblem(_Response.STATUS_EXPIRED, f"it expired {-ahead:.3f} s ago")
            if ahead > robot.settings.longest_command:
                return CommandProblem(_Response.STATUS_TOO_DISTANT, f"it ends in {ahead:.0f} s")
        if not robot.power.is_on:
            return CommandProblem(_Response.STATUS_NOT_POWERED_ON, "the motors have no power")
        if robot.faults.behavior:
            return CommandProblem(_Response.STATUS_BEHAVIOR_FAULT, "there is a behavior fault")
        if robot.power.obstacles.docked:
            return CommandProblem(_Response.STATUS_DOCKED, "the robot is docked")
        return None

    def _write(
        self,
        order: Order | CommandProblem,
        request: robot_command_pb2.RobotCommandRequest,
        response: robot_command_pb2.RobotCommandResponse,
    ) -> None:
        lease_status = lease_pb2.LeaseUseResult.Status.Name(response.lease_use_result.status)
        asked = asked_motion(order) if isinstance(order, Order) else AskedMotion("none")
        end = order.end_time if isinstance(order, Order) else None
        self._journal.add(
            CommandEntry(
                robot_time=self._robot.clock.now(),
                time=self._scene_time(),
                client=request.header.client_name,
                command=(order.kind or "arm_command") if isinstance(order, Order) else "unreadable",
                status=_Response.Status.Name(response.status),
                message=response.message,
                lease_status=lease_status,
                motion=asked.kind,
                ends_in=None if end is None else round(end - self._robot.clock.now(), 3),
                speed=asked.speed,
            )
        )
