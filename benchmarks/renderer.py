"""Frames a second of the simulator's renderer on one core: ``python benchmarks/renderer.py``.

Renders the lobby at 640×480 from all five cameras in turn, at a new moment for each set of five, as a simulator does.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time

import cv2
import numpy as np
from numpy.typing import NDArray

from simulator.calibration import STANDING_HEIGHT, CameraModel, KannalaBrandt, SpotCalibration
from simulator.rendering import Renderer
from simulator.scene import Scene

LENS = (0.02, -0.012, 0.004, -0.001)
"""k1 to k4 of a plausible fisheye; the recorded calibration has none."""


def main() -> None:
    """Print a line for each combination of lens and depth."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--scene", default="lobby")
    parser.add_argument("--sets", type=int, default=40, help="sets of five cameras for each line")
    arguments = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    cv2.setNumThreads(1)
    renderer = Renderer(Scene.load(arguments.scene))
    start = time.perf_counter()
    renderer.warm_up()
    print(f"warm-up {time.perf_counter() - start:.2f} s (more where the kernels are not cached yet)")
    for lens in ("pinhole", "kannala-brandt"):
        for depth in (False, True):
            milliseconds = measure(renderer, lens, depth=depth, sets=arguments.sets)
            line = f"{lens:15} {'with' if depth else 'without':7} depth: {milliseconds:5.1f} ms"
            print(f"{line}, {1000 / milliseconds:4.0f} frames a second")


def measure(renderer: Renderer, lens: str, *, depth: bool, sets: int) -> float:
    """Return the mean milliseconds a frame, over the middle half of the sets."""
    calibration = SpotCalibration.load()
    body = np.eye(4)
    body[2, 3] = STANDING_HEIGHT
    durations = []
    for index in range(-2, sets):
        start = time.perf_counter()
        for camera in calibration.cameras.values():
            model: CameraModel = camera.fisheye
            if lens == "kannala-brandt":
                pinhole = camera.fisheye
                model = KannalaBrandt(
                    pinhole.width, pinhole.height, pinhole.focal_x, pinhole.focal_y,
                    pinhole.centre_x, pinhole.centre_y, *LENS,
                )  # fmt: skip
            pose = turned(body, index * 0.15) @ camera.body_tform_fisheye
            renderer.render(model, pose, max(index, 0) * 0.5, depth=depth)
        if index >= 0:
            durations.append((time.perf_counter() - start) / len(calibration.cameras))
    durations.sort()
    return statistics.mean(durations[len(durations) // 4 : -len(durations) // 4]) * 1000


def turned(body: NDArray[np.float64], yaw: float) -> NDArray[np.float64]:
    """Turn a body's pose (4×4) about the vertical."""
    pose = body.copy()
    pose[:2, :2] = [[np.cos(yaw), -np.sin(yaw)], [np.sin(yaw), np.cos(yaw)]]
    return pose


if __name__ == "__main__":
    main()
