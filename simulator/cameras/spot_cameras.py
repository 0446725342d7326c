"""Spot's five body cameras with their fifteen sources, in front of a painter."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulator.calibration import CAMERA_NAMES, CameraCalibration, CameraModel, SpotCalibration
from simulator.cameras.painter import Painter, Painting, View
from simulator.cameras.picture_source import Pixels, Shot, Source
from simulator.robot.frames import FrameEdge, world_tform_body
from simulator.robot.robot import Moment

_IDENTITY = np.eye(4)
_NOTHING = Painting(None, None)


@dataclass(slots=True)
class _Slot:
    """The newest painting of one sensor; its lock is held while it is painted."""

    lock: threading.Lock
    taken: Moment | None = None
    painting: Painting = _NOTHING


class SpotCameras:
    """Fifteen sources; each picture is painted once, when someone asks for it, and only as far as asked.

    Args:
        painter: Paints the world.
        colour: Whether the fisheyes see colour, as on newer robots.
        calibration: Of this robot's cameras; the packaged one, if not given.
    """

    def __init__(self, painter: Painter, *, colour: bool = True, calibration: SpotCalibration | None = None) -> None:
        self._painter = painter
        self._colour = colour
        calibration = calibration or SpotCalibration.load()
        self._sources = tuple(source for name in CAMERA_NAMES for source in _sources(calibration[name], colour=colour))
        self._slots = {source.sensor_frame: _Slot(threading.Lock()) for source in self._sources}

    @property
    def sources(self) -> Sequence[Source]:
        """The fifteen sources."""
        return self._sources

    def shoot(self, sources: Sequence[Source], exposure: Moment) -> Mapping[str, Shot]:
        """Give the pictures of the newest exposure; all of one call are of the same moment."""
        shots: dict[str, Shot] = {}
        for frame in dict.fromkeys(source.sensor_frame for source in sources):
            group = [source for source in sources if source.sensor_frame == frame]
            painting = self._painted(frame, group, exposure)
            for source in group:
                shots[source.name] = Shot(_pixels(painting, source), exposure)
        return shots

    def _painted(self, frame: str, group: Sequence[Source], exposure: Moment) -> Painting:
        wants_image = any(not source.is_depth for source in group)
        wants_depth = any(source.is_depth for source in group)
        slot = self._slots[frame]
        with slot.lock:
            if slot.taken is not exposure:
                slot.taken, slot.painting = exposure, _NOTHING
            image = wants_image and slot.painting.image is None
            depth = wants_depth and slot.painting.depth is None
            if image or depth:
                new = self._painter.paint(_view(group[0], exposure), image=image, colour=self._colour, depth=depth)
                old = slot.painting
                slot.painting = Painting(
                    old.image if new.image is None else new.image, old.depth if new.depth is None else new.depth
                )
            return slot.painting


def _pixels(painting: Painting, source: Source) -> Pixels:
    pixels = painting.depth if source.is_depth else painting.image
    if pixels is None:
        raise RuntimeError(f"{source.name} was not painted")
    return pixels


def _view(source: Source, exposure: Moment) -> View:
    if source.model is None:
        raise RuntimeError(f"{source.name} has no camera model")
    pose: NDArray[np.float64] = np.asarray(world_tform_body(exposure.body).to_matrix(), np.float64)
    for edge in source.edges:
        pose = pose @ edge.parent_tform_child
    return View(source.camera, source.model, pose, exposure.uptime)


def _sources(camera: CameraCalibration, *, colour: bool) -> tuple[Source, Source, Source]:
    name, fisheye_frame = camera.name, f"{camera.name}_fisheye"
    head = FrameEdge("head", "body", _IDENTITY)
    to_depth = (head, FrameEdge(name, "head", camera.body_tform_depth))
    to_fisheye = (*to_depth, FrameEdge(fisheye_frame, name, camera.depth_tform_fisheye))

    def source(suffix: str, frame: str, model: CameraModel, edges: tuple[FrameEdge, ...]) -> Source:
        is_depth = suffix != "fisheye_image"
        return Source(
            name=f"{name}_{suffix}",
            camera=name,
            is_depth=is_depth,
            width=model.width,
            height=model.height,
            sensor_frame=frame,
            model=model,
            colour=colour and not is_depth,
            edges=edges,
        )

    return (
        source("fisheye_image", fisheye_frame, camera.fisheye, to_fisheye),
        source("depth", name, camera.depth, to_depth),
        source("depth_in_visual_frame", fisheye_frame, camera.fisheye, to_fisheye),
    )
