"""What a rule can do, by the name that config.yaml uses."""

from __future__ import annotations

from behaviors.actions.action import Action
from behaviors.actions.follow import Follow
from behaviors.actions.go_to import GoTo
from behaviors.actions.pose import Pose
from behaviors.actions.postures import SitDown, StandUp, StopWalking
from behaviors.actions.turn_to import TurnTo

ACTIONS: dict[str, type[Action]] = {
    action.name: action for action in (SitDown, StandUp, StopWalking, TurnTo, Follow, GoTo, Pose)
}

__all__ = ["ACTIONS", "Action", "Follow", "GoTo", "Pose", "SitDown", "StandUp", "StopWalking", "TurnTo"]
