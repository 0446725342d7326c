"""Turn on the spot until a cue is straight ahead, and keep it there."""

from __future__ import annotations

from typing import ClassVar

from behaviors.actions.action import Action, standing_objection
from behaviors.actions.steering import turn_rate_towards
from behaviors.command import Command, Walk
from behaviors.cue import Cue
from behaviors.geometry import SE2Velocity
from behaviors.quantities import TurnRate
from behaviors.robot_state import RobotState


class TurnTo(Action):
    """Face the cue."""

    name: ClassVar[str] = "turn_to"
    needs_target: ClassVar[bool] = True
    lasting: ClassVar[bool] = True

    turn_rate: TurnRate = 0.8

    def objection(self, target: Cue | None, state: RobotState) -> str | None:
        """The robot must stand, and the direction must be known."""
        if target is not None and target.bearing is None:
            return f"the bearing of {target.name} #{target.track_id} is unknown"
        return standing_objection(state)

    def command(self, target: Cue | None, state: RobotState) -> Command:
        """Turn in proportion to the bearing."""
        bearing = 0.0 if target is None or target.bearing is None else target.bearing
        return Walk(SE2Velocity(angular=turn_rate_towards(bearing, self.turn_rate)))
