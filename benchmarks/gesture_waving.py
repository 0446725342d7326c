"""How soon and how surely waving is told of rendered people, and how often it is said of people who walk by."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks.gesture_pictures import HALVES, Half, camera_pose, make_scene
from models import Detector
from models.gestures import PERSON, Moment, WaveWatch
from simulator.rendering import Renderer

RATE = 30
"""Pictures a second that are rendered; slower rates leave some out."""

STEPS = (10, 6, 3, 2)
SECONDS = 4


def waving(detector: Detector, half: Half, console: Console) -> None:
    """Print how soon and how often waving is seen, by pictures a second.

    Each history of a person is counted once for every picture that it may begin with.
    """
    around = HALVES[half]
    waves: list[list[Moment | None]] = []
    walks: list[list[Moment | None]] = []
    for number, distance in enumerate(around.distances):
        body, clothes = around.people[number % len(around.people)]
        turn = around.turns[number % len(around.turns)]
        variant = around.variants[number % len(around.variants)]
        person = {"body": body, "clothes": clothes}
        span = {"gesture": "waving", "between": [1, 6], "variant": variant}
        scene = make_scene(around.panorama, {**person, "gestures": [span]}, distance, 180 + turn)
        waves.append(list(poses(detector, Renderer(scene), half)))
        side = math.copysign(1.5, turn)
        path = [{"at": 0, "position": [distance, side]}, {"at": 5, "position": [distance, -side]}]
        scene = make_scene(around.panorama, {**person, "motion": path}, distance, 0)
        walks.append(list(poses(detector, Renderer(scene), half)))
    title = f"waving, {half}: {len(waves)} people wave, {len(walks)} walk, {SECONDS} s each"
    table = Table("pictures a second", "waves seen", "median s until seen", "walkers who 'wave'", title=title)
    for step in STEPS:
        delays = [first_wave(wave[start::step]) for wave in waves for start in range(step)]
        walkers = [first_wave(walk[start::step]) for walk in walks for start in range(step)]
        seen = [delay for delay in delays if delay is not None]
        false = sum(delay is not None for delay in walkers)
        median = f"{np.median(seen):.1f}" if seen else "-"
        table.add_row(f"{RATE / step:g}", f"{len(seen)} of {len(delays)}", median, f"{false} of {len(walkers)}")
    console.print(table)


def poses(detector: Detector, renderer: Renderer, half: Half) -> Iterator[Moment | None]:
    """Watch the person of a scene from 1 s on; ``None`` where nobody is found."""
    for index in range(SECONDS * RATE):
        image = renderer.render(HALVES[half].camera, camera_pose(), 1 + index / RATE).image
        best = next((found for found in detector.detect([image])[0] if found.label == PERSON), None)
        yield None if best is None or best.pose is None else Moment(index / RATE, best.pose)


def first_wave(history: Sequence[Moment | None]) -> float | None:
    """Tell when somebody first waves, in seconds; ``None`` if never."""
    watch = WaveWatch()
    found = (moment for moment in history if moment is not None)
    return next((moment.time for moment in found if watch.update(moment.time, moment.pose)), None)
