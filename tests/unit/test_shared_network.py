"""A shipped model may use another's network and labels; a person's own may not name anything outside its folder."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from models import InputSize, ModelCardError, available_models, check_model, model_card, model_labels
from models.card import read_card
from models.exporting import export_model
from models.loading import model_source
from models.registry import ZOO, model_folder, network_folder
from spot_agent.config import load_config
from spot_agent.config.known_models import labels_of, shipped_models

SMALL = ZOO / "objects-small"


def test_it_has_the_labels_and_the_network_of_the_other() -> None:
    card = model_card("objects-small")
    assert model_labels("objects-small") == model_labels("objects")
    assert model_source(SMALL, card) == ZOO / "objects" / "model.keras"
    assert card.defaults.input_size == InputSize(320, 320)
    assert sorted(path.name for path in SMALL.iterdir()) == ["SOURCES.md", "card.yaml"], "no copy of the weights"
    check_model("objects-small")


def test_config_yaml_takes_it(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("detectors: {near: {model: objects-small}}\ncues: {person: {detector: near, label: person}}\n")
    assert load_config(path).detectors["near"].model == "objects-small"
    assert tuple(shipped_models()["objects-small"]) == model_labels("objects")


@pytest.mark.parametrize("named", ["../objects", "/etc", "objects/", "", ".", "..", "Objects", "a b", "objects\\n"])
def test_only_a_plain_name_is_taken(tmp_path: Path, named: str) -> None:
    path = tmp_path / "card.yaml"
    path.write_text((SMALL / "card.yaml").read_text().replace("network_of: objects", f'network_of: "{named}"'))
    with pytest.raises(ModelCardError, match="network_of: String should match pattern"):
        read_card(path)


def test_a_folder_of_ones_own_may_not_name_a_network(tmp_path: Path) -> None:
    shutil.copytree(SMALL, tmp_path / "mine")
    name = str(tmp_path / "mine")
    for use in (
        lambda: check_model(name),
        lambda: model_labels(name),
        lambda: labels_of(model_folder(name)),
        lambda: export_model(name, tmp_path / "x", "litert"),
    ):
        with pytest.raises(ModelCardError, match=r"card.yaml: network_of: only a model that comes with the product"):
            use()


@pytest.mark.parametrize(("old", "new", "said"), [
    ("network_of: objects", "network_of: nothing", "there is no model called 'nothing'"),
    ("network_of: objects", "network_of: objects-small", "'objects-small' has no network of its own; name 'objects'"),
    ("architecture: nanodet", "architecture: boxes", "'objects' has the architecture 'nanodet', and this has 'boxes'"),
])  # fmt: skip
def test_what_a_shipped_card_may_name(tmp_path: Path, old: str, new: str, said: str) -> None:
    path = tmp_path / "card.yaml"
    path.write_text((SMALL / "card.yaml").read_text().replace(old, new))
    with pytest.raises(ModelCardError, match=said):
        network_folder(SMALL, read_card(path))


@pytest.mark.parametrize("name", available_models())
def test_no_shipped_card_is_wrong(name: str) -> None:
    assert network_folder(ZOO / name, model_card(name)).parent == ZOO
