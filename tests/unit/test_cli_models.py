"""``spot-agent models``: what people and programs see."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ai_edge_litert.interpreter import Interpreter
from hostile_models import CARD, archive, save_model, tiny_model
from typer.testing import CliRunner, Result

from models import available_models
from spot_agent.cli.app import app
from spot_agent.cli.models.options import read_size

ROOT = Path(__file__).parents[2]
PHOTOS = ROOT / "tests" / "data" / "photos"
OPTIONS = {
    "list": ("FOLDER", "--json"),
    "show": ("NAME", "--json"),
    "evaluate": ("NAME", "--pictures", "--threshold", "--threads", "--input-size", "--json"),
    "compare": ("FIRST", "SECOND", "--pictures", "--threads", "--json"),
    "export": ("NAME", "--out", "--format", "--input-size", "--precision", "--force", "--json"),
    "certify": ("--against",),
}


def call(*arguments: str, columns: int = 250) -> Result:
    return CliRunner().invoke(app, ["models", *arguments], env={"COLUMNS": str(columns), "TERM": "dumb"})


def plain(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def events(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Two labelled photos, so that it is quick."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    for name in ("astronaut.jpg", "coffee.jpg"):
        (folder / name).symlink_to(PHOTOS / name)
    (folder / "labels.yaml").write_text(
        "astronaut.jpg:\n  - {label: person, box: [5, 12, 370, 512]}\n"
        "coffee.jpg:\n  - {label: cup, box: [172, 18, 410, 310]}\n  - {label: hat, box: [1, 1, 9, 9]}\n"
    )
    return folder


@pytest.fixture
def door(tmp_path: Path) -> Path:
    folder = tmp_path / "mine" / "door"
    folder.mkdir(parents=True)
    (folder / "model.keras").write_bytes(archive())
    (folder / "labels.txt").write_text("red\nblue\n")
    (folder / "card.yaml").write_text(CARD)
    return folder


@pytest.mark.parametrize(("command", "options"), list(OPTIONS.items()))
def test_help_tells_every_option(command: str, options: tuple[str, ...]) -> None:
    result = call(command, "--help")
    assert result.exit_code == 0
    for option in options:
        assert option.lower() in plain(result.output).lower(), option


def test_without_a_command_it_lists_them() -> None:
    assert all(command in plain(call().output) for command in OPTIONS)


def test_the_list_names_every_model() -> None:
    result = call("list")
    assert result.exit_code == 0
    assert all(name in result.stdout for name in available_models())
    assert "15.5 MB" in result.stdout
    assert "Apache-2.0" in result.stdout


def test_the_list_for_programs_and_with_models_of_ones_own(door: Path) -> None:
    (door.parent / "damaged").mkdir()
    (door.parent / "damaged" / "card.yaml").write_text("title: [")
    (door.parent / "nameless").mkdir()
    (door.parent / "nameless" / "model.keras").write_bytes(b"x")
    result = call("list", str(door.parent), "--json")
    assert result.exit_code == 0
    found = {event["name"]: event for event in events(result.stdout)}
    assert set(found) == {*available_models(), *(str(door.parent / name) for name in ("door", "damaged", "nameless"))}
    assert (found[str(door)]["labels"], found[str(door)]["licence"]) == (["red", "blue"], "unknown")
    assert found["objects"]["bytes"] > 15_000_000
    assert found[str(door.parent / "damaged")]["event"] == "damaged model"
    assert found["objects-small"]["network_of"] == "objects"


@pytest.mark.parametrize("columns", [60, 80, 250])
def test_the_list_tells_why_a_model_cannot_be_used_at_any_width(door: Path, columns: int) -> None:
    (door / "model.keras").write_bytes(b"\x80\x04pickle")
    for name, card in (("damaged", "title: ["), ("nameless", None)):
        (door.parent / name).mkdir()
        (door.parent / name / "model.keras").write_bytes(b"x")
        if card is not None:
            (door.parent / name / "card.yaml").write_text(card)
    result = call("list", str(door.parent), columns=columns)
    assert result.exit_code == 0
    words = " ".join(plain(result.stdout).split())
    for why in ("a Python pickle, which is never loaded", "card is not valid YAML", "must hold a card.yaml"):
        assert why in words
    # Paths are in one piece so that they can be copied; all else keeps within the terminal.
    others = [line for line in plain(result.stdout).splitlines() if str(door.parent) not in line]
    assert max(map(len, others)) <= columns


def test_the_list_takes_one_model(door: Path) -> None:
    assert str(door) in [event["name"] for event in events(call("list", str(door), "--json").stdout)]


@pytest.mark.parametrize("folder", ["nowhere", "."])
def test_a_folder_without_models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str) -> None:
    monkeypatch.chdir(tmp_path)
    result = call("list", folder)
    assert result.exit_code == 2
    assert folder in result.stderr


def test_a_folder_of_that_name_here(door: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(door.parent)
    result = call("show", "door")
    assert result.exit_code == 2
    assert "write './door'" in result.stderr
    assert call("show", "./door").exit_code == 0


def test_the_small_one_says_whose_network_it_has() -> None:
    assert "15.5 MB (those of objects)" in call("show", "objects-small").stdout


def test_show_tells_everything() -> None:
    result = call("show", "objects")
    assert result.exit_code == 0
    for words in ("NanoDet-g", "licence", "limit", "measured", "480x640", "stop sign", "80 in all"):
        assert words in result.stdout
    (event,) = events(call("show", "objects", "--json").stdout)
    assert (event["card"]["architecture"], len(event["labels"])) == ("nanodet", 80)


def test_show_checks_the_folder(door: Path) -> None:
    assert call("show", str(door)).exit_code == 0
    (door / "model.keras").write_bytes(b"\x80\x04pickle")
    result = call("show", str(door))
    assert result.exit_code == 2
    assert "looks like a Python pickle, which is never loaded" in result.stderr


@pytest.mark.parametrize("command", [
    ["show"], ["evaluate", "--pictures", str(PHOTOS)], ["compare", "objects", "--pictures", str(PHOTOS)],
    ["export", "--out", "x"],
])  # fmt: skip
def test_a_model_that_is_not_there(command: list[str]) -> None:
    result = call(*command, "objets")
    assert result.exit_code == 2
    assert "there is no model called 'objets'; did you mean 'objects'?" in result.stderr
    assert "Traceback" not in result.output


def test_evaluation_in_colour_and_grey(pictures: Path) -> None:
    result = call("evaluate", "objects", "--pictures", str(pictures), "--threads", "1", "--json")
    assert result.exit_code == 0
    colour, grey = events(result.stdout)
    assert (colour["mode"], grey["mode"]) == ("colour", "grey")
    assert (colour["pictures"], colour["things"], colour["found"]) == (2, 2, 2)
    assert colour["by_label"]["person"]["precision"]["ap50"] == pytest.approx(1)
    assert "hat" not in colour["by_label"], "the model has no such label"
    words = call("evaluate", "objects", "--pictures", str(pictures), "--threshold", "0.9")
    assert "2 pictures, 2 things" in words.stdout
    assert "from a score of 0.9 on" in words.stdout
    narrow = plain(call("evaluate", "objects", "--pictures", str(pictures), columns=60).stdout)
    assert max(map(len, narrow.splitlines())) <= 60
    assert "precision" in narrow and "…" not in narrow


def test_comparison_of_a_model_with_itself(pictures: Path) -> None:
    result = call("compare", "objects", "objects", "--pictures", str(pictures))
    assert result.exit_code == 0
    assert "(100%)" in result.stdout
    (event,) = events(call("compare", "objects", "objects", "--pictures", str(pictures), "--json").stdout)
    assert (event["agreement"]["share"], event["agreement"]["only_first"], len(event["labels"])) == (1.0, 0, 80)
    assert event["advice"]


def test_models_that_cannot_be_compared(pictures: Path) -> None:
    result = call("compare", "objects", "fiducials", "--pictures", str(pictures))
    assert result.exit_code == 2
    assert "objects and fiducials have no label in common" in result.stderr


@pytest.mark.parametrize(("labels", "said"), [
    (None, "there is no labels.yaml"),
    (None, "photo.jpg:  # each thing with its corners in pixels"),
    ("photo.jpg: [{label: hat, box: [1, 1, 9, 9]}]\n", "photo.jpg: the picture cannot be read"),
    ("nowhere.jpg: []\n", "nowhere.jpg: the picture cannot be read"),
    ("photo.jpg: [{label: cup}]\n", "have another form than expected"),
])  # fmt: skip
def test_pictures_that_cannot_be_used(tmp_path: Path, labels: str | None, said: str) -> None:
    if labels is not None:
        (tmp_path / "labels.yaml").write_text(labels)
    result = call("evaluate", "objects", "--pictures", str(tmp_path))
    assert result.exit_code == 2
    assert said in result.stderr


def test_pictures_of_other_things(pictures: Path, door: Path) -> None:
    result = call("evaluate", str(door), "--pictures", str(pictures))
    assert result.exit_code == 2
    assert "nothing there can be found; it names cup, hat, person; known are red, blue" in result.stderr


@pytest.mark.timeout(180)
@pytest.mark.parametrize("form", ["litert", "saved-model"])
def test_export_writes_what_runs(tmp_path: Path, form: str) -> None:
    folder = save_model(tmp_path / "mine", tiny_model())
    out = tmp_path / "new" / "exported"
    result = call("export", str(folder), "--out", str(out), "--format", form, "--input-size", "64x128", "--json")
    assert result.exit_code == 0, result.output
    (event,) = events(result.stdout)
    assert (event["path"], event["format"]) == (str(out), form)
    assert event["bytes"] > 1000
    assert list(out.parent.iterdir()) == [out], "nothing else is left behind"
    if form == "litert":
        (taken,) = Interpreter(str(out)).get_input_details()
        assert taken["shape"].tolist() == [1, 64, 128, 3]
    else:
        assert (out / "saved_model.pb").is_file()
    again = call("export", str(folder), "--out", str(out), "--format", form)
    assert again.exit_code == 2
    assert "this exists already" in again.stderr
    assert "--force" in again.stderr


def test_export_never_removes_a_folder_of_other_things(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").touch()
    result = call("export", "objects", "--out", str(tmp_path), "--format", "saved-model", "--force")
    assert result.exit_code == 2
    assert "is not replaced" in result.stderr
    assert (tmp_path / "thesis.txt").exists()


def test_what_has_no_network_is_not_exported(tmp_path: Path) -> None:
    result = call("export", "fiducials", "--out", str(tmp_path / "x"))
    assert result.exit_code == 2
    assert "there is no network to export" in result.stderr


@pytest.mark.parametrize(("text", "said"), [
    ("480", "is no size; write for example 480x640"), ("480x641", "480x640 is near"), ("10x10", "32x32 is near"),
    ("0x32", "is no size"),
])  # fmt: skip
def test_sizes_that_are_none(text: str, said: str) -> None:
    result = call("evaluate", "objects", "--pictures", str(PHOTOS), "--input-size", text)
    assert result.exit_code == 2
    assert said in " ".join(plain(result.output).replace("│", " ").split())


def test_a_size() -> None:
    size = read_size(" 480×640")
    assert size is not None
    assert (size.height, size.width) == (480, 640)
    assert read_size(None) is None


def test_no_command_about_models_loads_tensorflow_here() -> None:
    program = (
        "import sys; from typer.testing import CliRunner; from spot_agent.cli.app import app;"
        "results = [CliRunner().invoke(app, ['models', *more]) for more in (['list'], ['show', 'objects'])];"
        "print([result.exit_code for result in results], {'tensorflow', 'keras'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[0, 0] set()"
