"""Faults of the robot's behaviour, and those that services report."""

from __future__ import annotations

from dataclasses import dataclass

from bosdyn.api import robot_state_pb2, service_fault_pb2

from simulator.robot.timestamps import to_timestamp

_Fault = robot_state_pb2.BehaviorFault


@dataclass(frozen=True, slots=True)
class _FaultKey:
    name: str
    service: str
    payload: str


class FaultBook:
    """Active faults. Not locked: its owner holds the lock."""

    def __init__(self) -> None:
        self._behavior: dict[int, robot_state_pb2.BehaviorFault] = {}
        self._service: dict[_FaultKey, service_fault_pb2.ServiceFault] = {}
        self._next_id = 1

    @property
    def behavior(self) -> tuple[robot_state_pb2.BehaviorFault, ...]:
        """Active behaviour faults; while there is one the robot obeys no motion command."""
        return tuple(self._behavior.values())

    @property
    def service(self) -> tuple[service_fault_pb2.ServiceFault, ...]:
        """Active service faults."""
        return tuple(self._service.values())

    def raise_behavior_fault(self, cause: int, now: float, *, clearable: bool = True) -> int:
        """Add a behaviour fault.

        Args:
            cause: A ``BehaviorFault.Cause``.
            now: Robot time in seconds.
            clearable: Whether a client can clear it.

        Returns:
            Its number.
        """
        fault = _Fault(
            behavior_fault_id=self._next_id,
            onset_timestamp=to_timestamp(now),
            cause=cause,
            status=_Fault.STATUS_CLEARABLE if clearable else _Fault.STATUS_UNCLEARABLE,
        )
        self._behavior[self._next_id] = fault
        self._next_id += 1
        return self._next_id - 1

    def clear_behavior_fault(self, fault_id: int) -> bool:
        """Clear a behaviour fault. False when it cannot be cleared; one that is not active is cleared."""
        fault = self._behavior.get(fault_id)
        if fault is not None and fault.status != _Fault.STATUS_CLEARABLE:
            return False
        self._behavior.pop(fault_id, None)
        return True

    def remove_behavior_fault(self, fault_id: int) -> None:
        """Take a behaviour fault back, clearable or not."""
        self._behavior.pop(fault_id, None)

    def find_behavior_fault(self, fault_id: int) -> robot_state_pb2.BehaviorFault | None:
        """An active behaviour fault by its number."""
        return self._behavior.get(fault_id)

    def trigger(self, fault: service_fault_pb2.ServiceFault, now: float) -> bool:
        """Add a service fault. False when it is active already."""
        key = _key(fault.fault_id)
        if key in self._service:
            return False
        self._service[key] = service_fault_pb2.ServiceFault()
        self._service[key].CopyFrom(fault)
        self._service[key].onset_timestamp.CopyFrom(to_timestamp(now))
        return True

    def clear(self, request: service_fault_pb2.ClearServiceFaultRequest) -> bool:
        """Clear one service fault, or all of a service or payload. False when none was active."""
        wanted = _key(request.fault_id)
        cleared = [
            key
            for key in self._service
            if key == wanted
            or (request.clear_all_service_faults and key.service == wanted.service)
            or (request.clear_all_payload_faults and key.payload == wanted.payload)
        ]
        for key in cleared:
            del self._service[key]
        return bool(cleared)


def _key(fault_id: service_fault_pb2.ServiceFaultId) -> _FaultKey:
    return _FaultKey(fault_id.fault_name, fault_id.service_name, fault_id.payload_guid)
