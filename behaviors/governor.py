"""The safety governor: the last thing a command passes. It can only reduce or refuse.

What it cannot judge it refuses: a robot state that is old or unknown counts as unsafe, and so does a person whose
distance is unknown.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from behaviors.command import Command, PoseBody, Sit, Stop, Walk, WalkTo
from behaviors.cue import Cue
from behaviors.decision import Decision
from behaviors.geometry import Point2, SE2Velocity
from behaviors.robot_state import Posture, RobotState
from behaviors.safety_limits import MAX_HEIGHT, MAX_TILT, SafetyLimits

MAX_STATE_AGE = 0.5  # s; a robot state older than this says nothing about now
# Approach speed per metre of room left. The sum of a frame's age (0.5 s at most), a command's life (0.6 s) and the
# robot's own braking is about 1.3 s, so at 0.7 1/s the room is never used up before the robot stands.
APPROACH_GAIN = 0.7  # 1/s


@dataclass(frozen=True, slots=True)
class GovernedCommand:
    """A command that may be sent. Only the governor makes one.

    Attributes:
        command: What may be sent; ``None`` means nothing.
        asked: What the rules had asked for.
        notes: What was reduced or refused and why, in words; empty when nothing was.
    """

    command: Command | None
    asked: Command | None
    notes: tuple[str, ...] = ()


class Governor:
    """Keeps every command within the limits.

    Args:
        limits: The bounds to keep.
    """

    def __init__(self, limits: SafetyLimits) -> None:
        self.limits = limits

    def govern(self, decision: Decision, cues: Sequence[Cue], state: RobotState, now: float) -> GovernedCommand:
        """Pass, reduce or refuse the command of a decision.

        Args:
            decision: What the rules decided.
            cues: Everything that is seen, also by rules that do not act, and what is doubted.
            state: The newest robot state.
            now: Robot time in seconds.

        Returns:
            What may be sent. A refused command becomes ``Stop``, which itself is never refused.
        """
        asked = decision.command
        if asked is None or isinstance(asked, (Stop, Sit)):
            return GovernedCommand(asked, asked)
        refusal = self._refusal(asked, decision, state, now)
        if refusal is not None:
            return GovernedCommand(Stop(), asked, (f"refused: {refusal}",))
        if isinstance(asked, Walk):
            return self._govern_walk(asked, cues, state)
        if isinstance(asked, WalkTo):
            return self._govern_walk_to(asked, cues, state)
        if isinstance(asked, PoseBody):
            return _govern_pose(asked)
        return GovernedCommand(asked, asked)

    def _refusal(self, asked: Command, decision: Decision, state: RobotState, now: float) -> str | None:
        """Why the robot must not do this at all; ``None`` when it may."""
        # "Not within" rather than "beyond": what is not a number lies within nothing.
        facts = (
            (not abs(now - state.time) <= MAX_STATE_AGE, f"the robot's state is {now - state.time:.1f} s old"),
            (not state.lease_held, "the lease is not ours"),
            (not state.estop_alive, "the E-Stop is not alive"),
            (not state.time_synced, "there is no time sync with the robot"),
            (not state.powered, "the motors are off"),
            (bool(state.faults), f"the robot reports a fault: {', '.join(state.faults)}"),
        )
        for unsafe, reason in facts:
            if unsafe:
                return reason
        if isinstance(asked, (Walk, WalkTo, PoseBody)):
            return self._motion_refusal(asked, decision, state)
        return None

    def _motion_refusal(self, asked: Command, decision: Decision, state: RobotState) -> str | None:
        if state.posture not in (Posture.STANDING, Posture.STEPPING):
            return f"the robot is {state.posture.value}"
        if isinstance(asked, PoseBody):
            return None
        if not _finite(state.pose.x, state.pose.y, state.pose.yaw):
            return "the robot's position is unknown"
        if state.battery is None:
            return "the battery's charge is unknown"
        if not state.battery >= self.limits.min_battery:
            return f"the battery is at {state.battery:.0%}"
        if decision.evidence_age is None:
            return "there is no frame that speaks for walking"
        if not 0.0 <= decision.evidence_age <= self.limits.max_evidence_age:
            return f"the newest frame that speaks for it is {decision.evidence_age:.2f} s old"
        return None

    def _govern_walk(self, asked: Walk, cues: Sequence[Cue], state: RobotState) -> GovernedCommand:
        wanted = asked.velocity
        if not _finite(wanted.speed, wanted.angular):
            return GovernedCommand(Stop(), asked, ("refused: the velocity is not a number",))
        allowed, notes = self._allowed_speed(Point2(wanted.linear_x, wanted.linear_y), cues, state)
        scale = 1.0 if wanted.speed <= allowed else allowed / wanted.speed
        turn = max(-self.limits.max_turn_rate, min(self.limits.max_turn_rate, wanted.angular))
        if turn != wanted.angular:
            notes = (*notes, f"turn rate limited to {self.limits.max_turn_rate:.1f} rad/s")
        velocity = SE2Velocity(wanted.linear_x * scale, wanted.linear_y * scale, turn)
        return GovernedCommand(Walk(velocity), asked, notes)

    def _govern_walk_to(self, asked: WalkTo, cues: Sequence[Cue], state: RobotState) -> GovernedCommand:
        goal = asked.goal
        if not _finite(goal.x, goal.y, goal.yaw, asked.max_speed, asked.max_turn_rate):
            return GovernedCommand(Stop(), asked, ("refused: the goal is not a number",))
        for cue in _people(cues):
            if cue.position is not None and not cue.position.distance_to(goal.position) >= self.limits.person_distance:
                return GovernedCommand(Stop(), asked, (f"refused: the goal is too near to {_who(cue)}",))
        ahead = state.pose.to_body(goal.position)
        length = math.hypot(ahead.x, ahead.y)
        if length == 0.0:
            allowed, notes = self.limits.max_speed, tuple[str, ...]()
        else:
            heading = Point2(ahead.x / length * asked.max_speed, ahead.y / length * asked.max_speed)
            allowed, notes = self._allowed_speed(heading, cues, state)
        speed = min(asked.max_speed, allowed)
        turn_rate = min(asked.max_turn_rate, self.limits.max_turn_rate)
        if speed <= 0.0 or turn_rate <= 0.0:
            return GovernedCommand(Stop(), asked, notes)
        return GovernedCommand(replace(asked, max_speed=speed, max_turn_rate=turn_rate), asked, notes)

    def _allowed_speed(self, velocity: Point2, cues: Sequence[Cue], state: RobotState) -> tuple[float, tuple[str, ...]]:
        """The greatest linear speed in m/s along a velocity of the body frame, and what limits it."""
        wanted = math.hypot(velocity.x, velocity.y)
        bounds = [(self.limits.max_speed, f"speed limited to {self.limits.max_speed:.1f} m/s")]
        if wanted > 0.0:
            bounds += [self._person_bound(velocity, wanted, cue) for cue in _people(cues)]
            bounds.append(self._obstacle_bound(velocity, wanted, state))
        allowed = min(bound for bound, _ in bounds)
        notes = tuple(note for bound, note in bounds if bound == allowed and bound < wanted)
        return allowed, notes

    def _person_bound(self, velocity: Point2, wanted: float, cue: Cue) -> tuple[float, str]:
        if cue.distance is None or cue.bearing is None or not _finite(cue.distance, cue.bearing):
            return 0.0, f"{_who(cue)} is at an unknown distance"
        towards = (velocity.x * math.cos(cue.bearing) + velocity.y * math.sin(cue.bearing)) / wanted
        if towards <= 0.0:
            return math.inf, ""
        room = max(0.0, cue.distance - self.limits.person_distance)
        return APPROACH_GAIN * room / towards, f"{_who(cue)} is {cue.distance:.1f} m away"

    def _obstacle_bound(self, velocity: Point2, wanted: float, state: RobotState) -> tuple[float, str]:
        ahead = velocity.x / wanted
        if state.obstacle_ahead is None or ahead <= 0.0:
            return math.inf, ""
        if math.isnan(state.obstacle_ahead):
            return 0.0, "the free floor ahead is unknown"
        room = max(0.0, state.obstacle_ahead - self.limits.obstacle_distance)
        return APPROACH_GAIN * room / ahead, f"an obstacle is {state.obstacle_ahead:.1f} m ahead"


def _govern_pose(asked: PoseBody) -> GovernedCommand:
    """Keep a pose within what the body can hold."""
    if not _finite(asked.roll, asked.pitch, asked.yaw, asked.height):
        return GovernedCommand(Stop(), asked, ("refused: the pose is not a number",))
    roll, pitch, yaw = (max(-MAX_TILT, min(MAX_TILT, angle)) for angle in (asked.roll, asked.pitch, asked.yaw))
    pose = PoseBody(roll, pitch, yaw, max(-MAX_HEIGHT, min(MAX_HEIGHT, asked.height)))
    notes = () if pose == asked else (f"pose limited to {MAX_TILT:g} rad and {MAX_HEIGHT:g} m",)
    return GovernedCommand(pose, asked, notes)


def _finite(*figures: float) -> bool:
    return all(map(math.isfinite, figures))


def _people(cues: Sequence[Cue]) -> list[Cue]:
    return [cue for cue in cues if cue.is_person]


def _who(cue: Cue) -> str:
    return f"{cue.name} #{cue.track_id}{' (doubted)' if cue.doubted else ''}"
