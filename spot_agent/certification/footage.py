"""What two models are shown: a scene or recorded pictures, as the agent gets them from a robot through the SDK."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from simulator.cameras.frame_replay import FrameReplay
from simulator.events import FramesEnded, SimulatorEvent
from simulator.fake_spot import FakeSpot
from simulator.scene import Scene
from spot_agent.cameras import Frame
from spot_agent.cameras.decode import build_frame
from spot_agent.cameras.stream import ImageSet
from spot_agent.config import WORLD_OBJECTS, AgentConfig
from spot_agent.errors import UsageError
from spot_agent.robot import Address, Credentials, Spot
from spot_agent.robot.tag_message import SeenTag
from spot_agent.robot.tag_watch import TagWatch

CLOCK_TICK = 0.01  # s; the fake Spot's clock is stepped to the nearest


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """What is shown at one moment.

    Attributes:
        frame: One camera's frame.
        tags: What the robot itself has reported since the frame before, by the detector of config.yaml that asks.
    """

    frame: Frame
    tags: Mapping[str, Sequence[SeenTag]]


@dataclass(slots=True)
class _Beat:
    """Something that is done at a rate. It does not drift."""

    rate: float
    begin: float
    count: int = 0

    @property
    def next(self) -> float:
        """When it is to be done again."""
        return self.begin + self.count / self.rate

    def is_due(self, now: float) -> bool:
        """Whether it is to be done now; if so, it counts as done."""
        due = self.next <= now + CLOCK_TICK / 2
        self.count += due
        return due


@dataclass(frozen=True, slots=True)
class Footage:
    """Pictures to show.

    Attributes:
        name: What a person called it.
        scene: The scene, if it is one.
        pictures: The folder of pictures or the video, if it is not.
        limit: Seconds after which it ends at the latest.
    """

    name: str
    scene: Scene | None
    pictures: Path | None
    limit: float

    def frames(self, config: AgentConfig) -> Iterator[Shown]:
        """Show it. The fake Spot stands and is moved by nobody; its clock is stepped, so every run shows the same.

        Each camera is read at its own rate, and a picture that comes twice is shown once, as when the agent runs.

        Args:
            config: Says which cameras to look through, and who asks the robot for its world objects.

        Yields:
            Each frame in the order of time; of one time, in the order of ``config.cameras``.

        Raises:
            SimulatorError: The pictures cannot be read.
            RobotRefused: It has none of these cameras.
        """
        ended = threading.Event()
        replay = None if self.pictures is None else FrameReplay(self.pictures, loop=False)

        def listen(event: SimulatorEvent) -> None:
            if isinstance(event, FramesEnded):
                ended.set()

        with FakeSpot(self.scene, replay, clock="stepped", clock_skew=0.0, emit=listen) as fake:
            spot = Spot(Address(fake.host, fake.port, fake.ca_file), Credentials("certify", "certify"), lambda _: None)
            try:
                fake.stand_up()
                projector = _Projector(fake, spot, config)
                begin = fake.robot_time()
                while not ended.is_set() and fake.verdicts is None and fake.robot_time() - begin < self.limit:
                    yield from projector.show()
                    fake.step(max(CLOCK_TICK, projector.next - fake.robot_time()))
            finally:
                spot.shutdown()


class _Projector:
    """Reads cameras and world objects of a fake Spot whose clock is stepped, each when it is due."""

    def __init__(self, fake: FakeSpot, spot: Spot, config: AgentConfig) -> None:
        self._now = fake.robot_time
        begin = self._now()
        self._cameras: dict[str, tuple[_Beat, ImageSet]] = {
            camera: (_Beat(config.cameras[camera].rate, begin), spot.image_set(camera, config.cameras[camera]))
            for camera in spot.usable_cameras(config.cameras)
        }
        asking = {name: config.look_rate(name, "") for name, d in config.detectors.items() if d.model == WORLD_OBJECTS}
        self._tags: dict[str, tuple[_Beat, TagWatch]] = {
            name: (_Beat(rate, begin), spot.tag_source(rate, self._now)) for name, rate in asking.items()
        }
        self._newest: dict[str, float] = {}

    @property
    def next(self) -> float:
        """Robot time at which something is due again."""
        return min(beat.next for beat, _ in (*self._cameras.values(), *self._tags.values()))

    def show(self) -> Iterator[Shown]:
        """Whatever is due now."""
        now = self._now()
        for beat, watch in self._tags.values():
            if beat.is_due(now):
                watch.ask()
        for camera, (beat, fetch) in self._cameras.items():
            if beat.is_due(now) and (frame := self._frame(camera, fetch)) is not None:
                yield Shown(frame, {name: watch.take() for name, (_, watch) in self._tags.items()})

    def _frame(self, camera: str, fetch: ImageSet) -> Frame | None:
        responses = fetch()
        depth = responses[1] if len(responses) > 1 else None
        frame = build_frame(camera, responses[0], depth, self._now(), self._now)
        if frame.times.acquired == self._newest.get(camera):
            return None
        self._newest[camera] = frame.times.acquired
        return frame


def open_footage(name: str, limit: float) -> Footage:
    """Find what a person means: a folder of pictures or a video file, else a scene.

    Args:
        name: A path, or the name of a scene that comes with the simulator.
        limit: Seconds after which it ends at the latest.

    Raises:
        SimulatorError: There is no such scene, or it has mistakes.
        UsageError: The path is a folder or file that is neither pictures nor a scene.
    """
    path = Path(name)
    if path.is_dir() or (path.is_file() and path.suffix.lower() not in {".yaml", ".yml"}):
        return Footage(name, None, path, limit)
    if not path.exists() and ("/" in name or path.suffix):
        raise UsageError(f"{name}: there is no such file", hint="name a video, a folder of pictures, or a scene")
    return Footage(name, Scene.load(name), None, limit)
