"""Runs a fake Spot until it is told to stop."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from simulator.cameras.frame_replay import DEFAULT_SOURCE, FrameReplay
from simulator.errors import StepError
from simulator.events import Ready, SimulatorEvent, Stepped, Stopped, Summary
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
        clock: ``"real"`` follows the host's clock; ``"stepped"`` goes on only by the steps that are given.
        seed: Makes everything random repeatable; ``None`` does not, but with a stepped clock is 0.
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
    clock: Literal["real", "stepped"] = "real"
    seed: int | None = None
    colour: bool = True
    credentials: Credentials | None = None
    journal_file: Path | None = None
    stop_after_scene: bool = False


def serve(
    options: SimulateOptions,
    emit: Callable[[SimulatorEvent], None],
    stop: threading.Event,
    steps: Iterable[float] = (),
) -> Summary:
    """Simulate until ``stop`` is set, or a stepped clock has made its last step.

    Args:
        options: What to simulate.
        emit: Told of events, from any thread; it must return soon.
        stop: Set by the caller, from a signal handler or another thread.
        steps: By how many seconds a stepped clock goes on, again and again; may block, for it has its own thread.

    Returns:
        The run in figures.

    Raises:
        SimulatorError: The scene or the frames are wrong, the port is taken, or a step makes no sense.
        OSError: The journal or the cache cannot be written.
    """
    spot = make_spot(options, emit)
    with spot:
        emit(Ready(spot.host, spot.port, spot.ca_file))
        stepping = _Stepping(spot, steps, emit) if options.clock == "stepped" else None
        while not stop.wait(0.2) and not (stepping and stepping.has_ended()):
            if options.stop_after_scene and spot.verdicts is not None:
                break
    summary = spot.summary()
    emit(Stopped(summary))
    return summary


class _Stepping:
    """Steps a fake Spot from a thread of its own, since the next step may be long in coming."""

    def __init__(self, spot: FakeSpot, steps: Iterable[float], emit: Callable[[SimulatorEvent], None]) -> None:
        self._spot = spot
        self._emit = emit
        self._steps = steps
        self._error: StepError | None = None
        self._ended = threading.Event()
        threading.Thread(target=self._run, name="fake-spot-steps", daemon=True).start()

    def has_ended(self) -> bool:
        """Whether there are no more steps.

        Raises:
            StepError: The last one made no sense.
        """
        if self._error is not None:
            raise self._error
        return self._ended.is_set()

    def _run(self) -> None:
        try:
            for seconds in self._steps:
                self._spot.step(seconds)
                self._emit(Stepped(seconds, round(self._spot.robot.moment.uptime, 6)))
        except StepError as error:
            self._error = error
        finally:
            self._ended.set()


def make_spot(options: SimulateOptions, emit: Callable[[SimulatorEvent], None]) -> FakeSpot:
    """A fake Spot as the options want it; it has not started.

    Raises:
        SimulatorError: The scene or the frames are wrong, or the port is taken.
        OSError: The journal or the cache cannot be written.
    """
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
        clock=options.clock,
        seed=options.seed,
        colour=options.colour,
        credentials=options.credentials,
        journal_file=options.journal_file,
        emit=emit,
    )
