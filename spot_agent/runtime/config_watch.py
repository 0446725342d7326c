"""config.yaml while the agent runs: new models are put in place; what else has changed is told."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from models import ModelError
from spot_agent.config import WORLD_OBJECTS, AgentConfig, ConfigError, DetectorConfig, ModelLabels, load_config
from spot_agent.runtime.detector_slots import DetectorSlots
from spot_agent.runtime.news import News, NewsKind
from spot_agent.runtime.swapping import Swapper

PERIOD = 0.5  # s between two looks at the file
SWAPPED_SETTINGS = ("model", "threads", "threshold", "plausibility")  # all others are read at the start only
JOIN_TIMEOUT = 2.0  # s; a model that is being loaded cannot be interrupted, and nothing waits for it


@dataclass(frozen=True, slots=True)
class _Signature:
    """What changes when a file is written: time, size, and the file itself where an editor puts a new one in place."""

    modified: int
    size: int
    inode: int


class ConfigWatch:
    """Looks after config.yaml on a thread of its own.

    A change counts once the file has stayed the same for one look more, so that nothing half-written is read.

    Args:
        path: The file.
        config: What it said at the start.
        slots: The detectors.
        swapper: Puts new ones in place.
        tell: Told what happens.
        robot_now: Gives robot time in seconds.
        known_models: As for ``spot_agent.config.check_config``.
    """

    def __init__(
        self,
        path: Path,
        config: AgentConfig,
        slots: DetectorSlots,
        swapper: Swapper,
        tell: Callable[[News], None],
        robot_now: Callable[[], float],
        known_models: ModelLabels | None = None,
    ) -> None:
        self._path, self._running, self._slots, self._swapper = path, config, slots, swapper
        self._tell, self._robot_now, self._known_models = tell, robot_now, known_models
        self._seen: _Signature | None = None
        self._read: _Signature | None = None
        self._digest: bytes | None = None
        self._told: frozenset[str] = frozenset()
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, name="config watch", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """End; a model that is being loaded is left to itself."""
        self._end.set()
        self._thread.join(JOIN_TIMEOUT)

    def poll(self) -> None:
        """Look at the file once, and act on a change that has settled."""
        signature = _signature(self._path)
        settled, self._seen = signature == self._seen, signature
        if signature is None or not settled or signature == self._read:
            return
        self._read = signature
        digest = _digest(self._path)
        if digest == self._digest:
            return
        self._digest = digest
        try:
            config = load_config(self._path, self._known_models)
        except (ConfigError, ModelError) as error:
            problem = error.problems[0] if isinstance(error, ConfigError) else error
            self._news(NewsKind.CONFIG_IGNORED, f"everything goes on as it was: {problem}")
            return
        self._tell_of_restart(config)
        self._swap(config)

    def _run(self) -> None:
        while not self._end.is_set():
            self.poll()
            self._end.wait(PERIOD)

    def _tell_of_restart(self, config: AgentConfig) -> None:
        """Tell once of each part that has changed and is read at the start only."""
        changed = frozenset(_needing_restart(self._running, config))
        if changed - self._told:
            listed = ", ".join(sorted(changed))
            self._news(NewsKind.RESTART_NEEDED, f"changes count when the agent is started again: {listed}")
        self._told = changed

    def _swap(self, config: AgentConfig) -> None:
        for name, wanted in config.detectors.items():
            current = self._slots.settings(name)
            if current is not None and wanted.model != WORLD_OBJECTS and _differ(current, wanted):
                self._swapper.swap(name, wanted)

    def _news(self, kind: NewsKind, reason: str) -> None:
        self._tell(News(kind, self._robot_now(), reason))


def _differ(current: DetectorConfig, wanted: DetectorConfig) -> bool:
    return any(getattr(current, setting) != getattr(wanted, setting) for setting in SWAPPED_SETTINGS)


def _needing_restart(running: AgentConfig, config: AgentConfig) -> list[str]:
    """What differs and cannot be changed while the agent runs, by its place in the file."""
    sections = [name for name in AgentConfig.model_fields if name != "detectors"]
    changed = [name for name in sections if getattr(running, name) != getattr(config, name)]
    changed += [f"detectors > {name}" for name in running.detectors.keys() ^ config.detectors.keys()]
    for name in running.detectors.keys() & config.detectors.keys():
        before, after = running.detectors[name], config.detectors[name]
        changed += [
            f"detectors > {name} > {key}" for key in ("cameras", "rate") if getattr(before, key) != getattr(after, key)
        ]
        if (before.model == WORLD_OBJECTS) != (after.model == WORLD_OBJECTS):
            changed.append(f"detectors > {name} > model")
    return changed


def _signature(path: Path) -> _Signature | None:
    try:
        status = path.stat()
    except OSError:
        return None  # an editor may be about to put a new file in its place
    return _Signature(status.st_mtime_ns, status.st_size, status.st_ino)


def _digest(path: Path) -> bytes | None:
    try:
        return hashlib.sha256(path.read_bytes()).digest()
    except OSError:
        return None
