"""Sit, stand and stop: actions that ask for a posture and are over once the robot holds it."""

from __future__ import annotations

from typing import ClassVar

from behaviors.actions.action import Action
from behaviors.command import Command, Sit, Stand, Stop
from behaviors.cue import Cue
from behaviors.robot_state import Posture, RobotState


class SitDown(Action):
    """Sit down."""

    name: ClassVar[str] = "sit"

    def command(self, target: Cue | None, state: RobotState) -> Command:
        """Ask for it until the robot sits."""
        return Sit()

    def done(self, target: Cue | None, state: RobotState, acting_for: float) -> bool:
        """Over once the robot sits."""
        return state.posture is Posture.SITTING


class StandUp(Action):
    """Stand up, or level the body again after a pose."""

    name: ClassVar[str] = "stand"

    def command(self, target: Cue | None, state: RobotState) -> Command:
        """Ask for it until the robot stands."""
        return Stand()

    def done(self, target: Cue | None, state: RobotState, acting_for: float) -> bool:
        """Over once the robot stands."""
        return state.posture is Posture.STANDING and acting_for > 0.0


class StopWalking(Action):
    """Stop, and hold the posture."""

    name: ClassVar[str] = "stop"

    def command(self, target: Cue | None, state: RobotState) -> Command:
        """Ask for it until the robot is still."""
        return Stop()

    def done(self, target: Cue | None, state: RobotState, acting_for: float) -> bool:
        """Over once the robot does not step any more."""
        return state.posture in (Posture.SITTING, Posture.STANDING) and acting_for > 0.0
