from __future__ import annotations

import pytest

from models import ModelNotFoundError, load_detector, model_card

COCO_SAMPLES = {0: "person", 2: "car", 11: "stop sign", 32: "sports ball", 62: "tv", 79: "toothbrush"}


def test_a_misspelt_name_is_corrected() -> None:
    with pytest.raises(ModelNotFoundError, match="no model called 'object'; did you mean 'objects'"):
        load_detector("object")


@pytest.mark.parametrize("name", ["", "zzz"])
def test_another_name_is_refused(name: str) -> None:
    with pytest.raises(ModelNotFoundError, match="no model called"):
        model_card(name)


@pytest.mark.parametrize("name", ["../objects", "objects/", "/"])
def test_a_folder_without_a_card_is_no_model(name: str) -> None:
    with pytest.raises(ModelNotFoundError, match=r"there is no model here; its folder must hold a card.yaml"):
        model_card(name)


def test_labels_are_those_of_coco_in_its_order() -> None:
    labels = load_detector("objects").labels
    assert len(labels) == 80
    assert {index: labels[index] for index in COCO_SAMPLES} == COCO_SAMPLES
