"""A scene: what stands and walks around the robot, and what is expected of the robot."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError
from ruamel.yaml.comments import CommentedMap

from simulator.errors import SceneError
from simulator.scene.expectations import Event, Expectation
from simulator.scene.faults import AnyFault
from simulator.scene.files import explain, line_of, nearest, read_yaml
from simulator.scene.limits import Limits
from simulator.scene.objects import AnyObject, Board, Box, Cutout, Person, SceneModel, StopSign, Wall
from simulator.scene.quantities import Seconds
from simulator.scene.surroundings import RobotStart, Surroundings
from simulator.scene.vocabulary import MATERIALS, PANORAMAS, PICTURES
from simulator.scene.world import WorldObject, WorldState, object_at

SCENES_FOLDER = Path(__file__).parent.parent / "scenes"


class Scene(SceneModel):
    """A validated scene file; see ``docs/scenes.md``.

    Attributes:
        name: Short name.
        description: What happens, for people.
        duration: Length in seconds; afterwards everything rests.
        starts: Whether scene time begins when the simulator starts or when the robot first stands.
        robot: Where the robot is at scene time 0.
        limits: What a well-behaved client keeps to.
        faults: What goes wrong, and when.
    """

    name: Annotated[str, Field(min_length=1)]
    description: str = ""
    duration: Annotated[Seconds, Field(gt=0)]
    starts: Literal["at launch", "when standing"] = "at launch"
    robot: RobotStart = RobotStart()
    surroundings: Surroundings = Surroundings()
    objects: tuple[AnyObject, ...] = ()
    expectations: tuple[Expectation, ...] = ()
    limits: Limits = Limits()
    faults: tuple[AnyFault, ...] = ()

    @classmethod
    def load(cls, path_or_name: str | Path) -> Scene:
        """Read a scene file, or a packaged scene by its name.

        Args:
            path_or_name: A path, or a name such as ``"lobby"``.

        Raises:
            SceneError: There is no such scene, or it is wrong; the message names file, line, key and remedy.
        """
        path = _find(path_or_name)
        document = read_yaml(path)
        _lead_to_files(document, path.parent)
        try:
            scene = cls.model_validate(document)
        except ValidationError as error:
            raise explain(path, document, error, cls) from error
        for location, problem in scene._mistakes():
            keys = ".".join(str(part) for part in location)
            raise SceneError(f"{path}, line {line_of(document, location)}, {keys}: {problem}")
        return scene

    def world_at(self, time: float) -> WorldState:
        """Every object at a scene time in seconds. Pure: the same time gives the same world."""
        specs = self.specs_at(time)
        return WorldState(time, tuple(object_at(item, time, specs) for item in specs.values()))

    def object_at(self, name: str, time: float) -> WorldObject:
        """One object at a scene time; cheaper than the whole world.

        Raises:
            KeyError: The scene has no such object.
        """
        specs = self.specs_at(time)
        return object_at(specs[name], time, specs)

    def specs_at(self, time: float) -> Mapping[str, AnyObject]:
        """The objects by their names, as they are at a scene time."""
        return self.by_name

    @property
    def version(self) -> int:
        """How often something else than the file has changed the objects: never."""
        return 0

    @property
    def placed(self) -> frozenset[str]:
        """Names of the objects that something else than the file has changed: none."""
        return frozenset()

    @cached_property
    def by_name(self) -> dict[str, AnyObject]:
        """The objects by their names."""
        return {item.name: item for item in self.objects}

    def time_of(self, event: Event) -> float:
        """The scene time of an event in seconds.

        Raises:
            ValueError: The event's object does not come or go that often.
        """
        if event.object is None:
            return event.time or 0.0
        intervals = self.by_name[event.object].visible or ((0.0, self.duration),)
        if event.occurrence > len(intervals):
            raise ValueError(f"{event.object} comes and goes only {len(intervals)} times")
        start, end = intervals[event.occurrence - 1]
        return start if event.change == "shown" else end

    def _mistakes(self) -> list[tuple[tuple[str | int, ...], str]]:
        """What the types alone cannot see: names that lead nowhere, and names given twice."""
        return [
            *self._object_mistakes(),
            *self._expectation_mistakes(),
            *self._fault_mistakes(),
            *self._surroundings_mistakes(),
        ]

    def _object_mistakes(self) -> list[tuple[tuple[str | int, ...], str]]:
        people = [item.name for item in self.objects if isinstance(item, Person)]
        found: list[tuple[tuple[str | int, ...], str]] = []
        for index, item in enumerate(self.objects):
            if item.name in [other.name for other in self.objects[:index]]:
                found.append((("objects", index, "name"), f"two objects have the name {item.name!r}"))
            if isinstance(item, StopSign) and item.held_by is not None and item.held_by not in people:
                hint = nearest(item.held_by, people)
                found.append((("objects", index, "held_by"), f"no person {item.held_by!r}{hint}"))
            if isinstance(item, Board | Cutout) and not _is_picture(item.picture):
                hint = nearest(item.picture, PICTURES)
                found.append((("objects", index, "picture"), f"no picture {item.picture!r}{hint}, or a file"))
            if isinstance(item, Box | Wall) and item.texture not in MATERIALS:
                hint = nearest(item.texture, MATERIALS)
                found.append((("objects", index, "texture"), f"no material {item.texture!r}{hint}"))
        return found

    def _expectation_mistakes(self) -> list[tuple[tuple[str | int, ...], str]]:
        found: list[tuple[tuple[str | int, ...], str]] = []
        for index, item in enumerate(self.expectations):
            after = getattr(item, "after", None)
            names = {"object": getattr(item, "object", None), "after": after.object if after else None}
            for key, name in names.items():
                if name is not None and name not in self.by_name:
                    hint = nearest(name, self.by_name)
                    found.append((("expectations", index, key), f"no object {name!r}{hint}"))
            if after and after.object in self.by_name:
                try:
                    self.time_of(after)
                except ValueError as error:
                    found.append((("expectations", index, "after"), str(error)))
        return found

    def _fault_mistakes(self) -> list[tuple[tuple[str | int, ...], str]]:
        found: list[tuple[tuple[str | int, ...], str]] = []
        for index, item in enumerate(self.faults):
            if item.at is None or item.at.object is None:
                continue
            if item.at.object not in self.by_name:
                hint = nearest(item.at.object, self.by_name)
                found.append((("faults", index, "at"), f"no object {item.at.object!r}{hint}"))
                continue
            try:
                self.time_of(item.at)
            except ValueError as error:
                found.append((("faults", index, "at"), str(error)))
        return found

    def _surroundings_mistakes(self) -> list[tuple[tuple[str | int, ...], str]]:
        found: list[tuple[tuple[str | int, ...], str]] = []
        around = self.surroundings
        if around.panorama not in PANORAMAS:
            hint = nearest(around.panorama, PANORAMAS)
            found.append((("surroundings", "panorama"), f"no panorama {around.panorama!r}{hint}"))
        for key, plane in (("floor", around.floor), ("ceiling", around.ceiling)):
            if plane is not None and plane.texture not in MATERIALS:
                hint = nearest(plane.texture, MATERIALS)
                found.append((("surroundings", key, "texture"), f"no material {plane.texture!r}{hint}"))
        return found


def _is_picture(name: str) -> bool:
    return name in PICTURES or Path(name).is_file()


def _lead_to_files(document: CommentedMap, folder: Path) -> None:
    """Let the pictures that are files beside the scene be found from any working directory."""
    objects = document.get("objects")
    for item in objects if isinstance(objects, list) else ():
        picture = item.get("picture") if isinstance(item, dict) else None
        if isinstance(picture, str) and picture not in PICTURES and (folder / picture).is_file():
            item["picture"] = str(folder / picture)


def _find(path_or_name: str | Path) -> Path:
    path = Path(path_or_name)
    if path.suffix in (".yaml", ".yml") or path.is_file():
        return path
    packaged = SCENES_FOLDER / f"{path_or_name}.yaml"
    if not packaged.is_file():
        names = [file.stem for file in SCENES_FOLDER.glob("*.yaml")]
        raise SceneError(f"no scene {str(path_or_name)!r}{nearest(path_or_name, names)}")
    return packaged
