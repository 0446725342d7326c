"""Pictures of a scene by cameras as a robot has them, with what was measured and what is truly there."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.plausibility_scenes import STEP, Subject
from models import Box
from simulator.calibration import STANDING_HEIGHT, CameraModel, KannalaBrandt, Pinhole, SpotCalibration
from simulator.cameras.imperfections import Imperfections, ImperfectPainter
from simulator.cameras.painter import Painting, View
from simulator.rendering import Renderer
from spot_agent.cameras import CameraModel as AgentCamera
from spot_agent.cameras import Frame, FrameTimes, Upright, roll_of

CAMERAS = ("frontleft", "frontright", "frontleft", "frontright", "left", "right", "back")
SPOT_DEPTH_RANGE = 4.0  # m, of Spot's body cameras by its data sheet
LEAST_PIXELS = 400  # a thing of which less is seen is not asked for, nor is a detection of it held against anybody
LEAST_EDGE = 14.0  # px, likewise


@dataclass(frozen=True, eq=False)
class SeenThing:
    """A subject in a picture.

    Attributes:
        subject: What it is.
        box: Around its visible pixels, in the upright picture.
        clear: Whether enough is seen of it to ask for it.
    """

    subject: Subject
    box: Box
    clear: bool


@dataclass(frozen=True, eq=False)
class Shot:
    """A picture, and all that is known of it."""

    frame: Frame
    things: tuple[SeenThing, ...]


@dataclass(frozen=True, eq=False)
class _Camera:
    model: CameraModel
    pose: NDArray[np.float64]


class _RenderPainter:
    """A renderer as what paints for imperfect cameras."""

    def __init__(self, renderer: Renderer) -> None:
        self._renderer = renderer

    def paint(self, view: View, *, image: bool, colour: bool, depth: bool) -> Painting:
        picture = self._renderer.render(view.model, view.world_tform_camera, 0.0, colour=colour, depth=depth)
        return Painting(picture.image, picture.depth)


def take(renderer: Renderer, subjects: Sequence[Subject], source: np.random.Generator) -> Shot:
    """Take a picture with a random camera.

    Args:
        renderer: Of the scene.
        subjects: Of which the ``i``-th is away at ``STEP * (i + 1)`` seconds.
        source: Of randomness.

    Returns:
        The picture.
    """
    camera = _spot_camera(source) if source.random() < 0.6 else _other_camera(source)
    wrong = Imperfections(
        noise=float(source.uniform(0, 6)),
        blur=float(source.choice([0.0, 0.0, 0.8])),
        exposure=float(source.uniform(0, 0.7)),
        depth_holes=float(source.choice([0.0, 0.1, 0.3, 0.5])),
    )
    painter = ImperfectPainter(_RenderPainter(renderer), wrong, int(source.integers(2**31)))
    colour = bool(source.random() < 0.6)
    painting = painter.paint(View("any", camera.model, camera.pose, 0.0), image=True, colour=colour, depth=True)
    if painting.image is None or painting.depth is None:
        raise RuntimeError("the painter left out what was asked for")
    upright = Upright.by_roll(roll_of(camera.pose), camera.model.width, camera.model.height)
    frame = Frame(
        camera="any",
        image=upright.apply(painting.image),
        times=FrameTimes(0.0, 0.0, 0.0),
        upright=upright,
        model=_agent_camera(camera.model),
        odom_tform_camera=_mismeasured(camera.pose, source),
        floor=None if source.random() < 0.05 else float(source.normal(0, 0.015)),
        depth=_sensed(painting.depth, source),
    )
    return Shot(frame, _seen(renderer, camera, upright, subjects))


def _spot_camera(source: np.random.Generator) -> _Camera:
    mounted = SpotCalibration.load()[str(source.choice(CAMERAS))]
    ahead = mounted.body_tform_fisheye[:2, 2]
    yaw = float(source.uniform(-0.5, 0.5)) - math.atan2(ahead[1], ahead[0])
    pitch = float(source.uniform(-0.35, 0.17) if source.random() < 0.3 else source.normal(0, 0.05))
    height = float(source.uniform(0.2, 0.35) if source.random() < 0.15 else source.normal(STANDING_HEIGHT, 0.02))
    body = _pose(yaw, pitch, float(source.normal(0, 0.03)), height)
    return _Camera(mounted.fisheye, body @ mounted.body_tform_fisheye)


def _other_camera(source: np.random.Generator) -> _Camera:
    """A camera that looks ahead: on the robot's back, on an arm, on a tripod."""
    focal = float(source.uniform(260, 560))
    model: CameraModel = Pinhole(640, 480, focal, focal, 320, 240)
    if source.random() < 0.5:
        focal = float(source.uniform(220, 320))
        k1, k2 = (float(value) for value in source.normal(0, 0.02, 2))
        model = KannalaBrandt(640, 480, focal, focal, 320, 240, k1, k2, 0.0, 0.0)
    height, pitch = float(source.uniform(0.3, 1.6)), float(source.uniform(-0.25, 0.35))
    body = _pose(float(source.uniform(-0.4, 0.4)), pitch, float(source.normal(0, 0.03)), height)
    optical = np.array([[0.0, 0, 1, 0], [-1, 0, 0, 0], [0, -1, 0, 0], [0, 0, 0, 1]])
    return _Camera(model, body @ optical)


