"""Cameras that fail: frozen, dropped, black, corrupt or late pictures."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from simulator.cameras.picture_source import Shot

CameraFault = Literal["frozen", "dropped", "black", "corrupt", "late"]


@dataclass(frozen=True, slots=True)
class _Fault:
    sources: frozenset[str] | None
    seconds: float = 0.0

    def hits(self, name: str) -> bool:
        return self.sources is None or name in self.sources


class CameraFaults:
    """Which sources fail, and how. Safe from every thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: dict[CameraFault, _Fault] = {}
        self._frozen: dict[str, Shot] = {}
        self._black: dict[str, Shot] = {}
        self._changed = threading.Event()

    def begin(self, fault: CameraFault, sources: Sequence[str] | None, seconds: float = 0.0) -> None:
        """Let sources fail from now on; ``None`` for all of them. ``seconds`` is how late "late" is."""
        with self._lock:
            self._faults[fault] = _Fault(None if sources is None else frozenset(sources), seconds)

    def end(self, fault: CameraFault) -> None:
        """Let no source fail in this way any more."""
        with self._lock:
            self._faults.pop(fault, None)
            if fault == "frozen":
                self._frozen.clear()
            waiting, self._changed = self._changed, threading.Event()
        waiting.set()

    def close(self) -> None:
        """Let pictures that are late come at once."""
        with self._lock:
            self._faults.clear()
        self._changed.set()

    def hits(self, fault: CameraFault, name: str) -> bool:
        """Whether a source fails in this way now."""
        with self._lock:
            return self._hits(fault, name)

    def wait(self, names: Sequence[str]) -> None:
        """Wait as long as the latest of these sources is late."""
        with self._lock:
            fault, changed = self._faults.get("late"), self._changed
        if fault is not None and any(map(fault.hits, names)):
            changed.wait(fault.seconds)

    def spoil(self, shots: Mapping[str, Shot]) -> Mapping[str, Shot]:
        """The pictures that are served in place of those that were taken."""
        with self._lock:
            if not self._faults:
                return shots
            return {name: self._spoiled(name, shot) for name, shot in shots.items()}

    def _spoiled(self, name: str, shot: Shot) -> Shot:
        if self._hits("frozen", name):
            shot = self._frozen.setdefault(name, shot)
        if self._hits("black", name):
            black = self._black.get(name)
            pixels = black.pixels if black and black.pixels.shape == shot.pixels.shape else np.zeros_like(shot.pixels)
            shot = self._black[name] = Shot(pixels, shot.taken)
        return shot

    def _hits(self, fault: CameraFault, name: str) -> bool:
        active = self._faults.get(fault)
        return active is not None and active.hits(name)


def corrupted(data: bytes) -> bytes:
    """Bytes that lost their end and their beginning's meaning on the way: no decoder can read them."""
    return bytes(255 - byte for byte in data[:64]) + data[64 : len(data) // 2]
