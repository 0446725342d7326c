"""Who may command the robot."""

from __future__ import annotations

import random
from dataclasses import dataclass

from bosdyn.api import lease_pb2
from bosdyn.client.lease import Lease, test_active_lease
from bosdyn.client.lease_resource_hierarchy import ResourceHierarchy

from simulator.robot.randomness import hex_name, random_source

ALL_RESOURCES = ("body", "mobility", "full-arm", "arm", "gripper")
_Result = lease_pb2.LeaseUseResult


def resource_tree() -> lease_pb2.ResourceTree:
    """The tree of resources that a Spot reports, with or without an arm."""
    arm = lease_pb2.ResourceTree(resource="full-arm")
    arm.sub_resources.add(resource="arm")
    arm.sub_resources.add(resource="gripper")
    body = lease_pb2.ResourceTree(resource="body")
    body.sub_resources.add(resource="mobility")
    body.sub_resources.append(arm)
    tree = lease_pb2.ResourceTree(resource="all-leases")
    tree.sub_resources.append(body)
    return tree


@dataclass(slots=True)
class Claim:
    """What is known about one leaf of the tree.

    Attributes:
        owner: Who holds it; ``None`` when it was returned or never taken.
        root: Root sequence number of the newest lease of it.
        active: The newest lease that was used or given out.
        used_at: Uptime in seconds when it was last used or retained.
    """

    owner: lease_pb2.LeaseOwner | None
    root: int
    active: Lease
    used_at: float


