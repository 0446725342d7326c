"""The bounds that the governor keeps, whatever the rules ask for."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from behaviors.quantities import Distance, Duration, Ratio, Speed, TurnRate
from behaviors.schema import Section

ROBOT_TOP_SPEED = 1.6  # m/s; Boston Dynamics' figure for Spot
MAX_EVIDENCE_AGE = 0.5  # s; nothing moves on an older frame
# What the SDK's own examples use as the range of a standing body; a real robot clamps beyond it.
MAX_TILT = 0.5  # rad
MAX_HEIGHT = 0.15  # m


class SafetyLimits(Section):
    """The ``safety`` part of config.yaml. It can be made stricter there; the outer bounds stand in the code.

    Attributes:
        max_speed: Greatest linear speed in m/s.
        max_turn_rate: Greatest turn rate in rad/s.
        person_distance: Nearest that the robot walks to a person, in metres from the body's origin.
        obstacle_distance: Free floor in metres to keep ahead of the body's front edge.
        min_battery: State of charge below which it does not walk.
        max_evidence_age: Age in seconds of the newest frame beyond which nothing moves.
    """

    max_speed: Annotated[Speed, Field(le=ROBOT_TOP_SPEED)] = 0.8
    max_turn_rate: Annotated[TurnRate, Field(le=1.6)] = 1.0
    person_distance: Annotated[Distance, Field(ge=0.5)] = 1.2
    obstacle_distance: Annotated[Distance, Field(ge=0.2)] = 0.5
    min_battery: Ratio = 0.1
    max_evidence_age: Annotated[Duration, Field(le=MAX_EVIDENCE_AGE)] = MAX_EVIDENCE_AGE
