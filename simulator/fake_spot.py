"""A fake Spot to connect to: a server, not a mock."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import TracebackType

from simulator.cameras.frame_replay import FrameReplay
from simulator.cameras.painter import FlatPainter
from simulator.cameras.picture_source import PictureSource
from simulator.cameras.scene_painter import ScenePainter
from simulator.cameras.spot_cameras import SpotCameras
from simulator.certificates import load_certificates
from simulator.entries import EventEntry
from simulator.errors import WaitError
from simulator.events import FramesEnded, SimulatorEvent, Summary
from simulator.interventions import Interventions
from simulator.journal import Journal
from simulator.robot.behaviours import PlanarPose
from simulator.robot.robot import TICK, Robot, RobotSettings
from simulator.robot.ticker import Ticker
from simulator.scene import Scene, Verdict
from simulator.server import Parts, Server
from simulator.services.auth import Credentials
from simulator.services.disturbances import Disturbances
from simulator.services.time_sync import ClockBook
from simulator.services.tokens import TokenBook
from simulator.story import Story
from simulator.tags import TagWatcher
from simulator.truth import Truth, read_truth


def _ignore(event: SimulatorEvent) -> None:
    """Whoever gives no ``emit`` does not listen."""


class FakeSpot(Interventions):
    """A robot that the official SDK can connect to, for as long as the ``with`` statement lasts.

    Args:
        scene: A scene, its path or its name; without one the world is empty and even grey.
        frames: Recorded frames that replace the cameras.
        pictures: Any other origin of pictures, instead of both.
        host: Address to listen on.
        port: Port to listen on; 0 takes a free one.
        clock_skew: Robot time minus host time in seconds.
        colour: Whether the fisheyes see colour, as on newer robots.
        credentials: Who may log in; anyone by default.
        settings: Further properties of the robot; ``clock_skew`` and the scene's start replace its own.
        journal_file: Where to write the journal as JSON lines.
        emit: Told of events, from any thread.

    Raises:
        SimulatorError: The scene or the frames are wrong, or the port is taken.

    Example:
        >>> with FakeSpot() as spot:
        ...     sdk = create_standard_sdk("example", cert_resource_glob=str(spot.ca_file))
        ...     robot = sdk.create_robot(spot.host)
        ...     robot.update_secure_channel_port(spot.port)
    """

    def __init__(
        self,
        scene: Scene | str | Path | None = None,
        frames: FrameReplay | None = None,
        *,
        pictures: PictureSource | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        clock_skew: float = 12.5,
        colour: bool = True,
        credentials: Credentials | None = None,
        settings: RobotSettings | None = None,
        journal_file: Path | None = None,
        emit: Callable[[SimulatorEvent], None] = _ignore,
    ) -> None:
        self.scene = Scene.load(scene) if isinstance(scene, str | Path) else scene
        self.host = host
        self._emit = emit
        self.journal = Journal(journal_file)
        self._story = Story(self.scene, self.journal, emit)
        self._frames = frames
        self._frames_ended = False
        tokens, clocks, disturbances = TokenBook(), ClockBook(), Disturbances()
        certificates = load_certificates()
        self.ca_file = certificates.ca_file
        pictures = pictures or frames or self._cameras(colour=colour)
        robot = Robot(_settings(settings, clock_skew, self.scene, frames))
        self._tags = tags = TagWatcher(self.scene)
        parts = Parts(
            robot=robot,
            pictures=pictures,
            journal=self.journal,
            tokens=tokens,
            clocks=clocks,
            disturbances=disturbances,
            credentials=credentials,
            scene_time=self.scene_time,
            seen_objects=lambda: tags.objects(robot),
        )
        super().__init__(robot, Server(parts, certificates, host, port), tokens, clocks, disturbances)
        self._ticker = Ticker(robot.clock, TICK, self._tick)

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return self._server.port

    @property
    def verdicts(self) -> tuple[Verdict, ...] | None:
        """What the scene expected and whether it was met; ``None`` before its end."""
        return self._story.verdicts

    def scene_time(self) -> float | None:
        """Seconds of the scene; ``None`` before it starts."""
        return self._story.time_at(self.robot.moment.uptime)

    def truth(self) -> Truth:
        """The true robot now."""
        return read_truth(self.robot, self.scene_time())

    def wait_for(self, condition: Callable[[Truth], bool], timeout: float = 10.0, what: str = "") -> Truth:
        """Wait until the true robot fulfils a condition.

        Args:
            condition: Called with every new truth.
            timeout: Seconds to wait at most.
            what: The condition in words, for the message.

        Returns:
            The truth that fulfilled it.

        Raises:
            WaitError: It did not happen in time.
        """
        deadline = time.monotonic() + timeout
        while not condition(truth := self.truth()):
            if time.monotonic() > deadline:
                raise WaitError(f"{what or 'the condition'} did not come true within {timeout:g} s: {truth}")
            time.sleep(TICK)
        return truth

    def summary(self) -> Summary:
        """The run in figures."""
        commands = self.journal.commands
        accepted = sum(command.accepted for command in commands)
        return Summary(
            seconds=self.robot.moment.uptime,
            calls=sum(self.journal.calls.values()),
            accepted=accepted,
            refused=len(commands) - accepted,
            distance=self.robot.walked,
            journal_failure=self.journal.failure,
        )

    def start(self) -> None:
        """Start the robot and its server."""
        self._ticker.start()
        self._server.start()

    def stop(self) -> None:
        """Stop both and close the journal."""
        self._disturbances.close()
        self._server.stop()
        self._ticker.stop()
        self.journal.close()

    def __enter__(self) -> FakeSpot:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _cameras(self, *, colour: bool) -> PictureSource:
        if self.scene is None:
            return SpotCameras(FlatPainter(), colour=colour)
        return SpotCameras(ScenePainter(self.scene, self._story.world_time_at), colour=colour)

    def _tick(self, uptime: float) -> None:
        self.robot.tick(uptime)
        self._story.tick(self.robot)
        self._tags.look(self.robot.moment, self._story.world_time_at(uptime))
        if self._frames and not self._frames_ended and self._frames.has_ended(uptime):
            self._frames_ended = True
            self.journal.add(EventEntry(self.scene_time(), "frames ended"))
            self._emit(FramesEnded())


def _settings(
    settings: RobotSettings | None, clock_skew: float, scene: Scene | None, frames: FrameReplay | None
) -> RobotSettings:
    settings = replace(settings or RobotSettings(), clock_skew=clock_skew)
    if frames is not None:
        settings = replace(settings, frame_rate=1 / TICK)  # they have a rate of their own
    if scene is None:
        return settings
    x, y = scene.robot.position
    return replace(settings, start=PlanarPose(x, y, scene.robot.yaw))
