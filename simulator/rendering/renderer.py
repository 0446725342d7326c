"""Pictures of a scene, as a camera in it would take them."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from simulator.calibration import CameraModel, KannalaBrandt, Pinhole
from simulator.rendering.blending_kernel import blend
from simulator.rendering.projection import RayTable, ray_table
from simulator.rendering.setup_kernel import ROWS, prepare
from simulator.rendering.shading_kernel import shade, shade_background
from simulator.rendering.triangles import Triangles
from simulator.rendering.visibility_kernel import depth_in_millimetres, resolve_visibility
from simulator.rendering.world_mesh import WorldMesh
from simulator.scene.scene import Scene

_MOMENTS_KEPT = 4
_LENS_BLUR = 0.55
"""Standard deviation, in pixels, of the softness of a real lens; it also takes the steps out of edges."""

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """What a camera sees.

    Attributes:
        image: H×W×3 RGB, or H×W grey, uint8.
        depth: H×W, uint16: millimetres along the optical axis, 0 where nothing is near enough; or None.
    """

    image: NDArray[np.uint8]
    depth: NDArray[np.uint16] | None


@dataclass(frozen=True, slots=True, eq=False)
class _View:
    """Triangles as one camera sees them, and what is in front at each pixel."""

    triangles: Triangles
    planes: NDArray[np.float32]
    boxes: NDArray[np.int32]
    blended: NDArray[np.int64]
    inverse_depth: NDArray[np.float32]
    front: NDArray[np.int32]


class Renderer:
    """Renders a scene without a graphics card. May be called from several threads at once.

    The same arguments give the same bytes on every run.

    Args:
        scene: What there is to see.
        depth_range: Metres beyond which depth is 0, as with a real depth sensor.

    Raises:
        AssetError: A packaged picture or body is missing or damaged.

    Example:
        >>> from simulator.calibration import SpotCalibration, STANDING_HEIGHT
        >>> import numpy as np
        >>> camera = SpotCalibration.load()["left"]
        >>> world_tform_body = np.eye(4)
        >>> world_tform_body[2, 3] = STANDING_HEIGHT
        >>> renderer = Renderer(Scene.load("empty"))
        >>> pose = world_tform_body @ camera.body_tform_fisheye
        >>> renderer.render(camera.fisheye, pose, time=0.0, colour=False).image.shape
        (480, 640)
    """

    def __init__(self, scene: Scene, *, depth_range: float = 12.0) -> None:
        self._mesh = WorldMesh(scene)
        self._farthest = np.float32(1.0 / depth_range)
        self._lock = threading.Lock()
        self._moments: OrderedDict[tuple[float, int], Triangles] = OrderedDict()
        self._rays: OrderedDict[CameraModel, RayTable] = OrderedDict()

    def render(
        self,
        camera: CameraModel,
        world_tform_camera: NDArray[np.float64],
        time: float,
        *,
        colour: bool = True,
        depth: bool = False,
    ) -> Picture:
        """Take a picture.

        Args:
            camera: Projection and size.
            world_tform_camera: 4×4 pose of the camera in the world; optical frame: x right, y down, z forward.
            time: Scene time in seconds.
            colour: RGB if true, grey if not.
            depth: Whether the depth picture is wanted too.
        """
        rays = self._ray_table(camera)
        view = self._look(camera, rays, world_tform_camera, time)
        image = np.zeros((camera.height, camera.width, 3), np.uint8)
        self._shade(view, rays, world_tform_camera, image)
        self._blend(view, rays, image)
        millimetres = self._depth(view) if depth else None
        if not colour:
            image = np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), np.uint8)
        soft = cv2.GaussianBlur(image, (3, 3), _LENS_BLUR)
        return Picture(np.asarray(soft, np.uint8), millimetres)

    def render_depth(
        self, camera: CameraModel, world_tform_camera: NDArray[np.float64], time: float
    ) -> NDArray[np.uint16]:
        """Take a depth picture alone (H×W, millimetres), which costs less than a whole picture."""
        rays = self._ray_table(camera)
        view = self._look(camera, rays, world_tform_camera, time)
        self._blend(view, rays, np.zeros((camera.height, camera.width, 3), np.uint8))
        return self._depth(view)

    def warm_up(self) -> None:
        """Load the compiled kernels, or compile them where they are not cached yet."""
        pose = np.array([[0.0, 0, 1, 0], [-1, 0, 0, 0], [0, -1, 0, 0.5], [0, 0, 0, 1]])
        for camera in (Pinhole(64, 48, 30, 30, 32, 24), KannalaBrandt(64, 48, 30, 30, 32, 24, 0, 0, 0, 0)):
            self.render(camera, pose, 0.0, depth=True)

    def _ray_table(self, camera: CameraModel) -> RayTable:
        return self._remembered(self._rays, camera, lambda: ray_table(camera), kept=32)

    def _remembered(
        self, memory: OrderedDict[CameraModel, Value] | OrderedDict[tuple[float, int], Value],
        key: CameraModel | tuple[float, int], compute: Callable[[], Value], kept: int,
    ) -> Value:  # fmt: skip
        """Look up a value, or compute it once for all threads."""
        with self._lock:
            known: OrderedDict[object, Value] = memory  # type: ignore[assignment]  # keys differ, use does not
            if key not in known:
                known[key] = compute()
                while len(known) > kept:
                    known.popitem(last=False)
            return known[key]

    def _look(self, camera: CameraModel, rays: RayTable, pose: NDArray[np.float64], time: float) -> _View:
        moment = (time, self._mesh.version)
        triangles = self._remembered(self._moments, moment, lambda: self._mesh.at(time), kept=_MOMENTS_KEPT)
        count = len(triangles)
        planes = np.empty((count, ROWS, 3), np.float32)
        boxes = np.zeros((count, 4), np.int32)
        distances = np.empty(count, np.float32)
        prepare(
            triangles.corners, triangles.texture_coordinates, triangles.light,
            np.ascontiguousarray(pose[:3, :3], np.float64), np.ascontiguousarray(pose[:3, 3], np.float64),
            rays.parameters, rays.is_fisheye, camera.width, camera.height, planes, boxes, distances,
        )  # fmt: skip
        seen = boxes[:, 2] > boxes[:, 0]
        opaque = np.flatnonzero(seen & ~triangles.blended)
        blended = np.flatnonzero(seen & triangles.blended)
        farthest_first = blended[np.argsort(-distances[blended], kind="stable")]
        inverse_depth = rays.nothing.copy()
        front = np.full((camera.height, camera.width), -1, np.int32)
        resolve_visibility(planes, boxes, opaque, rays.x, rays.y, inverse_depth, front)
        return _View(triangles, planes, boxes, farthest_first, inverse_depth, front)

    def _shade(self, view: _View, rays: RayTable, pose: NDArray[np.float64], image: NDArray[np.uint8]) -> None:
        atlas = self._mesh.atlas
        shade(
            view.planes, view.triangles.texture, view.front, view.inverse_depth,
            rays.x, rays.y, rays.spacing, atlas.texels, atlas.offsets, atlas.sizes, image,
        )  # fmt: skip
        rotation = np.ascontiguousarray(pose[:3, :3], np.float32)
        shade_background(view.front, rays.lit, rays.x, rays.y, rotation, self._mesh.panorama.faces, image)

    def _blend(self, view: _View, rays: RayTable, image: NDArray[np.uint8]) -> None:
        atlas = self._mesh.atlas
        blend(
            view.planes, view.boxes, view.blended, view.triangles.texture, rays.x, rays.y, rays.spacing,
            atlas.texels, atlas.offsets, atlas.sizes, view.inverse_depth, image,
        )  # fmt: skip

    def _depth(self, view: _View) -> NDArray[np.uint16]:
        depth = np.empty(view.inverse_depth.shape, np.uint16)
        depth_in_millimetres(view.inverse_depth, self._farthest, depth)
        return depth
