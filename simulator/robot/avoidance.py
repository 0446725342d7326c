"""Obstacle avoidance: how far the body stays from what is solid."""

from __future__ import annotations

import math

from bosdyn.api import mobility_command_pb2
from bosdyn.api.spot import robot_command_pb2 as spot_command_pb2


def avoidance_distance(request: mobility_command_pb2.MobilityCommand.Request) -> float | None:
    """What a command's ``obstacle_params`` ask for.

    Returns:
        Metres to keep: 0 when avoidance with the body is switched off, ``None`` for the robot's own setting.
    """
    params = spot_command_pb2.MobilityParams()
    if not request.HasField("params") or not request.params.Unpack(params):
        return None
    wanted = params.obstacle_params
    if wanted.disable_vision_body_obstacle_avoidance:
        return 0.0
    padding = wanted.obstacle_avoidance_padding
    return float(padding) if padding > 0 and math.isfinite(padding) else None
