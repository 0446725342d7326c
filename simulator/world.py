"""What a test, or any program, can do to the things around a fake Spot while it runs."""

from __future__ import annotations

import threading
from collections.abc import Callable

from simulator.errors import SceneError
from simulator.scene.live import LiveScene
from simulator.scene.world import WorldObject


class World:
    """The objects of a scene, to be moved, hidden and shown. Safe from every thread.

    What is done here holds from now on, whatever the scene's file says; what it does not touch goes on as the file
    says. Cameras, AprilTags, obstacles, maps, the judgement and the monitor of the clients see it at the next tick.

    Args:
        scene: The scene; ``None`` if there is none.
        scene_time: Gives the scene time in seconds that the cameras show now.
        lock: Held while something changes, so that no tick sees half of it.
        note: Told what happened, as a name and a detail.
    """

    def __init__(
        self,
        scene: LiveScene | None,
        scene_time: Callable[[], float],
        lock: threading.RLock,
        note: Callable[[str, str], None],
    ) -> None:
        self._scene = scene
        self._scene_time = scene_time
        self._lock = lock
        self._note = note

    def __getitem__(self, name: str) -> WorldObject:
        """An object where it is now.

        Raises:
            SceneError: There is no such object.
        """
        return self._live(name).find(name, self._scene_time())

    def move(
        self, name: str, *, x: float | None = None, y: float | None = None, z: float | None = None,
        yaw: float | None = None,
    ) -> None:  # fmt: skip
        """Put an object somewhere at once; there it rests. What is not given stays as it is now.

        Args:
            name: As in the scene file.
            x: World frame, metres.
            y: World frame, metres.
            z: World frame, metres; what it means for which object says :class:`WorldObject`.
            yaw: The direction it faces, radians counter-clockwise from +x.

        Raises:
            SceneError: There is no such object, a held sign was to be moved, or a number makes no sense.
        """
        scene = self._live(name)
        with self._lock:
            time = self._scene_time()
            now = scene.find(name, time)
            position = (now.x if x is None else x, now.y if y is None else y, now.z if z is None else z)
            scene.place(name, time, position, now.yaw if yaw is None else yaw)
            new = scene.find(name, time)
        self._note("object moved", f"{name} to x {new.x:.3f}, y {new.y:.3f}, z {new.z:.3f}, yaw {new.yaw:.3f}")

    def show(self, name: str) -> None:
        """Let an object be there from now on.

        Raises:
            SceneError: There is no such object.
        """
        self._set_visible(name, visible=True)

    def hide(self, name: str) -> None:
        """Let an object be gone from now on.

        Raises:
            SceneError: There is no such object.
        """
        self._set_visible(name, visible=False)

    def _set_visible(self, name: str, *, visible: bool) -> None:
        scene = self._live(name)
        with self._lock:
            scene.set_visible(name, self._scene_time(), visible=visible)
        self._note("object shown" if visible else "object hidden", name)

    def _live(self, name: str) -> LiveScene:
        if self._scene is None:
            raise SceneError(f"there is no object {name!r}: this fake Spot has no scene")
        return self._scene