def _pose(yaw: float, pitch: float, roll: float, height: float) -> NDArray[np.float64]:
    pose = np.eye(4)
    for axis, angle in (((0, 0, 1), yaw), ((0, 1, 0), pitch), ((1, 0, 0), roll)):
        pose[:3, :3] = pose[:3, :3] @ cv2.Rodrigues(np.array(axis, np.float64) * angle)[0]
    pose[2, 3] = height
    return pose


def _mismeasured(pose: NDArray[np.float64], source: np.random.Generator) -> NDArray[np.float64]:
    """The pose as the robot believes it: half a degree off."""
    wrong = pose.copy()
    wrong[:3, :3] = cv2.Rodrigues(source.normal(0, math.radians(0.5), 3))[0] @ pose[:3, :3]
    return wrong


def _sensed(depth: NDArray[np.uint16], source: np.random.Generator) -> NDArray[np.uint16] | None:
    """Depth as a stereo camera gives it: of limited range, and the less exact the farther away; or none at all."""
    if source.random() < 0.12:
        return None
    metres = depth / 1000.0
    spread = 0.004 * metres**2 * source.standard_normal(depth.shape)
    metres = metres * float(source.normal(1, 0.01)) + spread
    farthest = SPOT_DEPTH_RANGE if source.random() < 0.6 else 12.0
    seen = (depth > 0) & (metres > 0.1) & (metres < farthest)
    return np.where(seen, np.rint(metres * 1000), 0).astype(np.uint16)


def _agent_camera(model: CameraModel) -> AgentCamera:
    distortion = (model.k1, model.k2, model.k3, model.k4) if isinstance(model, KannalaBrandt) else ()
    return AgentCamera(
        model.focal_x, model.focal_y, model.centre_x, model.centre_y, distortion, fisheye=bool(distortion)
    )


def _seen(renderer: Renderer, camera: _Camera, upright: Upright, subjects: Sequence[Subject]) -> tuple[SeenThing, ...]:
    """Find each subject's pixels: those whose depth changes when it goes away."""
    everything = renderer.render_depth(camera.model, camera.pose, 0.0)
    found = []
    for index, subject in enumerate(subjects):
        rows, columns = np.nonzero(renderer.render_depth(camera.model, camera.pose, STEP * (index + 1)) != everything)
        if len(rows) < 20:
            continue
        pixels = np.column_stack([columns, rows]) @ upright.to_upright[:, :2].T + upright.to_upright[:, 2]
        box = Box(*(pixels.min(axis=0) - 0.5).tolist(), *(pixels.max(axis=0) + 0.5).tolist())
        clear = len(rows) >= LEAST_PIXELS and min(box.width, box.height) >= LEAST_EDGE
        found.append(SeenThing(subject, box, clear))
    return tuple(found)
