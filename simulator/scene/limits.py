"""What every well-behaved client keeps to: the type behind ``limits`` in a scene file."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from simulator.scene.objects import SceneModel
from simulator.scene.quantities import Metres, Seconds, Speed


class Limits(SceneModel):
    """The limits that the invariant monitor judges by. A robot refuses none of this; people would.

    None of these figures is Boston Dynamics'. They are what we hold to be decent beside people.

    Attributes:
        longest_motion: How far ahead a velocity or trajectory command may end. A client that dies leaves the robot
            walking for as long; the SDK's own examples say 0.6 s for velocities and up to 15 s for trajectories.
        speed: Over the ground.
        person_gap: Between the body's outline and a person's, while the robot moves.
        commands_per_second: Of one client; the SDK's own practice for velocities is 10.
        lease_grace: For how long a client may go on commanding after it was told that its lease is lost.
    """

    longest_motion: Annotated[Seconds, Field(gt=0)] = 5.0
    speed: Speed = 1.0
    person_gap: Annotated[Metres, Field(ge=0)] = 0.3
    commands_per_second: Annotated[float, Field(gt=0)] = 20.0
    lease_grace: Seconds = 0.5
