"""Hold the body at an attitude for a while, for example a bow."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import AfterValidator, Field

from behaviors.actions.action import Action, standing_objection
from behaviors.command import Command, PoseBody
from behaviors.cue import Cue
from behaviors.quantities import Angle, Duration, Length
from behaviors.robot_state import RobotState
from behaviors.safety_limits import MAX_HEIGHT, MAX_TILT


def _within(limit: float, unit: str) -> AfterValidator:
    def check(value: float) -> float:
        if abs(value) > limit:
            raise ValueError(f"the body can be posed by at most {limit:g} {unit}, not {value:g} {unit}")
        return value

    return AfterValidator(check)


Tilt = Annotated[Angle, _within(MAX_TILT, "rad")]
Height = Annotated[Length, _within(MAX_HEIGHT, "m")]


class Pose(Action):
    """Roll, pitch and yaw of the standing body, and its height above normal."""

    name: ClassVar[str] = "pose"

    roll: Tilt = 0.0
    pitch: Tilt = 0.0
    yaw: Tilt = 0.0
    height: Height = 0.0
    hold: Duration = Field(default=2.0)

    def objection(self, target: Cue | None, state: RobotState) -> str | None:
        """Only a standing robot can be posed."""
        return standing_objection(state)

    def command(self, target: Cue | None, state: RobotState) -> Command:
        """Ask for the attitude."""
        return PoseBody(self.roll, self.pitch, self.yaw, self.height)

    def done(self, target: Cue | None, state: RobotState, acting_for: float) -> bool:
        """Over once it was held for as long as config.yaml says."""
        return acting_for >= self.hold
