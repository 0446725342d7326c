"""Walk up to a cue once, by the robot's own trajectory planner."""

from __future__ import annotations

import math
from typing import ClassVar

from behaviors.actions.action import Action, standing_objection
from behaviors.command import Command, WalkTo
from behaviors.cue import Cue
from behaviors.geometry import SE2Pose
from behaviors.quantities import Distance, Speed, TurnRate
from behaviors.robot_state import RobotState

ARRIVAL_TOLERANCE = 0.2  # m


class GoTo(Action):
    """Walk to a place ``distance`` away from the cue, on the line towards it, and face it."""

    name: ClassVar[str] = "go_to"
    needs_target: ClassVar[bool] = True

    distance: Distance = 1.5
    speed: Speed = 0.6
    turn_rate: TurnRate = 0.8

    def objection(self, target: Cue | None, state: RobotState) -> str | None:
        """The robot must stand, and the position of the cue must be known."""
        if target is not None and (target.position is None or target.distance is None):
            return f"the position of {target.name} #{target.track_id} is unknown, and going there needs it"
        return standing_objection(state)

    def command(self, target: Cue | None, state: RobotState) -> Command:
        """Ask for the pose short of the cue; stay where the robot is when it is near enough already."""
        if target is None or target.position is None:
            return WalkTo(state.pose, self.speed, self.turn_rate)
        dx, dy = target.position.x - state.pose.x, target.position.y - state.pose.y
        distance = math.hypot(dx, dy)
        yaw = math.atan2(dy, dx) if distance > 0 else state.pose.yaw
        share = max(0.0, distance - self.distance) / distance if distance > 0 else 0.0
        return WalkTo(SE2Pose(state.pose.x + share * dx, state.pose.y + share * dy, yaw), self.speed, self.turn_rate)

    def done(self, target: Cue | None, state: RobotState, acting_for: float) -> bool:
        """Over once the robot is as near as it was asked to come."""
        return (
            target is not None
            and target.distance is not None
            and (target.distance <= self.distance + ARRIVAL_TOLERANCE)
        )