class LeaseBook:
    """Gives out leases and judges those that come with commands. Not locked: its owner holds the lock.

    Args:
        stale_after: Seconds without use after which others may acquire a lease (undocumented).
        source: Where the epoch comes from; the system's random numbers, if not given.
    """

    def __init__(self, stale_after: float, source: random.Random | None = None) -> None:
        self.tree = resource_tree()
        self._random = source or random_source(None, "lease")
        self.epoch = hex_name(self._random)
        self._stale_after = stale_after
        self._hierarchy = ResourceHierarchy(self.tree)
        self._sequence = 0
        self._claims: dict[str, Claim] = {}

    def restart(self) -> None:
        """Forget every lease and begin a new epoch, as a reboot does."""
        self.epoch = hex_name(self._random)
        self._sequence = 0
        self._claims.clear()

    def manages(self, resource: str) -> bool:
        """Whether leases exist for this resource."""
        return resource in ALL_RESOURCES

    def claim(self, resource: str) -> Claim | None:
        """The claim on a resource: of its leaves, the one that was used last."""
        claims = [self._claims[leaf] for leaf in self._leaves(resource) if leaf in self._claims]
        return max(claims, key=lambda claim: (claim.root, claim.used_at), default=None)

    def is_stale(self, claim: Claim, uptime: float) -> bool:
        """Whether others may acquire it."""
        return claim.owner is None or uptime > self.stale_time(claim)

    def stale_time(self, claim: Claim) -> float:
        """Uptime in seconds from which others may acquire it, unless it is used before."""
        return claim.used_at + self._stale_after

    def is_free(self, resource: str, uptime: float) -> bool:
        """Whether Acquire may succeed: nobody holds any part of it, or only by stale leases."""
        claims = (self._claims.get(leaf) for leaf in self._leaves(resource))
        return all(claim is None or self.is_stale(claim, uptime) for claim in claims)

    def give(self, resource: str, owner: lease_pb2.LeaseOwner, uptime: float) -> lease_pb2.Lease:
        """Make a new lease, newer than every other of that resource."""
        self._sequence += 1
        lease = lease_pb2.Lease(
            resource=resource, epoch=self.epoch, sequence=[self._sequence], client_names=[owner.client_name]
        )
        for leaf in self._leaves(resource):
            self._claims[leaf] = Claim(owner, self._sequence, _for_leaf(lease, leaf), uptime)
        return lease

    def give_back(self, lease: lease_pb2.Lease) -> bool:
        """Take a lease back. False when it is not the active one."""
        leaves = [leaf for leaf in self._leaves(lease.resource) if self._is_held_with(lease, leaf)]
        for leaf in leaves:
            self._claims[leaf].owner = None
        return bool(leaves)

    def holds(self, lease: lease_pb2.Lease) -> bool:
        """Whether somebody holds the resource by this lease, or by one above or below it."""
        if not self.manages(lease.resource):
            return False
        return all(self._is_held_with(lease, leaf) for leaf in self._leaves(lease.resource))

    def make_stale(self, lease: lease_pb2.Lease, uptime: float) -> None:
        """Let others acquire what is held by this lease, until it is used again."""
        for leaf in self._leaves(lease.resource) if self.holds(lease) else ():
            self._claims[leaf].used_at = uptime - self._stale_after - 1e-6

    def retain(self, lease: lease_pb2.Lease, uptime: float) -> lease_pb2.LeaseUseResult:
        """Keep a lease from going stale. Only the root sequence counts."""
        root = lease_pb2.Lease()
        root.CopyFrom(lease)
        del root.sequence[1:]
        return self._judge(root, lease.resource, uptime, advance=False)

    def use(self, lease: lease_pb2.Lease, resource: str, uptime: float) -> lease_pb2.LeaseUseResult:
        """Judge a lease that came with a command for a resource, and remember it if it is good."""
        return self._judge(lease, resource, uptime, advance=True)

    def _judge(
        self, lease: lease_pb2.Lease, resource: str, uptime: float, *, advance: bool
    ) -> lease_pb2.LeaseUseResult:
        result = _Result(status=self._status(lease, resource, advance=advance), attempted_lease=lease)
        if self.manages(lease.resource):
            self._explain(result, lease.resource)
        if result.status == _Result.STATUS_OK:
            for leaf in self._leaves(lease.resource):
                self._claims[leaf].used_at = uptime
                if advance:
                    self._claims[leaf].active = _for_leaf(lease, leaf)
            if advance:
                result.latest_known_lease.CopyFrom(lease)
        return result

    def _status(self, lease: lease_pb2.Lease, resource: str, *, advance: bool) -> int:
        if not Lease.is_valid_proto(lease):
            return int(_Result.STATUS_INVALID_LEASE)
        if not self.manages(lease.resource):
            return int(_Result.STATUS_UNMANAGED)
        if lease.epoch != self.epoch:
            return int(_Result.STATUS_WRONG_EPOCH)
        if not self._leaves(resource) <= self._leaves(lease.resource):
            return int(_Result.STATUS_INVALID_LEASE)
        statuses = {self._leaf_status(lease, leaf, advance=advance) for leaf in self._leaves(lease.resource)}
        return next((status for status in sorted(statuses, reverse=True) if status != _Result.STATUS_OK), 1)

    def _leaf_status(self, lease: lease_pb2.Lease, leaf: str, *, advance: bool) -> int:
        claim = self._claims.get(leaf)
        if claim is None or lease.sequence[0] > claim.root:
            return int(_Result.STATUS_INVALID_LEASE)  # only the robot gives out root sequences
        if lease.sequence[0] == claim.root and claim.owner is None:
            return int(_Result.STATUS_REVOKED)
        judged, _ = test_active_lease(_for_leaf(lease, leaf).lease_proto, claim.active, allow_super_leases=not advance)
        return int(judged.status)

    def _explain(self, result: lease_pb2.LeaseUseResult, resource: str) -> None:
        claim = self.claim(resource)
        if claim is None:
            return
        if claim.owner is not None:
            result.owner.CopyFrom(claim.owner)
        for target in (result.previous_lease, result.latest_known_lease):
            target.CopyFrom(claim.active.lease_proto)
            target.resource = resource
        result.latest_resources.extend(each.active.lease_proto for each in self._claims.values())

    def _is_held_with(self, lease: lease_pb2.Lease, leaf: str) -> bool:
        claim = self._claims.get(leaf)
        if claim is None or claim.owner is None or lease.epoch != self.epoch or not lease.sequence:
            return False
        return bool(lease.sequence[0] == claim.root)

    def _leaves(self, resource: str) -> set[str]:
        return set(self._hierarchy.get_hierarchy(resource).leaf_resources())


def _for_leaf(lease: lease_pb2.Lease, leaf: str) -> Lease:
    copy = lease_pb2.Lease()
    copy.CopyFrom(lease)
    copy.resource = leaf
    return Lease(copy)
