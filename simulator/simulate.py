"""Runs a fake Spot until it is told to stop."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from simulator.cameras.frame_replay import DEFAULT_SOURCE, FrameReplay
from simulator.events import Ready, SimulatorEvent, Stopped, Summary
from simulator.fake_spot import FakeSpot
from simulator.services.auth import Credentials


@dataclass(frozen=True, slots=True)
class SimulateOptions:
    """What to simulate.

    Attributes:
        scene: Path or name of a scene; ``None`` for an empty grey world.
        frames: Folder of pictures or video that replaces the cameras; ``None`` for the scene's pictures.
        frame_rate: Frames a second of the recorded frames; ``None`` for their own.
        loop_frames: Begin again after the last recorded frame.
        frame_source: Name of the image source of the recorded frames.
        host: Address to listen on.
        port: Port to listen on; 0 takes a free one.
        clock_skew: Robot time minus host time in seconds.
        colour: Whether the fisheyes see colour.
        credentials: Who may log in; ``None`` admits anyone.
        journal_file: Where to write the journal as JSON lines.
        stop_after_scene: Stop once the scene has been judged.
    """

    scene: str | Path | None = None
    frames: Path | None = None
    frame_rate: float | None = None
    loop_frames: bool = True
    frame_source: str = DEFAULT_SOURCE
    host: str = "127.0.0.1"
    port: int = 50443
    clock_skew: float = 12.5
    colour: bool = True
    credentials: Credentials | None = None
    journal_file: Path | None = None
    stop_after_scene: bool = False


def serve(options: SimulateOptions, emit: Callable[[SimulatorEvent], None], stop: threading.Event) -> Summary:
    """Simulate until ``stop`` is set.

    Args:
        options: What to simulate.
        emit: Told of events, from any thread; it must return soon.
        stop: Set by the caller, from a signal handler or another thread.

    Returns:
        The run in figures.

    Raises:
        SimulatorError: The scene or the frames are wrong, or the port is taken.
        OSError: The journal or the cache cannot be written.
    """
    spot = _make(options, emit)
    with spot:
        emit(Ready(spot.host, spot.port, spot.ca_file))
        while not stop.wait(0.2):
            if options.stop_after_scene and spot.verdicts is not None:
                break
    summary = spot.summary()
    emit(Stopped(summary))
    return summary


def _make(options: SimulateOptions, emit: Callable[[SimulatorEvent], None]) -> FakeSpot:
    frames = None
    if options.frames is not None:
        frames = FrameReplay(
            options.frames, options.frame_rate, loop=options.loop_frames, source_name=options.frame_source
        )
    return FakeSpot(
        options.scene,
        frames,
        host=options.host,
        port=options.port,
        clock_skew=options.clock_skew,
        colour=options.colour,
        credentials=options.credentials,
        journal_file=options.journal_file,
        emit=emit,
    )
