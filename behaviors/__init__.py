"""Cues in, decisions out: pure, without a clock, input or output.

The engine decides by rules; the safety governor has the last word on every command.
"""

from __future__ import annotations

from behaviors.command import Command, PoseBody, Sit, Stand, Stop, Walk, WalkTo
from behaviors.condition import Condition
from behaviors.cue import Cue
from behaviors.decision import Decision, RuleReport, Verdict
from behaviors.engine import Engine, Outcome
from behaviors.errors import BehaviorError, QuantityError
from behaviors.geometry import Point2, SE2Pose, SE2Velocity, wrap_angle
from behaviors.governor import GovernedCommand, Governor
from behaviors.memory import Memory
from behaviors.robot_state import Posture, RobotState
from behaviors.rule import Rule
from behaviors.safety_limits import SafetyLimits

__all__ = [
    "BehaviorError", "Command", "Condition", "Cue", "Decision", "Engine", "GovernedCommand", "Governor", "Memory",
    "Outcome", "Point2", "PoseBody", "Posture", "QuantityError", "RobotState", "Rule", "RuleReport", "SE2Pose",
    "SE2Velocity", "SafetyLimits", "Sit", "Stand", "Stop", "Verdict", "Walk", "WalkTo", "wrap_angle",
]  # fmt: skip
