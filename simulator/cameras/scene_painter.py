"""Paints a scene at its time."""

from __future__ import annotations

from collections.abc import Callable

from simulator.cameras.painter import Painting, View
from simulator.rendering import Renderer
from simulator.scene import Scene


class ScenePainter:
    """Renders what a camera sees of a scene.

    Args:
        scene: What there is to see.
        scene_time: Gives the scene's time in seconds for seconds since the robot booted.
    """

    def __init__(self, scene: Scene, scene_time: Callable[[float], float]) -> None:
        self._renderer = Renderer(scene)
        self._renderer.warm_up()
        self._scene_time = scene_time

    def paint(self, view: View, *, image: bool, colour: bool, depth: bool) -> Painting:
        """Render it."""
        time = self._scene_time(view.uptime)
        if not image:
            return Painting(None, self._renderer.render_depth(view.model, view.world_tform_camera, time))
        picture = self._renderer.render(view.model, view.world_tform_camera, time, colour=colour, depth=depth)
        return Painting(picture.image, picture.depth)
