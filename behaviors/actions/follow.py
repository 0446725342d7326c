"""Keep a cue ahead at a distance."""

from __future__ import annotations

import math
from typing import ClassVar

from behaviors.actions.action import Action, standing_objection
from behaviors.actions.steering import speed_over, turn_rate_towards
from behaviors.command import Command, Walk
from behaviors.cue import Cue
from behaviors.geometry import SE2Velocity
from behaviors.quantities import Distance, Speed, TurnRate
from behaviors.robot_state import RobotState

# Beyond this bearing the robot turns on the spot: what lies to its side is not where its front looks.
WALKING_BEARING = math.radians(50)


class Follow(Action):
    """Walk after the cue and stay ``distance`` away from it. It never walks backwards: nothing looks there."""

    name: ClassVar[str] = "follow"
    needs_target: ClassVar[bool] = True
    lasting: ClassVar[bool] = True

    distance: Distance = 2.0
    speed: Speed = 0.8
    turn_rate: TurnRate = 0.8

    def objection(self, target: Cue | None, state: RobotState) -> str | None:
        """The robot must stand, and both distance and bearing must be known."""
        if target is not None and (target.distance is None or target.bearing is None):
            return f"the distance of {target.name} #{target.track_id} is unknown, and following needs it"
        return standing_objection(state)

    def command(self, target: Cue | None, state: RobotState) -> Command:
        """Turn towards the cue, and walk ahead once it is roughly ahead."""
        if target is None or target.distance is None or target.bearing is None:
            return Walk(SE2Velocity())
        ahead = max(0.0, math.cos(target.bearing)) if abs(target.bearing) < WALKING_BEARING else 0.0
        return Walk(
            SE2Velocity(
                linear_x=ahead * speed_over(target.distance - self.distance, self.speed),
                angular=turn_rate_towards(target.bearing, self.turn_rate),
            )
        )
