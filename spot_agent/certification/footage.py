"""What two models are shown: a scene or recorded pictures, as the agent gets them from a robot through the SDK."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from simulator.cameras.frame_replay import FrameReplay
from simulator.events import FramesEnded, SimulatorEvent
from simulator.fake_spot import FakeSpot
from simulator.scene import Scene
from spot_agent.cameras import Frame
from spot_agent.cameras.decode import build_frame
from spot_agent.config.sections import CameraConfig
from spot_agent.errors import UsageError
from spot_agent.robot import Address, Credentials, Spot


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

    def frames(self, cameras: Mapping[str, CameraConfig]) -> Iterator[Frame]:
        """Show it. The fake Spot stands and is moved by nobody; its clock is stepped, so every run shows the same.

        Args:
            cameras: The cameras to look through, as config.yaml has them.

        Yields:
            Each frame in the order of time; of one time, in the order of ``cameras``.

        Raises:
            SimulatorError: The pictures cannot be read.
            RobotRefused: It has none of these cameras.
        """
        ended = threading.Event()
        replay = None if self.pictures is None else FrameReplay(self.pictures, loop=False)
        period = 1 / (max(camera.rate for camera in cameras.values()) if replay is None else replay.rate)

        def listen(event: SimulatorEvent) -> None:
            if isinstance(event, FramesEnded):
                ended.set()

        with FakeSpot(self.scene, replay, clock="stepped", clock_skew=0.0, emit=listen) as fake:
            spot = Spot(Address(fake.host, fake.port, fake.ca_file), Credentials("certify", "certify"), lambda _: None)
            try:
                fake.stand_up()
                begin = fake.robot_time()
                fetchers = {name: spot.image_set(name, cameras[name]) for name in spot.usable_cameras(cameras)}
                while not ended.is_set() and fake.verdicts is None and fake.robot_time() - begin < self.limit:
                    for camera, fetch in fetchers.items():
                        responses = fetch()
                        depth = responses[1] if len(responses) > 1 else None
                        yield build_frame(camera, responses[0], depth, fake.robot_time(), fake.robot_time)
                    fake.step(period)
            finally:
                spot.shutdown()


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
