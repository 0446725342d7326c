from pathlib import Path

import pytest

from simulator.errors import SceneError
from simulator.rendering.clothes import OUTFITS
from simulator.rendering.materials import EDGE, paint_material
from simulator.rendering.pictures import paint_picture
from simulator.scene import Scene
from simulator.scene.scene import SCENES_FOLDER
from simulator.scene.vocabulary import MATERIALS, PANORAMAS, PICTURES

GOOD = """\
name: test
duration: 10 s
objects:
  - kind: person
    name: visitor
    visible: [[1 s, 9 s]]
    motion:
      - {at: 0 s, position: [3, 0]}
      - {at: 5 s, position: [3, 2.5]}
  - {kind: stop sign, name: sign, held_by: visitor, visible: [[2 s, 4 s]]}
expectations:
  - {expect: faces, object: visitor, within: 3 s, after: 1 s}
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "scene.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", sorted(file.stem for file in SCENES_FOLDER.glob("*.yaml")))
def test_every_packaged_scene_loads_by_its_name(name: str) -> None:
    scene = Scene.load(name)
    assert scene.name == name
    assert scene.description


def test_a_good_scene_loads(tmp_path: Path) -> None:
    scene = Scene.load(write(tmp_path, GOOD))
    assert scene.duration == 10.0
    assert [item.name for item in scene.objects] == ["visitor", "sign"]


@pytest.mark.parametrize(
    ("good", "bad", "line", "words"),
    [
        ("    motion:", "    motoin:", 7, ["motoin", "did you mean 'motion'"]),
        ("kind: person", "kind: persn", 4, ["unknown kind 'persn'", "did you mean 'person'"]),
        ("position: [3, 2.5]", "position: [3, here]", 9, ["position", "1.5 m"]),
        ("at: 5 s", "at: 0 s", 4, ["should rise"]),
        ("held_by: visitor", "held_by: visitr", 10, ["no person 'visitr'", "did you mean 'visitor'"]),
        ("object: visitor", "object: visitro", 12, ["no object 'visitro'", "did you mean 'visitor'"]),
        ("after: 1 s", "after: sgin shown", 12, ["no object 'sgin'", "did you mean 'sign'"]),
        ("after: 1 s", "after: sign shown (2)", 12, ["only 1 times"]),
        ("expect: faces", "expect: face", 12, ["unknown expect 'face'", "did you mean 'faces'"]),
        ("duration: 10 s", "duration: 10 parsecs", 2, ["duration", "3 s"]),
        ("duration: 10 s", "duraton: 10 s", 1, ["duration", "missing"]),
        ("visible: [[1 s, 9 s]]", "visible: [[9 s, 1 s]]", 6, ["start before end"]),
        ("name: sign", "name: visitor", 10, ["two objects have the name 'visitor'"]),
        ("name: test", "name: test\nsurroundings: {panorama: prak}", 2, ["no panorama 'prak'", "'park'"]),
        ("name: test", "name: test\nsurroundings: {floor: {texture: tile}}", 2, ["no material 'tile'", "'tiles'"]),
        ("name: test", "name: test: test", 1, ["not YAML"]),
    ],
)
def test_a_mistake_is_told_with_its_line_and_its_remedy(
    tmp_path: Path, good: str, bad: str, line: int, words: list[str]
) -> None:
    path = write(tmp_path, GOOD.replace(good, bad, 1))
    with pytest.raises(SceneError) as caught:
        Scene.load(path)
    message = str(caught.value)
    assert f"{path}, line {line}" in message
    for word in words:
        assert word in message


def test_an_unknown_scene_is_answered_with_the_nearest_name() -> None:
    with pytest.raises(SceneError, match="did you mean 'lobby'"):
        Scene.load("loby")


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(SceneError, match="cannot be read"):
        Scene.load(tmp_path / "none.yaml")


def test_every_name_that_a_scene_may_use_can_be_drawn() -> None:
    assert set(MATERIALS) == set(EDGE)
    for material in MATERIALS:
        assert paint_material(material).shape[2] == 3
    for picture in PICTURES:
        assert paint_picture(picture).shape[2] == 3
    folder = SCENES_FOLDER.parent / "data" / "panoramas"
    assert {file.stem for file in folder.glob("*.jpg")} | {"none"} == set(PANORAMAS)
    assert set(OUTFITS) == {"office", "workshop", "street"}
