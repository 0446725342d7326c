"""One run of the agent, from connecting to powering off."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from models import Detector, load_detector
from models.plausibility import with_plausibility
from spot_agent.cameras import StreamCounts
from spot_agent.config import WORLD_OBJECTS, AgentConfig, DetectorConfig
from spot_agent.robot import Address, Credentials, Sent, Spot
from spot_agent.runtime.agent import Agent
from spot_agent.runtime.config_watch import ConfigWatch
from spot_agent.runtime.swapping import Swapper
from spot_agent.runtime.tick import Listener


@dataclass(frozen=True, slots=True)
class RunResult:
    """How a run ended.

    Attributes:
        frames: What became of each camera's frames.
        problems: What could not be done at the end, in words.
        missing_cameras: Cameras of config.yaml that the robot does not have.
        lease_holder: Who held the lease instead of us at the end; ``None`` if nobody did.
    """

    frames: dict[str, StreamCounts]
    problems: tuple[str, ...]
    missing_cameras: tuple[str, ...]
    lease_holder: str | None


def load_detectors(config: AgentConfig) -> dict[str, Detector]:
    """Load every detector that config.yaml names; what the robot itself finds needs none."""
    return {
        name: load_configured(settings)
        for name, settings in config.detectors.items()
        if settings.model != WORLD_OBJECTS
    }


def load_configured(settings: DetectorConfig) -> Detector:
    """Load the model of one detector as config.yaml wants it."""
    detector = load_detector(settings.model, threads=settings.threads, threshold=settings.threshold)
    return with_plausibility(settings.model, detector) if settings.plausibility else detector


class Session:
    """Runs the agent once.

    Args:
        config: What to look for and what to do.
        detectors: The detectors by their names in config.yaml.
        listeners: Who sees what it does.
        watch_only: Whether the robot must not be moved, whatever config.yaml says.
        progress: Told what is being done while nothing is to be seen yet.
        config_file: Where the configuration was read; models that change there are exchanged while the agent runs.
    """

    def __init__(
        self,
        config: AgentConfig,
        detectors: Mapping[str, Detector],
        listeners: Sequence[Listener],
        *,
        watch_only: bool = False,
        progress: Callable[[str], None],
        config_file: Path | None = None,
    ) -> None:
        self._config, self._detectors, self._listeners = config, detectors, listeners
        self._moves = config.robot.power_on and not watch_only
        self._progress = progress
        self._config_file = config_file

    def run(self, address: Address, credentials: Credentials, ended: Callable[[], bool]) -> RunResult:
        """Connect, run until ``ended`` says so, and leave the robot sitting with its motors off.

        Raises:
            AgentError: The robot cannot be reached, or refuses.
        """
        self._progress(f"connecting to {address.hostname}:{address.port}")
        spot = Spot(address, credentials, self._on_sent)
        try:
            agent = Agent(spot, self._config, self._detectors, self._listeners, moves=self._moves)
            if self._moves:
                self._progress("asking for the lease and powering on")
                spot.arm()
            with self._watching_config(agent, spot.clock.now):
                agent.run(ended)
        finally:
            self._progress("powering off")
            problems = spot.shutdown()
        missing = tuple(camera for camera in self._config.cameras if camera not in agent.counts)
        return RunResult(agent.counts, tuple(problems), missing, spot.lease_holder)

    @contextmanager
    def _watching_config(self, agent: Agent, robot_now: Callable[[], float]) -> Iterator[None]:
        if self._config_file is None:
            yield
            return
        longest = self._config.safety.max_evidence_age
        swapper = Swapper(agent.slots, load_configured, longest, agent.tell, robot_now)
        watch = ConfigWatch(self._config_file, self._config, agent.slots, swapper, agent.tell, robot_now)
        watch.start()
        try:
            yield
        finally:
            watch.stop()

    def _on_sent(self, sent: Sent) -> None:
        for listener in self._listeners:
            listener.on_sent(sent)


def new_run_folder(parent: Path, name: str) -> Path:
    """Make a folder for a run; a number is added when the name is taken."""
    for number in range(1, 1000):
        folder = parent / (name if number == 1 else f"{name}-{number}")
        try:
            folder.mkdir(parents=True)
        except FileExistsError:
            continue
        return folder
    raise FileExistsError(f"there are too many folders named {name} in {parent}")
