"""From a fault of a scene to what is done to the fake Spot."""

from __future__ import annotations

from collections.abc import Callable

import grpc
from bosdyn.api import robot_state_pb2

from simulator.cameras.camera_faults import CameraFault
from simulator.interventions import Interventions
from simulator.scene.faults import (
    AnyFault,
    BatteryLow,
    BehaviorFailure,
    CallFailure,
    CameraFailure,
    ClockJump,
    LeaseTaken,
    MomentaryFault,
    ServiceRestart,
    SwitchedFault,
)

Undo = Callable[[], object]
"""Ends a fault."""
_CAMERA_FAULTS: dict[str, CameraFault] = {
    "cameras frozen": "frozen",
    "cameras dropped": "dropped",
    "cameras black": "black",
    "cameras corrupt": "corrupt",
    "cameras late": "late",
}
_CAUSES = {
    "fall": robot_state_pb2.BehaviorFault.CAUSE_FALL,
    "hardware": robot_state_pb2.BehaviorFault.CAUSE_HARDWARE,
    "lease timeout": robot_state_pb2.BehaviorFault.CAUSE_LEASE_TIMEOUT,
}


def begin(fault: AnyFault, spot: Interventions) -> Undo:
    """Let a fault begin; gives what ends it."""
    match fault:
        case CameraFailure():
            kind = _CAMERA_FAULTS[fault.fault]
            spot.fail_cameras(kind, *fault.sources, seconds=fault.by)
            return lambda: spot.mend_cameras(kind)
        case CallFailure():
            return _begin_call_failure(fault, spot)
        case ServiceRestart():
            return _begin_restart(fault, spot)
        case LeaseTaken():
            lease = spot.take_lease(fault.by)
            return lambda: spot.return_lease(lease)
        case SwitchedFault():
            return _begin_switched(fault, spot)
        case MomentaryFault():
            return _happen(fault, spot)
        case ClockJump():
            spot.jump_clock(fault.by)
            return lambda: spot.jump_clock(-fault.by)
        case BatteryLow():
            spot.set_charge(fault.charge)
            return _nothing
        case BehaviorFailure():
            number = spot.raise_behavior_fault(_CAUSES[fault.cause], clearable=fault.clearable)
            return lambda: spot.clear_behavior_fault(number)


def _begin_call_failure(fault: CallFailure, spot: Interventions) -> Undo:
    match fault.fault:
        case "calls fail":
            spot.fail_calls(fault.method, grpc.StatusCode[fault.status])
            return lambda: spot.fail_calls(fault.method, None)
        case "calls hang":
            spot.hang_calls(fault.method)
            return lambda: spot.hang_calls(fault.method, hanging=False)
        case "calls slow":
            spot.slow_calls(fault.method, fault.by)
            return lambda: spot.slow_calls(fault.method, 0.0)


def _begin_restart(fault: ServiceRestart, spot: Interventions) -> Undo:
    if fault.lasts is None:
        spot.restart_service(fault.service)
        return _nothing
    spot.stop_service(fault.service)
    return lambda: spot.stop_service(fault.service, stopped=False)


def _begin_switched(fault: SwitchedFault, spot: Interventions) -> Undo:
    match fault.fault:
        case "connection cut":
            spot.cut_connections()
            return spot.restore_connections
        case "estop pressed":
            spot.press_estop()
            return lambda: spot.press_estop(pressed=False)
        case "estop silent":
            spot.lose_estop_check_ins()
            return lambda: spot.lose_estop_check_ins(lost=False)


def _happen(fault: MomentaryFault, spot: Interventions) -> Undo:
    match fault.fault:
        case "tokens expired":
            spot.expire_tokens()
        case "clocks forgotten":
            spot.forget_clocks()
        case "motor power lost":
            spot.cut_motor_power()
        case "fall":
            spot.fall()
    return _nothing


def _nothing() -> None:
    """What happened at one moment has no end."""
