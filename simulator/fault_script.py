"""Lets things go wrong when a scene, or a program, says so."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from pydantic import ValidationError

from simulator.entries import EventEntry
from simulator.errors import PortError, SceneError
from simulator.events import FaultBegan, FaultEnded, SimulatorEvent
from simulator.fault_actions import Undo, begin
from simulator.interventions import Interventions
from simulator.journal import Journal
from simulator.scene import Scene
from simulator.scene.faults import FAULTS, AnyFault
from simulator.truth import Truth

_WALKING = 0.1  # m/s
_COMMAND = "RobotCommandService/RobotCommand"


@dataclass(slots=True)
class _Scheduled:
    """A fault on its way: uptimes in seconds, ``None`` while they are not known."""

    fault: AnyFault
    begins_at: float | None = None
    ends_at: float | None = None
    undo: Undo | None = None


class FaultScript:
    """Begins and ends faults beside the robot's tick. Safe from every thread.

    Args:
        spot: What can go wrong.
        scene: Tells when its objects come and go.
        journal: Counts the calls, and is told of every fault.
        emit: Told of them too.
    """

    def __init__(
        self, spot: Interventions, scene: Scene | None, journal: Journal, emit: Callable[[SimulatorEvent], None]
    ) -> None:
        self._spot, self._scene = spot, scene
        self._journal, self._emit = journal, emit
        self._lock = threading.Lock()
        self._waiting: list[_Scheduled] = []
        self._active: list[_Scheduled] = []

    def schedule(self, faults: Sequence[AnyFault]) -> None:
        """Let further faults happen.

        Raises:
            SceneError: A fault waits for an object that the scene does not have.
        """
        for fault in faults:
            self._check(fault)
        with self._lock:
            self._waiting.extend(_Scheduled(fault) for fault in faults)

    def tick(self, truth: Callable[[], Truth]) -> None:
        """Begin and end what is due; ``truth`` is asked only when something is on its way."""
        with self._lock:
            if not self._waiting and not self._active:
                return
            now = truth()
            calls = self._journal.calls if any(each.fault.on_call or each.fault.when for each in self._waiting) else {}
            for each in [*self._waiting]:
                self._begin_if_due(each, now, calls)
            for each in [*self._active]:
                self._end_if_due(each, now)

    def _begin_if_due(self, each: _Scheduled, now: Truth, calls: Mapping[str, int]) -> None:
        if each.begins_at is None and self._is_triggered(each.fault, now, calls):
            each.begins_at = now.uptime + each.fault.delay
        if each.begins_at is None or now.uptime < each.begins_at:
            return
        self._waiting.remove(each)
        each.undo = begin(each.fault, self._spot)
        self._journal.add(
            EventEntry(self._spot.robot.clock.at(now.uptime), now.scene_time, "fault begins", each.fault.fault)
        )
        self._emit(FaultBegan(each.fault.fault, each.fault.lasts))
        if each.fault.lasts is not None:
            each.ends_at = each.begins_at + each.fault.lasts
            self._active.append(each)

    def _end_if_due(self, each: _Scheduled, now: Truth) -> None:
        if each.ends_at is None or now.uptime < each.ends_at or each.undo is None:
            return
        try:
            each.undo()
        except PortError:
            return  # the old connections still hold the port: at the next tick
        self._active.remove(each)
        self._journal.add(
            EventEntry(self._spot.robot.clock.at(now.uptime), now.scene_time, "fault ends", each.fault.fault)
        )
        self._emit(FaultEnded(each.fault.fault))

    def _check(self, fault: AnyFault) -> None:
        name = fault.at.object if fault.at else None
        if fault.at is None or name is None:
            return
        if self._scene is None or name not in self._scene.by_name:
            raise SceneError(f"{fault.fault} waits for {name!r}, but the scene has no such object")
        try:
            self._scene.time_of(fault.at)
        except ValueError as error:
            raise SceneError(f"{fault.fault}: {error}") from error

    def _is_triggered(self, fault: AnyFault, now: Truth, calls: Mapping[str, int]) -> bool:
        if fault.at is not None:
            at = self._scene.time_of(fault.at) if self._scene is not None else fault.at.time or 0.0
            return now.scene_time is not None and now.scene_time >= at
        if fault.on_call is not None:
            pattern = fault.on_call
            count = sum(n for method, n in calls.items() if fnmatchcase(method.partition(" ")[0], pattern))
            return count >= fault.occurrence
        match fault.when:
            case "robot stands":
                return now.posture == "standing"
            case "robot walks":
                return now.speed > _WALKING
            case "robot sits":
                return now.posture == "sitting"
            case "motors on":
                return now.powered
            case "lease held":
                return now.lease_owner is not None
            case _:
                return calls.get(_COMMAND, 0) > 0


def read_faults(faults: Sequence[AnyFault | Mapping[str, object]]) -> tuple[AnyFault, ...]:
    """Faults from what a YAML file would hold.

    Raises:
        SceneError: One of them makes no sense.
    """
    try:
        return FAULTS.validate_python(tuple(faults))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        keys = ".".join(str(part) for part in first["loc"])
        raise SceneError(f"faults, {keys}: {first['msg'].removeprefix('Value error, ')}") from error
