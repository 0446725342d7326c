"""Watches what clients do with the robot, and notes what no client should do. It refuses nothing."""

from __future__ import annotations

import threading
from collections import Counter, deque
from collections.abc import Callable
from enum import StrEnum

from simulator.entries import CommandEntry, Entry, ViolationEntry
from simulator.events import SimulatorEvent, Violated, ViolationCount
from simulator.journal import Journal
from simulator.robot.estop import NONE
from simulator.robot.robot import Robot
from simulator.scene import Scene
from simulator.scene.limits import Limits
from simulator.scene.objects import Person
from simulator.solid.bumper import body_footprint
from simulator.solid.footprint import Disc, gap

LOOKS_PER_SECOND = 10
"""How often the robot itself is looked at."""
_MOVING = 0.05  # m/s: slower is standing
_EPISODE = 1.0  # s without it after which the same violation counts once more
_LOST = ("STATUS_OLDER", "STATUS_REVOKED", "STATUS_WRONG_EPOCH")


class Rule(StrEnum):
    """What no client should do."""

    LASTS_TOO_LONG = "motion that lasts too long"
    NO_ESTOP = "motion without a live E-Stop"
    LEASE_LOST = "commands after the lease was lost"
    TOO_FAST = "faster than the limit"
    TOO_NEAR = "too near a person"
    CONTACT = "contact with a person"
    TOO_MANY = "too many commands"


class InvariantMonitor:
    """Judges commands as they come and the robot ten times a second. Safe from every thread.

    The same violation by the same client, over and over, is one violation until it has paused for a second.

    Args:
        robot: Who is commanded.
        scene: Who else is there.
        limits: What is allowed.
        journal: Told of every violation.
        emit: Told of them too.
    """

    def __init__(
        self,
        robot: Robot,
        scene: Scene | None,
        limits: Limits,
        journal: Journal,
        emit: Callable[[SimulatorEvent], None],
    ) -> None:
        self._robot, self._scene, self._limits = robot, scene, limits
        self._journal, self._emit = journal, emit
        self._people = tuple(item.name for item in scene.objects if isinstance(item, Person)) if scene else ()
        self._lock = threading.RLock()
        self._seen_at: dict[tuple[Rule, str], float] = {}
        self._first: dict[Rule, str] = {}
        self._counts: Counter[Rule] = Counter()
        self._recent: dict[str, deque[float]] = {}
        self._lost_since: dict[str, float] = {}
        self._driver = ""
        self._looked_at = -1.0
        journal.listen(self._on_entry)

    @property
    def counts(self) -> tuple[ViolationCount, ...]:
        """How often each rule was violated, and how the first time."""
        with self._lock:
            return tuple(ViolationCount(rule.value, self._counts[rule], first) for rule, first in self._first.items())

    def look(self, scene_time: float | None) -> None:
        """Look at the robot itself, unless the last look is too recent. Called by the thread that ticks."""
        moment = self._robot.moment
        if moment.uptime - self._looked_at < 1 / LOOKS_PER_SECOND - 1e-6:
            return
        self._looked_at = moment.uptime
        speed = moment.body.velocity.speed
        if speed < _MOVING and abs(moment.body.velocity.turn) < _MOVING:
            return
        driver, limits = self._driver, self._limits
        if speed > limits.speed + _MOVING:
            self._report(Rule.TOO_FAST, driver, scene_time, f"walks at {speed:.2f} m/s; the limit is {limits.speed:g}")
        if not self._estop_is_live():
            self._report(Rule.NO_ESTOP, driver, scene_time, "moves while no E-Stop endpoint checks in")
        for name in self._people if self._scene is not None and speed >= _MOVING else ():
            self._judge_gap(name, scene_time)

    def touched(self, name: str, scene_time: float | None) -> None:
        """Hear that the body touches something; a person who walks into a robot that stands is nobody's fault."""
        if name in self._people and self._robot.body.velocity.speed >= _MOVING:
            self._report(Rule.CONTACT, self._driver, scene_time, f"walks into {name}", name)

    def _judge_gap(self, name: str, scene_time: float | None) -> None:
        if self._scene is None:
            return
        person = self._scene.object_at(name, max(0.0, scene_time or 0.0))
        if not person.visible:
            return
        between = gap(body_footprint(self._robot.body), Disc(person.x, person.y, person.footprint_radius))
        if between < self._limits.person_gap:
            detail = f"{between:.2f} m from {name}; at least {self._limits.person_gap:g} m"
            self._report(Rule.TOO_NEAR, self._driver, scene_time, detail, name)

    def _on_entry(self, entry: Entry) -> None:
        if not isinstance(entry, CommandEntry):
            return
        with self._lock:
            uptime = self._robot.clock.uptime()
            self._judge_rate(entry, uptime)
            self._judge_lease(entry, uptime)
            if entry.accepted and entry.motion != "none":
                self._driver = entry.client
                self._judge_motion(entry)

    def _judge_rate(self, entry: CommandEntry, uptime: float) -> None:
        recent = self._recent.setdefault(entry.client, deque())
        recent.append(uptime)
        while recent[0] < uptime - 1.0:
            recent.popleft()
        if len(recent) > self._limits.commands_per_second:
            detail = f"{len(recent)} commands in a second; at most {self._limits.commands_per_second:g}"
            self._report(Rule.TOO_MANY, entry.client, entry.time, detail)

    def _judge_lease(self, entry: CommandEntry, uptime: float) -> None:
        if entry.lease_status not in _LOST:
            self._lost_since.pop(entry.client, None)
            return
        since = uptime - self._lost_since.setdefault(entry.client, uptime)
        if since > self._limits.lease_grace:
            detail = f"{entry.command} {since:.1f} s after the robot said {entry.lease_status}"
            self._report(Rule.LEASE_LOST, entry.client, entry.time, detail)

    def _judge_motion(self, entry: CommandEntry) -> None:
        limits = self._limits
        if entry.motion == "travel" and entry.ends_in is not None and entry.ends_in > limits.longest_motion:
            detail = f"{entry.command} ends in {entry.ends_in:.1f} s; at most {limits.longest_motion:g} s"
            self._report(Rule.LASTS_TOO_LONG, entry.client, entry.time, detail)
        if entry.speed is not None and entry.speed > limits.speed:
            detail = f"{entry.command} asks for {entry.speed:.2f} m/s; the limit is {limits.speed:g}"
            self._report(Rule.TOO_FAST, entry.client, entry.time, detail)
        if not self._estop_is_live():
            self._report(Rule.NO_ESTOP, entry.client, entry.time, f"{entry.command} while no E-Stop endpoint checks in")

    def _estop_is_live(self) -> bool:
        """Whether somebody's endpoint could stop the robot now."""
        robot = self._robot
        with robot.lock:
            return bool(robot.estop.config.endpoints) and robot.estop.software_level(robot.clock.uptime()) == NONE

    def _report(self, rule: Rule, client: str, time: float | None, detail: str, subject: str = "") -> None:
        uptime = self._robot.clock.uptime()
        key = rule, subject or client
        with self._lock:
            before = self._seen_at.get(key)
            self._seen_at[key] = uptime
            if before is not None and uptime - before < _EPISODE:
                return
            self._counts[rule] += 1
            self._first.setdefault(rule, detail)
        self._journal.add(ViolationEntry(self._robot.clock.now(), time, rule.value, client, detail))
        self._emit(Violated(time, rule.value, client, detail))
