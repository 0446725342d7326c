"""Keeps the body out of solid things: it stops before them, or bumps into them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from simulator.robot.body import TOP_SPEED, wrap_angle
from simulator.robot.body_state import STILL, BodyState, Velocity
from simulator.solid.footprint import Rectangle, gap, least_gap
from simulator.solid.solids import Solid
from simulator.solid.world import SolidWorld

BODY_LENGTH = 1.1
"""Length of a Spot in metres (Boston Dynamics' data sheet)."""
BODY_WIDTH = 0.5
"""Width of a Spot in metres (Boston Dynamics' data sheet)."""
BODY_TOP = 0.61
"""Height of a standing Spot in metres (data sheet); what hangs higher is passed below."""
STEP_HEIGHT = 0.1
"""What is not higher is walked over (undocumented; a real Spot climbs more, with its feet)."""
_BRAKING = 2.0  # m/s²: below the body's own limit, so that it can always stop in time
_LOOK_AHEAD = TOP_SPEED**2 / (2 * _BRAKING)
_REACH = math.hypot(BODY_LENGTH, BODY_WIDTH) / 2
_TOUCH = 1e-3  # m: closer is a contact
_PARTED = 0.03  # m: a contact is over
_SMALLEST = 1e-6
_STRIDE = 0.5  # m: after so long a way the resting solids are looked through again


@dataclass(frozen=True, slots=True)
class _Near:
    """A solid that is near the body, and its gap to the body in metres."""

    solid: Solid
    gap: float


@dataclass(frozen=True, slots=True)
class _Seen:
    """When something that moves was looked at last: uptime, the body's way until then, and the least gap then."""

    uptime: float
    way: float
    gap: float


@dataclass(frozen=True, slots=True)
class _Around:
    """The resting solids that the body cannot pass without going farther than a way, within a horizon."""

    solids: tuple[Solid, ...]
    way: float
    horizon: float


class Bumper:
    """Limits each step of the body by what is solid.

    A gap is measured only when it can have become small since the last time: the body has gone a known way, and
    nothing in the scene moves faster than its top speed.

    Args:
        world: What is solid.
        scene_time: Gives the scene's time in seconds for seconds since the robot booted.
        on_contact: Told the name of what the body touches, once for each contact.
    """

    def __init__(
        self, world: SolidWorld, scene_time: Callable[[float], float], on_contact: Callable[[str], None]
    ) -> None:
        self._world = world
        self._scene_time = scene_time
        self._on_contact = on_contact
        self._way = 0.0
        self._last: BodyState | None = None
        self._forget()
        self._touched: frozenset[str] = frozenset()

    def limit(self, before: BodyState, after: BodyState, uptime: float, margin: float, seconds: float) -> BodyState:
        """Shorten a step.

        Args:
            before: The body.
            after: Where it would be one step later; a step is short against the body itself.
            uptime: Seconds since the robot booted.
            margin: Metres that it keeps from obstacles; 0 lets it touch them.
            seconds: Length of the step in time.

        Returns:
            ``after``, or the body where it had to stop or slow down.
        """
        jumped = self._last is not None and _bound(self._last, before) > 0  # something else has put it where it is
        if jumped or self._version != self._world.version:
            self._forget()
        near = self._near(before, uptime, margin + _LOOK_AHEAD)
        moves = before.x != after.x or before.y != after.y or before.yaw != after.yaw
        limited = self._shortened(before, after, near, margin, seconds) if near and moves else after
        if near or self._touched:
            self._notice(limited, near)
        self._way += _bound(before, limited)
        self._last = limited
        return limited

    def _forget(self) -> None:
        """Look at everything anew: the body, or what is around it, is elsewhere at once."""
        self._version = self._world.version
        self._resting = tuple(filter(is_obstacle, self._world.resting))
        self._around = _Around((), -1.0, 0.0)
        self._seen: dict[str, _Seen] = {}

    def _near(self, state: BodyState, uptime: float, horizon: float) -> list[_Near]:
        """What is nearer than a horizon."""
        body = body_footprint(state)
        if self._way >= self._around.way or horizon > self._around.horizon:
            reach = horizon + _STRIDE
            close = tuple(solid for solid in self._resting if least_gap(body, solid.footprint) < reach)
            self._around = _Around(close, self._way + _STRIDE, horizon)
        found = [_Near(solid, gap(body, solid.footprint)) for solid in self._around.solids]
        found.extend(self._near_movers(body, uptime, horizon))
        return [each for each in found if each.gap < horizon]

    def _near_movers(self, body: Rectangle, uptime: float, horizon: float) -> Iterator[_Near]:
        for name in self._world.movers:
            seen = self._seen.get(name)
            if seen is not None:
                elapsed, way = uptime - seen.uptime, self._way - seen.way
                if seen.gap - way - self._world.top_speed * elapsed > horizon:
                    continue
            solid = self._world.moving(name, self._scene_time(uptime))
            if solid is None:
                continue
            room = math.inf if solid.kind == "held sign" else least_gap(body, solid.footprint)
            self._seen[name] = _Seen(uptime, self._way, room)
            if room < horizon and is_obstacle(solid):
                yield _Near(solid, gap(body, solid.footprint))

    def _shortened(
        self, before: BodyState, after: BodyState, near: list[_Near], margin: float, seconds: float
    ) -> BodyState:
        step = _bound(before, after)
        share = min((_share(after, each, step, margin, seconds) for each in near), default=1.0)
        if share >= 1.0:
            return after
        limited = _part(before, after, share, stops=margin == 0.0)
        body = body_footprint(limited)
        if any(gap(body, each.solid.footprint) < min(each.gap, margin) - _SMALLEST for each in near):
            return _part(before, after, 0.0, stops=True)
        return limited

    def _notice(self, state: BodyState, near: list[_Near]) -> None:
        body = body_footprint(state)
        gaps = {each.solid.name: gap(body, each.solid.footprint) for each in near if each.gap < 2 * _PARTED}
        touched = {name for name, distance in gaps.items() if distance < _TOUCH}
        for name in sorted(touched - self._touched):
            self._on_contact(name)
        self._touched = frozenset(touched | {name for name in self._touched if gaps.get(name, math.inf) < _PARTED})


def is_obstacle(solid: Solid) -> bool:
    """Whether the body cannot pass over or below it."""
    return solid.bottom < BODY_TOP and solid.top > STEP_HEIGHT and solid.kind != "held sign"


def body_footprint(state: BodyState) -> Rectangle:
    """The body's own footprint."""
    return Rectangle(state.x, state.y, state.yaw, BODY_LENGTH / 2, BODY_WIDTH / 2)


def _bound(before: BodyState, after: BodyState) -> float:
    """The farthest that any point of the body has moved, or more."""
    turned = abs(wrap_angle(after.yaw - before.yaw))
    return math.hypot(after.x - before.x, after.y - before.y) + turned * _REACH


def _share(after: BodyState, near: _Near, step: float, margin: float, seconds: float) -> float:
    """How much of a step, in which no point of the body moves farther than ``step``, an obstacle allows, 0 to 1."""
    room = max(0.0, near.gap - margin)
    if margin > 0.0:
        room = min(room, math.sqrt(2 * _BRAKING * room) * seconds)  # it can still stop: v² = 2 a s
    if step <= room:
        return 1.0
    closing = near.gap - gap(body_footprint(after), near.solid.footprint)
    return 1.0 if closing <= _SMALLEST else min(1.0, room / closing)


def _part(before: BodyState, after: BodyState, share: float, *, stops: bool) -> BodyState:
    """The body after a part of a step."""
    velocity = after.velocity
    slowed = STILL if stops else Velocity(velocity.x * share, velocity.y * share, velocity.turn * share)
    return replace(
        after,
        x=before.x + share * (after.x - before.x),
        y=before.y + share * (after.y - before.y),
        yaw=wrap_angle(before.yaw + share * wrap_angle(after.yaw - before.yaw)),
        velocity=slowed,
    )
