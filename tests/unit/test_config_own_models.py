"""A person's own model in config.yaml: by the path of its folder, beside the file."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hostile_models import CARD, archive

from models.registry import ZOO
from spot_agent.config import ConfigError, load_config

CONFIG = """\
detectors:
  doors:
    model: ./my_models/door
cues:
  red door: {detector: doors, label: red}
"""


@pytest.fixture
def door(tmp_path: Path) -> Path:
    folder = tmp_path / "my_models" / "door"
    folder.mkdir(parents=True)
    (folder / "model.keras").write_bytes(archive())
    (folder / "labels.txt").write_text("red\nblue\n")
    (folder / "card.yaml").write_text(CARD)
    (tmp_path / "config.yaml").write_text(CONFIG)
    return folder


def problem(folder: Path) -> str:
    with pytest.raises(ConfigError) as caught:
        load_config(folder / "config.yaml")
    (found,) = caught.value.problems
    return str(found).removeprefix(f"{folder}/").replace(str(folder), "HERE")


def test_a_path_is_relative_to_the_file(door: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("/")
    assert load_config(door.parents[1] / "config.yaml").detectors["doors"].model == str(door)


@pytest.mark.parametrize("spelling", ["my_models/door", "./my_models/../my_models/door/"])
def test_a_path_may_be_spelt_in_several_ways(door: Path, spelling: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(door.parents[1])
    Path("config.yaml").write_text(CONFIG.replace("./my_models/door", spelling))
    assert Path(load_config(Path("config.yaml")).detectors["doors"].model).resolve() == door


def test_its_labels_are_known(door: Path) -> None:
    path = door.parents[1] / "config.yaml"
    path.write_text(CONFIG.replace("label: red", "label: reed"))
    assert problem(path.parent) == (
        "config.yaml:5:38: cues > red door > label: there is no label 'reed'; did you mean 'red'? "
        "(labels of the model 'HERE/my_models/door')"
    )


def test_a_folder_that_is_not_there(door: Path) -> None:
    (door / "card.yaml").unlink()
    assert problem(door.parents[1]) == (
        "config.yaml:3:12: detectors > doors > model: HERE/my_models/door: there is no model here; its folder must "
        "hold a card.yaml"
    )


@pytest.mark.parametrize(("name", "content", "said"), [
    ("card.yaml", b"title: x\n", "HERE/my_models/door/card.yaml: architecture: Field required"),
    ("card.yaml", CARD.replace("boxes", "box").encode(), "card.yaml: architecture: Input should be 'boxes', 'center'"),
    ("labels.txt", b"red\nred\n", "HERE/my_models/door/labels.txt:2: 'red' stands in line 1 already"),
    ("model.keras", b"x", "HERE/my_models/door/model.keras: this is no zip archive; expected a native Keras 3 model"),
    ("model.keras", archive({"evil.py": b"x"}), "the archive holds"),
], ids=lambda value: value if isinstance(value, str) else "")  # fmt: skip
def test_what_is_wrong_in_the_folder_is_told_with_the_line(door: Path, name: str, content: bytes, said: str) -> None:
    (door / name).write_bytes(content)
    message = problem(door.parents[1])
    assert message.startswith("config.yaml:3:12: detectors > doors > model: ")
    assert said in message


def copy_head(door: Path) -> None:
    for name in ("plausibility.yaml", "plausibility.keras"):
        shutil.copy(ZOO / "objects" / name, door)


def test_a_second_head_beside_it_is_looked_at(door: Path) -> None:
    copy_head(door)
    load_config(door.parents[1] / "config.yaml")


@pytest.mark.parametrize(("name", "content", "said"), [
    ("plausibility.keras", b"x", "HERE/my_models/door/plausibility.keras: this is no zip archive"),
    ("plausibility.keras", None, "HERE/my_models/door/plausibility.keras: "),
    ("plausibility.yaml", b"labels: {}\n", "HERE/my_models/door/plausibility.yaml: labels: "),
    ("plausibility.yaml", b"labels: {person: {cutoff: 0.1}}\ntraining: none\nmeasured: {}\n",
     "HERE/my_models/door/plausibility.keras: expected a network with 23 inputs"),
], ids=["no network", "none at all", "no labels", "other labels"])  # fmt: skip
def test_a_damaged_second_head_is_told_with_the_line_unless_it_is_turned_off(
    door: Path, name: str, content: bytes | None, said: str
) -> None:
    copy_head(door)
    if content is None:
        (door / name).unlink()
    else:
        (door / name).write_bytes(content)
    message = problem(door.parents[1])
    assert message.startswith("config.yaml:3:12: detectors > doors > model: ")
    assert said in message
    config = door.parents[1] / "config.yaml"
    config.write_text(CONFIG.replace("my_models/door", "my_models/door\n    plausibility: false"))
    assert not load_config(config).detectors["doors"].plausibility
