"""What goes wrong in a scene, and when: the types behind ``faults`` in a scene file."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import ConfigDict, Field, TypeAdapter, model_validator

from simulator.scene.expectations import Moment
from simulator.scene.objects import SceneModel
from simulator.scene.quantities import Seconds, Share, SignedSeconds

Happening = Literal["robot stands", "robot walks", "robot sits", "motors on", "lease held", "first command"]


class Fault(SceneModel):
    """What every fault has: one of ``at``, ``when`` and ``on call`` says when it begins.

    Attributes:
        at: A time of the scene, or when an object comes or goes.
        when: When the robot does this for the first time.
        on_call: When an RPC, such as ``"ImageService/GetImage"``, has been called ...
        occurrence: ... for this time.
        delay: Seconds from that moment to the beginning.
        lasts: Seconds to its end (``for`` in a file); without it the fault stays, or is over at once.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)
    ends: ClassVar[bool] = True

    at: Moment | None = None
    when: Happening | None = None
    on_call: Annotated[str | None, Field(alias="on call")] = None
    occurrence: Annotated[int, Field(ge=1)] = 1
    delay: Seconds = 0.0
    lasts: Annotated[Seconds | None, Field(alias="for")] = None

    @model_validator(mode="after")
    def _begins_once(self) -> Fault:
        if sum(each is not None for each in (self.at, self.when, self.on_call)) != 1:
            raise ValueError("say when it begins: give one of at, when and on call")
        if self.lasts is not None and not self.ends:
            raise ValueError("it happens at one moment, so it cannot last: leave out for")
        return self


class CameraFailure(Fault):
    """Cameras fail; ``sources`` names image sources, all of them if not given."""

    fault: Literal["cameras frozen", "cameras dropped", "cameras black", "cameras corrupt", "cameras late"]
    sources: tuple[str, ...] = ()
    by: Seconds = 1.0


class CallFailure(Fault):
    """Calls of an RPC fail with a gRPC status, get no answer, or are slow; ``*`` stands for any letters."""

    fault: Literal["calls fail", "calls hang", "calls slow"]
    method: str = "*"
    status: Literal["UNAVAILABLE", "DEADLINE_EXCEEDED", "INTERNAL", "RESOURCE_EXHAUSTED"] = "UNAVAILABLE"
    by: Seconds = 1.0


class ServiceRestart(Fault):
    """A service stops for a while, and comes back with nothing in its memory."""

    fault: Literal["service restart"]
    service: Literal["auth", "estop", "image", "lease", "power", "robot-command", "robot-state", "time-sync"]


class LeaseTaken(Fault):
    """Someone takes the lease, and gives it back at the end."""

    fault: Literal["lease taken"]
    by: str = "tablet"


class SwitchedFault(Fault):
    """What begins and ends, and has no further properties."""

    fault: Literal["connection cut", "estop pressed", "estop silent"]


class MomentaryFault(Fault):
    """What happens at one moment."""

    ends: ClassVar[bool] = False

    fault: Literal["tokens expired", "clocks forgotten", "motor power lost", "fall"]


class ClockJump(Fault):
    """The robot's clock jumps; ``by`` may be negative."""

    fault: Literal["clock jump"]
    by: SignedSeconds


class BatteryLow(Fault):
    """The battery has only this charge left, 0 to 1."""

    ends: ClassVar[bool] = False

    fault: Literal["battery low"]
    charge: Share = 0.05


class BehaviorFailure(Fault):
    """A behavior fault; at the end it is taken back."""

    fault: Literal["behavior fault"]
    cause: Literal["fall", "hardware", "lease timeout"] = "hardware"
    clearable: bool = True


AnyFault = Annotated[
    CameraFailure
    | CallFailure
    | ServiceRestart
    | LeaseTaken
    | SwitchedFault
    | MomentaryFault
    | ClockJump
    | BatteryLow
    | BehaviorFailure,
    Field(discriminator="fault"),
]
FAULTS: TypeAdapter[tuple[AnyFault, ...]] = TypeAdapter(tuple[AnyFault, ...])
"""Reads faults from what a YAML file would hold."""
