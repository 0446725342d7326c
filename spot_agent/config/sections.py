"""What config.yaml can say: its sections, their settings, and what holds when nothing is written."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from behaviors import Rule, SafetyLimits
from behaviors.quantities import Duration, Frequency, Ratio
from behaviors.schema import Section

SPOT_CAMERAS = ("frontleft", "frontright", "left", "right", "back")
"""The five pairs of a fisheye and a depth camera in Spot's body, by the names that its image service gives them."""

DEFAULT_CAMERAS = ("frontleft", "frontright")
DEFAULT_DETECTOR = "objects"

WORLD_OBJECTS = "world objects"
"""The model that is none: the robot itself reports what it has found. It takes no pictures."""
WORLD_OBJECTS_RATE = 5.0  # Hz; the robot looks for its fiducials a few times a second


class RobotConfig(Section):
    """What the agent does when it starts and ends.

    Attributes:
        power_on: Whether it may power the motors. If not, it only watches and never moves.
        stand: Whether it stands the robot up once the motors have power.
    """

    power_on: bool = True
    stand: bool = True


class CameraConfig(Section):
    """How one camera is read.

    Attributes:
        rate: Frames per second to ask for.
        depth: Whether to ask for the depth picture too, which distances are measured with.
    """

    # Spot's cameras give about 15 pictures a second; a greater figure would only be a mistake.
    rate: Annotated[Frequency, Field(le=30)] = 10.0
    depth: bool = True


class DetectorConfig(Section):
    """A model that looks at the pictures.

    Attributes:
        model: Its name, one of ``models.available_models()``, the path of a model's folder, or ``"world objects"``.
        cameras: The cameras that it looks through; ``None`` means all that are configured.
        rate: Times a second that it looks through each of them; ``None`` means at every picture.
        threads: Processor threads that it may use for one picture.
        threshold: The lowest score of a detection; ``None`` leaves it to the model's card.
        plausibility: Whether the model's second head, if it has one, rejects what cannot be.
    """

    model: str = Field(min_length=1)
    cameras: Annotated[list[Annotated[str, Field(min_length=1)]], Field(min_length=1)] | None = None
    # Slower than once in ten seconds, nothing would ever be seen in two pictures in a row.
    rate: Annotated[Frequency, Field(ge=0.1, le=30)] | None = None
    threads: Annotated[int, Field(ge=1, le=64)] = 1
    threshold: Annotated[Ratio, Field(gt=0, lt=1)] | None = None
    plausibility: bool = True

    def looks_through(self, camera: str) -> bool:
        """Whether it looks at the pictures of a camera."""
        return self.model != WORLD_OBJECTS and (self.cameras is None or camera in self.cameras)


class CueConfig(Section):
    """A name that the rules use, for something that a detector finds.

    Attributes:
        detector: Which detector finds it.
        label: What that detector calls it.
        confidence: The lowest confidence at which it counts as seen.
        keep_distance: Whether the robot keeps the safety section's ``person_distance`` from it.
    """

    detector: str = Field(min_length=1)
    label: str = Field(min_length=1)
    confidence: Ratio = 0.4
    keep_distance: bool


class TrackingConfig(Section):
    """How things keep their identity from one picture to the next.

    Attributes:
        confirm: In how many pictures a thing must be found before it counts as seen; two at least, because a single
            picture gives no identity.
        forget_after: Seconds without a picture of it after which it is gone.
    """

    confirm: Annotated[int, Field(ge=2, le=30)] = 2
    forget_after: Annotated[Duration, Field(ge=0.1, le=10)] = 1.5


def _default_cameras() -> dict[str, CameraConfig]:
    return {name: CameraConfig() for name in DEFAULT_CAMERAS}


def _default_detectors() -> dict[str, DetectorConfig]:
    return {DEFAULT_DETECTOR: DetectorConfig(model=DEFAULT_DETECTOR)}


class AgentConfig(Section):
    """All of config.yaml."""

    robot: RobotConfig = Field(default_factory=RobotConfig)
    cameras: dict[str, CameraConfig] = Field(default_factory=_default_cameras)
    detectors: dict[str, DetectorConfig] = Field(default_factory=_default_detectors)
    cues: dict[str, CueConfig] = Field(default_factory=dict)
    tracking: TrackingConfig = Field(default_factory=TrackingConfig)
    rules: list[Rule] = Field(default_factory=list)
    safety: SafetyLimits = Field(default_factory=SafetyLimits)

    def look_rate(self, detector: str, camera: str) -> float:
        """How often a detector looks through a camera.

        Args:
            detector: Its name; one that is not configured looks at every picture.
            camera: A camera's name; it counts for nothing where the robot itself looks.

        Returns:
            Times a second: at most as often as there are pictures.
        """
        settings = self.detectors.get(detector)
        if settings is not None and settings.model == WORLD_OBJECTS:
            return settings.rate or WORLD_OBJECTS_RATE
        pictures = self.cameras[camera].rate
        return pictures if settings is None or settings.rate is None else min(settings.rate, pictures)
