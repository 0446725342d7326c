"""What every action can do."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar

from behaviors.command import Command
from behaviors.cue import Cue
from behaviors.robot_state import Posture, RobotState
from behaviors.schema import Section


class Action(Section):
    """The ``do`` of a rule: turns a cue into a command. It is pure: the same inputs give the same command.

    Attributes:
        name: How config.yaml calls it.
        needs_target: Whether it acts on a cue that is in sight.
        lasting: Whether it goes on while its cue is seen; if not, it is over once :meth:`done` says so.
    """

    name: ClassVar[str]
    needs_target: ClassVar[bool] = False
    lasting: ClassVar[bool] = False

    def objection(self, target: Cue | None, state: RobotState) -> str | None:
        """Why it cannot be done to this target in this state, in words; ``None`` when it can."""
        return None

    @abstractmethod
    def command(self, target: Cue | None, state: RobotState) -> Command:
        """What to ask of the robot now.

        Args:
            target: The cue that the rule acts on; never ``None`` when :attr:`needs_target`.
            state: The robot now.
        """

    def done(self, target: Cue | None, state: RobotState, acting_for: float) -> bool:
        """Whether nothing is left to do, ``acting_for`` seconds after the start. A lasting action never is."""
        return False


def standing_objection(state: RobotState) -> str | None:
    """Why a robot in this posture cannot walk; ``None`` when it can."""
    if state.posture in (Posture.STANDING, Posture.STEPPING):
        return None
    return f"the robot is {state.posture.value}, and walking needs it to stand"
