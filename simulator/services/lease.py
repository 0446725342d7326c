"""Leases: who may command the robot."""

from __future__ import annotations

import grpc
from bosdyn.api import lease_pb2, lease_service_pb2_grpc

from simulator.robot.lease import ALL_RESOURCES, LeaseBook
from simulator.robot.robot import Robot
from simulator.robot.timestamps import to_timestamp
from simulator.services.tokens import TokenBook, bearer

_Acquire = lease_pb2.AcquireLeaseResponse
_Take = lease_pb2.TakeLeaseResponse
_Return = lease_pb2.ReturnLeaseResponse


class LeaseService(lease_service_pb2_grpc.LeaseServiceServicer):  # type: ignore[misc]  # generated without types
    """AcquireLease, TakeLease, ReturnLease, RetainLease and ListLeases."""

    def __init__(self, robot: Robot, tokens: TokenBook) -> None:
        self._robot = robot
        self._tokens = tokens

    def AcquireLease(  # noqa: N802 - the name of the RPC
        self, request: lease_pb2.AcquireLeaseRequest, context: grpc.ServicerContext
    ) -> lease_pb2.AcquireLeaseResponse:
        """A lease, if nobody holds it."""
        with self._robot.lock:
            book, uptime = self._robot.lease, self._robot.clock.uptime()
            if not book.manages(request.resource):
                return _Acquire(status=_Acquire.STATUS_INVALID_RESOURCE)
            if not book.is_free(request.resource, uptime):
                claim = book.claim(request.resource)
                owner = claim.owner if claim else None
                return _Acquire(status=_Acquire.STATUS_RESOURCE_ALREADY_CLAIMED, lease_owner=owner)
            owner = self._owner(request.header.client_name, context)
            lease = book.give(request.resource, owner, uptime)
            return _Acquire(status=_Acquire.STATUS_OK, lease=lease, lease_owner=owner)

    def TakeLease(  # noqa: N802 - the name of the RPC
        self, request: lease_pb2.TakeLeaseRequest, context: grpc.ServicerContext
    ) -> lease_pb2.TakeLeaseResponse:
        """A lease, whoever holds it."""
        with self._robot.lock:
            if not self._robot.lease.manages(request.resource):
                return _Take(status=_Take.STATUS_INVALID_RESOURCE)
            owner = self._owner(request.header.client_name, context)
            lease = self._robot.lease.give(request.resource, owner, self._robot.clock.uptime())
            return _Take(status=_Take.STATUS_OK, lease=lease, lease_owner=owner)

    def ReturnLease(  # noqa: N802 - the name of the RPC
        self, request: lease_pb2.ReturnLeaseRequest, context: grpc.ServicerContext
    ) -> lease_pb2.ReturnLeaseResponse:
        """Give a lease back."""
        with self._robot.lock:
            if not self._robot.lease.manages(request.lease.resource):
                return _Return(status=_Return.STATUS_INVALID_RESOURCE)
            returned = self._robot.lease.give_back(request.lease)
            return _Return(status=_Return.STATUS_OK if returned else _Return.STATUS_NOT_ACTIVE_LEASE)

    def RetainLease(  # noqa: N802 - the name of the RPC
        self, request: lease_pb2.RetainLeaseRequest, context: grpc.ServicerContext
    ) -> lease_pb2.RetainLeaseResponse:
        """Keep a lease from going stale."""
        with self._robot.lock:
            result = self._robot.lease.retain(request.lease, self._robot.clock.uptime())
            return lease_pb2.RetainLeaseResponse(lease_use_result=result)

    def ListLeases(  # noqa: N802 - the name of the RPC
        self, request: lease_pb2.ListLeasesRequest, context: grpc.ServicerContext
    ) -> lease_pb2.ListLeasesResponse:
        """Every resource, its newest lease and its owner."""
        with self._robot.lock:
            book = self._robot.lease
            resources = [self._describe(book, name, request) for name in ALL_RESOURCES]
            return lease_pb2.ListLeasesResponse(resources=resources, resource_tree=book.tree)

    def _describe(self, book: LeaseBook, name: str, request: lease_pb2.ListLeasesRequest) -> lease_pb2.LeaseResource:
        claim = book.claim(name)
        if claim is None:
            empty = lease_pb2.Lease(resource=name, epoch=book.epoch)
            return lease_pb2.LeaseResource(resource=name, lease=empty, is_stale=True)
        lease = lease_pb2.Lease(resource=name, epoch=book.epoch, sequence=[claim.root])
        if request.include_full_lease_info:
            lease.CopyFrom(claim.active.lease_proto)
            lease.resource = name
        clock = self._robot.clock
        return lease_pb2.LeaseResource(
            resource=name,
            lease=lease,
            lease_owner=claim.owner,
            stale_time=to_timestamp(clock.at(book.stale_time(claim))),
            is_stale=book.is_stale(claim, clock.uptime()),
        )

    def _owner(self, client_name: str, context: grpc.ServicerContext) -> lease_pb2.LeaseOwner:
        user = self._tokens.user(bearer(context.invocation_metadata()), self._robot.clock.uptime())
        return lease_pb2.LeaseOwner(client_name=client_name, user_name=user or "")
