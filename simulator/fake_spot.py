"""A fake Spot to connect to: a server, not a mock."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Literal

from simulator.cameras.frame_replay import FrameReplay
from simulator.cameras.imperfections import Imperfections, ImperfectPainter, calibration_of_robot
from simulator.cameras.painter import FlatPainter, Painter
from simulator.cameras.picture_source import PictureSource
from simulator.cameras.scene_painter import ScenePainter
from simulator.cameras.spot_cameras import SpotCameras
from simulator.certificates import load_certificates
from simulator.entries import EventEntry
from simulator.errors import StepError, WaitError
from simulator.events import FramesEnded, SimulatorEvent, Summary
from simulator.fault_script import FaultScript, read_faults
from simulator.interventions import Interventions
from simulator.journal import Journal
from simulator.monitor import InvariantMonitor
from simulator.robot.behaviours import PlanarPose
from simulator.robot.randomness import random_source
from simulator.robot.robot import TICK, Robot, RobotSettings
from simulator.robot.ticker import Stepper, Ticker
from simulator.scene import Scene, Verdict
from simulator.scene.faults import AnyFault
from simulator.scene.limits import Limits
from simulator.scene.live import LiveScene
from simulator.scene_docks import docks_of
from simulator.server import Parts, Server
from simulator.services.auth import Credentials
from simulator.services.disturbances import Disturbances
from simulator.services.dock_objects import dock_objects
from simulator.services.link import Link, LinkSettings
from simulator.services.time_sync import ClockBook
from simulator.services.tokens import TokenBook
from simulator.solid import SolidWorld
from simulator.solid.bumper import Bumper
from simulator.story import Story
from simulator.tags import TagWatcher
from simulator.truth import Truth, read_truth
from simulator.world import World

_PERFECT = Imperfections()
_FAST = LinkSettings()


def _ignore(event: SimulatorEvent) -> None:
    """Whoever gives no ``emit`` does not listen."""


class FakeSpot(Interventions):
    """A robot that the official SDK can connect to, for as long as the ``with`` statement lasts.

    ``world`` moves, hides and shows what is around it; ``journal`` tells what truly happened; ``robot`` is its inside.

    Args:
        scene: A scene, its path or its name; without one the world is empty and even grey.
        frames: Recorded frames that replace the cameras.
        pictures: Any other origin of pictures, instead of both.
        host: Address to listen on.
        port: Port to listen on; 0 takes a free one.
        clock_skew: Robot time minus host time in seconds.
        colour: Whether the fisheyes see colour, as on newer robots.
        credentials: Who may log in; anyone by default.
        settings: Further properties of the robot; ``clock_skew``, ``clock``, ``seed`` and the scene's start replace
            its own.
        clock: ``"real"`` follows the host's clock; ``"stepped"`` stands still but for :meth:`step`.
        imperfections: What is wrong with the cameras of scenes.
        link: How good the network is.
        seed: Makes everything random repeatable; ``None`` does not, but with a stepped clock is 0.
        limits: What a well-behaved client keeps to; the scene's own, if not given.
        faults: What goes wrong, and when, besides the scene's own faults; written as in a scene.
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
        clock: Literal["real", "stepped"] = "real",
        imperfections: Imperfections = _PERFECT,
        link: LinkSettings = _FAST,
        seed: int | None = None,
        limits: Limits | None = None,
        faults: Sequence[AnyFault | Mapping[str, object]] = (),
        journal_file: Path | None = None,
        emit: Callable[[SimulatorEvent], None] = _ignore,
    ) -> None:
        self.scene = Scene.load(scene) if isinstance(scene, str | Path) else scene
        self.host = host
        self._emit = emit
        self.journal = Journal(journal_file)
        self._live = None if self.scene is None else LiveScene.of(self.scene)
        self._story = Story(self._live, self.journal, emit)
        self._frames = frames
        self._frames_ended = False
        stepped = clock == "stepped"
        seed = 0 if seed is None and stepped else seed
        tokens = TokenBook(random_source(seed, "tokens"))
        clocks = ClockBook(random_source(seed, "clocks"))
        disturbances = Disturbances(Link(link, random_source(seed, "link")))
        certificates = load_certificates()
        self.ca_file = certificates.ca_file
        pictures = pictures or frames or self._cameras(colour, imperfections, seed or 0)
        settings = replace(settings or RobotSettings(), clock_skew=clock_skew, stepped=stepped, seed=seed)
        world = SolidWorld(self._live)
        bumper = Bumper(world, self._story.world_time_at, self._note_contact)
        robot = Robot(_settings(settings, self.scene, frames), bumper.limit)
        self.world = World(self._live, self._shown_time, robot.lock, self._note)
        self.monitor = InvariantMonitor(robot, self._live, limits or _limits(self.scene), self.journal, emit)
        self._tags = tags = TagWatcher(self._live, world)
        parts = Parts(
            robot=robot,
            pictures=pictures,
            journal=self.journal,
            tokens=tokens,
            clocks=clocks,
            disturbances=disturbances,
            credentials=credentials,
            scene_time=self.scene_time,
            seen_objects=lambda: [*tags.objects(robot), *dock_objects(robot)],
            world=world,
            world_time=self._story.world_time_at,
        )
        super().__init__(robot, Server(parts, certificates, host, port), tokens, clocks, disturbances)
        self._faults = FaultScript(self, self.scene, self.journal, emit)
        self._faults.schedule(self.scene.faults if self.scene else ())
        self.schedule(*faults)
        self._ticker = None if stepped else Ticker(robot.clock, TICK, self._tick)
        self._stepper = Stepper(TICK, self._tick)

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return self._server.port

    @property
    def address(self) -> str:
        """Host and port that it listens on, as ``host:port``."""
        return f"{self.host}:{self.port}"

    @property
    def verdicts(self) -> tuple[Verdict, ...] | None:
        """What the scene expected and whether it was met; ``None`` before its end."""
        return self._story.verdicts

    def schedule(self, *faults: AnyFault | Mapping[str, object]) -> None:
        """Let further things go wrong, written as in a scene: ``{"fault": "fall", "when": "robot walks"}``.

        Raises:
            SceneError: That is no fault, or it waits for an object that the scene does not have.
        """
        self._faults.schedule(read_faults(faults))

    def scene_time(self) -> float | None:
        """Seconds of the scene; ``None`` before it starts."""
        return self._story.time_at(self.robot.moment.uptime)

    def truth(self) -> Truth:
        """The true robot now."""
        return read_truth(self.robot, self.scene_time())

    def robot_time(self) -> float:
        """Seconds since the epoch on the robot's clock."""
        return self.robot.clock.now()

    def step(self, seconds: float) -> None:
        """Let the world go on for some seconds, as fast as it can; returns when it has.

        Raises:
            StepError: The clock is not stepped, or the time is negative.
        """
        if self._ticker is not None:
            raise StepError('the clock runs by itself; make the fake Spot with clock="stepped"')
        self._stepper.step(seconds)

    def wait_for(self, condition: Callable[[Truth], bool], timeout: float = 10.0, what: str = "") -> Truth:
        """Wait until the true robot fulfils a condition; on a stepped clock, step until it does.

        Args:
            condition: Called with every new truth.
            timeout: Seconds to wait, or to step, at most.
            what: The condition in words, for the message.

        Returns:
            The truth that fulfilled it.

        Raises:
            WaitError: It did not happen in time.
        """
        clock = self.robot.clock.uptime if self._ticker is None else time.monotonic
        deadline = clock() + timeout
        while not condition(truth := self.truth()):
            if clock() > deadline:
                raise WaitError(f"{what or 'the condition'} did not come true within {timeout:g} s: {truth}")
            if self._ticker is None:
                self.step(TICK)
            else:
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
            violations=self.monitor.counts,
        )

    def start(self) -> None:
        """Start the robot and its server."""
        if self._ticker is not None:
            self._ticker.start()
        self._server.start()

    def stop(self) -> None:
        """Stop both and close the journal."""
        self._disturbances.close()
        self._server.stop()
        if self._ticker is not None:
            self._ticker.stop()
        self.journal.close()

    def __enter__(self) -> FakeSpot:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _cameras(self, colour: bool, imperfections: Imperfections, seed: int) -> PictureSource:
        painter: Painter = FlatPainter()
        if self._live is not None:
            painter = ScenePainter(self._live, self._story.world_time_at)
        if imperfections.spoils_pictures:
            painter = ImperfectPainter(painter, imperfections, seed)
        calibration = calibration_of_robot(imperfections.calibration, seed)
        return SpotCameras(painter, colour=colour, calibration=calibration)

    def _shown_time(self) -> float:
        return self._story.world_time_at(self.robot.clock.uptime())

    def _note(self, name: str, detail: str) -> None:
        self.journal.add(EventEntry(self.robot_time(), self.scene_time(), name, detail))

    def _note_contact(self, name: str) -> None:
        self._note("contact", name)
        self.monitor.touched(name, self.scene_time())

    def _tick(self, uptime: float) -> None:
        self.robot.tick(uptime)
        self._story.tick(self.robot)
        self.monitor.look(self.scene_time())
        self._faults.tick(self.truth)
        self._tags.look(self.robot.moment, self._story.world_time_at(uptime))
        if self._frames and not self._frames_ended and self._frames.has_ended(uptime):
            self._frames_ended = True
            self._note("frames ended", "")
            self._emit(FramesEnded())


def _limits(scene: Scene | None) -> Limits:
    return Limits() if scene is None else scene.limits


def _settings(settings: RobotSettings, scene: Scene | None, frames: FrameReplay | None) -> RobotSettings:
    if frames is not None:
        settings = replace(settings, frame_rate=1 / TICK)  # they have a rate of their own
    if scene is None:
        return settings
    settings = replace(settings, docks=settings.docks or docks_of(scene))
    x, y = scene.robot.position
    return replace(settings, start=PlanarPose(x, y, scene.robot.yaw))
