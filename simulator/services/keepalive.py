"""Keepalive policies of clients."""

from __future__ import annotations

import grpc
from bosdyn.api.keepalive import keepalive_pb2, keepalive_service_pb2_grpc

from simulator.robot.keepalive import problem
from simulator.robot.robot import Robot
from simulator.robot.timestamps import to_timestamp
from simulator.services.gate import reject

_Modify = keepalive_pb2.ModifyPolicyResponse
_CheckIn = keepalive_pb2.CheckInResponse


class KeepaliveService(
    keepalive_service_pb2_grpc.KeepaliveServiceServicer  # type: ignore[misc]  # generated without types
):
    """ModifyPolicy, CheckIn and GetStatus."""

    def __init__(self, robot: Robot) -> None:
        self._robot = robot

    def ModifyPolicy(  # noqa: N802 - the name of the RPC
        self, request: keepalive_pb2.ModifyPolicyRequest, context: grpc.ServicerContext
    ) -> keepalive_pb2.ModifyPolicyResponse:
        """Put a policy in force, take others back; all of it or nothing."""
        response = _Modify()
        adds = request.HasField("to_add")
        mistake = problem(request.to_add) if adds else ""
        if mistake:
            reject(response, mistake)
            return response
        with self._robot.lock:
            policies, uptime = self._robot.keepalive, self._robot.clock.uptime()
            if not policies.has_all(request.policy_ids_to_remove):
                response.status = _Modify.STATUS_INVALID_POLICY_ID
                return response
            if not all(map(self._robot.lease.holds, request.to_add.associated_leases)):
                response.status = _Modify.STATUS_INVALID_LEASE
                return response
            removed = policies.remove(request.policy_ids_to_remove)
            response.removed_policies.extend(each.describe(self._epoch) for each in removed)
            if adds:
                added = policies.add(request.to_add, request.header.client_name, uptime)
                response.added_policy.CopyFrom(added.describe(self._epoch))
            response.status = _Modify.STATUS_OK
            self._robot.policy_actions.tick(self._robot, uptime)  # what a policy held back is free at once
        return response

    def CheckIn(  # noqa: N802 - the name of the RPC
        self, request: keepalive_pb2.CheckInRequest, context: grpc.ServicerContext
    ) -> keepalive_pb2.CheckInResponse:
        """Hear that a client is alive."""
        with self._robot.lock:
            uptime = self._robot.clock.uptime()
            known = self._robot.keepalive.check_in(request.policy_id, request.header.client_name, uptime)
            if not known:
                return _CheckIn(status=_CheckIn.STATUS_INVALID_POLICY_ID)
            self._robot.policy_actions.tick(self._robot, uptime)
            return _CheckIn(status=_CheckIn.STATUS_OK, last_checkin=to_timestamp(self._epoch + uptime))

    def GetStatus(  # noqa: N802 - the name of the RPC
        self, request: keepalive_pb2.GetStatusRequest, context: grpc.ServicerContext
    ) -> keepalive_pb2.GetStatusResponse:
        """Every policy, and what policies do to the robot now."""
        with self._robot.lock:
            policies = self._robot.keepalive
            return keepalive_pb2.GetStatusResponse(
                status=[live.describe(self._epoch) for live in policies.policies],
                active_control_actions=sorted(policies.controls(self._robot.clock.uptime())),
            )

    @property
    def _epoch(self) -> float:
        return self._robot.clock.at(0.0)
