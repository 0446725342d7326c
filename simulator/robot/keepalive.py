"""Keepalive policies: what happens when a client falls silent."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from bosdyn.api import lease_pb2
from bosdyn.api.keepalive import keepalive_pb2

from simulator.robot.timestamps import to_seconds, to_timestamp

_Action = keepalive_pb2.ActionAfter
_Control = keepalive_pb2.GetStatusResponse
MOTORS_OFF = int(_Control.POLICY_CONTROL_ACTION_MOTORS_OFF)
IMMEDIATE_MOTORS_OFF = int(_Control.POLICY_CONTROL_ACTION_IMMEDIATE_MOTORS_OFF)
ROBOT_OFF = int(_Control.POLICY_CONTROL_ACTION_ROBOT_OFF)
HALT = int(_Control.POLICY_CONTROL_ACTION_HALT)
AUTO_RETURN = int(_Control.POLICY_CONTROL_ACTION_AUTO_RETURN)
_CONTROLS = {
    "auto_return": AUTO_RETURN,
    "controlled_motors_off": MOTORS_OFF,
    "immediate_motors_off": IMMEDIATE_MOTORS_OFF,
    "immediate_robot_off": ROBOT_OFF,
    "halt_robot": HALT,
}


@dataclass(slots=True)
class LivePolicy:
    """A policy that is in force.

    Attributes:
        policy_id: The number that its client was given.
        proto: What the client wants to happen, and when.
        client_name: Who checked in last.
        checked_in_at: Uptime in seconds of the last check-in.
        fired: Which of its actions have been taken since then.
    """

    policy_id: int
    proto: keepalive_pb2.Policy
    client_name: str
    checked_in_at: float
    fired: set[int] = field(default_factory=set)

    def overdue(self, uptime: float) -> list[int]:
        """Indices of the actions whose time has come."""
        silent = uptime - self.checked_in_at
        return [index for index, action in enumerate(self.proto.actions) if silent >= to_seconds(action.after)]

    def describe(self, epoch: float) -> keepalive_pb2.LivePolicy:
        """As the API says it; ``epoch`` is robot time at uptime 0."""
        return keepalive_pb2.LivePolicy(
            policy_id=self.policy_id,
            policy=self.proto,
            last_checkin=to_timestamp(epoch + self.checked_in_at),
            client_name=self.client_name,
        )


class KeepaliveSystem:
    """Every policy that is in force. Not locked: its owner holds the lock."""

    def __init__(self) -> None:
        self._policies: dict[int, LivePolicy] = {}
        self._next_id = 1

    @property
    def policies(self) -> tuple[LivePolicy, ...]:
        """Every policy, oldest first."""
        return tuple(self._policies.values())

    def add(self, policy: keepalive_pb2.Policy, client_name: str, uptime: float) -> LivePolicy:
        """Put a policy in force; this counts as its first check-in."""
        proto = keepalive_pb2.Policy()
        proto.CopyFrom(policy)
        live = LivePolicy(self._next_id, proto, client_name, uptime)
        self._policies[self._next_id] = live
        self._next_id += 1
        return live

    def has_all(self, policy_ids: Iterable[int]) -> bool:
        """Whether each of these numbers is that of a policy in force."""
        return all(policy_id in self._policies for policy_id in policy_ids)

    def remove(self, policy_ids: Iterable[int]) -> list[LivePolicy]:
        """Take policies back."""
        return [self._policies.pop(policy_id) for policy_id in policy_ids if policy_id in self._policies]

    def check_in(self, policy_id: int, client_name: str, uptime: float) -> bool:
        """Hear of a client; what its policy had done to the robot ends. False when there is no such policy."""
        live = self._policies.get(policy_id)
        if live is None:
            return False
        live.checked_in_at, live.client_name = uptime, client_name
        live.fired.clear()
        return True

    def drop_disowned(self, holds: Callable[[lease_pb2.Lease], bool]) -> None:
        """Forget the policies that are tied to a lease which nobody holds any more."""
        gone = [live for live in self.policies if not all(map(holds, live.proto.associated_leases))]
        self.remove(live.policy_id for live in gone)

    def due(self, uptime: float) -> list[keepalive_pb2.ActionAfter]:
        """The actions to take now; each is given once for each silence."""
        found: list[keepalive_pb2.ActionAfter] = []
        for live in self._policies.values():
            fresh = [index for index in live.overdue(uptime) if index not in live.fired]
            live.fired.update(fresh)
            found.extend(live.proto.actions[index] for index in fresh)
        return found

    def controls(self, uptime: float) -> frozenset[int]:
        """What policies do to the robot now, as ``PolicyControlAction`` values."""
        kinds = (
            live.proto.actions[index].WhichOneof("action")
            for live in self._policies.values()
            for index in live.overdue(uptime)
        )
        return frozenset(_CONTROLS[kind] for kind in kinds if kind in _CONTROLS)


def problem(policy: keepalive_pb2.Policy) -> str:
    """What is wrong with a policy, in words; empty when nothing is."""
    if not policy.actions:
        return "the policy has no actions"
    for index, action in enumerate(policy.actions):
        kind = action.WhichOneof("action")
        if kind is None:
            return f"action {index} is unknown or not set"
        if to_seconds(action.after) <= 0:
            return f"action {index} needs a positive time after which it happens"
        if kind == "auto_return" and not action.auto_return.leases:
            return f"action {index} needs leases for the way back"
    return ""
