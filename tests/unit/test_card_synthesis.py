"""Synthetic pictures of cards."""

from pathlib import Path

import numpy as np
import pytest

from models.cards.backgrounds import SHIPPED, read_pictures
from models.cards.lookalikes import TOO_ALIKE, LookAlikes
from models.cards.pictures import Tile, contact_sheet
from models.cards.settings import EVALUATION, TRAINING, SynthesisSettings
from models.cards.similarity import seen_from_afar, similarity
from models.cards.synthesis import Synthesizer
from models.cards.targets import targets_for
from models.cards.templates import read_templates
from models.detection import Box
from models.evaluation import LabelledThing
from models.heads.center import CenterHead, levels

TEMPLATES = read_templates(Path(__file__).parents[2] / "models" / "cards" / "printed")
PHOTOS = read_pictures(SHIPPED / "validation")


def make(settings: SynthesisSettings = TRAINING, seed: int = 3) -> Synthesizer:
    return Synthesizer(TEMPLATES, PHOTOS, settings, seed=seed)


def test_a_picture_depends_on_seed_and_number_alone() -> None:
    one, other = make(), make()
    forwards = [one.picture(number) for number in range(6)]
    backwards = [other.picture(number) for number in reversed(range(6))][::-1]
    for first, second in zip(forwards, backwards, strict=True):
        assert first.image.tobytes() == second.image.tobytes()
        assert first.things == second.things
    assert forwards[0].image.tobytes() != make(seed=4).picture(0).image.tobytes()


def test_boxes_lie_in_the_picture_and_half_of_the_cameras_are_grey() -> None:
    synthesizer = make()
    pictures = [synthesizer.picture(number) for number in range(120)]
    for picture in pictures:
        assert picture.image.shape == (TRAINING.height, TRAINING.width, 3) and picture.image.dtype == np.uint8
        for thing in picture.things:
            assert 0 <= thing.box.x_min < thing.box.x_max <= TRAINING.width
            assert 0 <= thing.box.y_min < thing.box.y_max <= TRAINING.height
    grey = sum(bool((one.image == one.image[..., :1]).all()) for one in pictures)
    assert 40 <= grey <= 80, grey
    labels = {thing.label for picture in pictures for thing in picture.things}
    assert labels == {template.label for template in TEMPLATES}


def test_look_alikes_carry_no_label() -> None:
    only_others = make(SynthesisSettings(empty_share=1.0, most_look_alikes=3))
    assert all(not only_others.picture(number).things for number in range(20))


def test_nothing_that_might_be_a_card_is_used_as_a_look_alike() -> None:
    look_alikes, random = LookAlikes(TEMPLATES, PHOTOS), np.random.default_rng(5)
    cards = [seen_from_afar(template.image) for template in TEMPLATES]
    for _ in range(80):
        drawn = seen_from_afar(look_alikes.draw(random))
        assert max(similarity(card, drawn) for card in cards) < TOO_ALIKE


def test_a_card_is_where_its_box_says() -> None:
    """Without blur, noise and look-alikes, the picture inside a box differs from the same picture without the card."""
    with_cards = make(SynthesisSettings(empty_share=0.0, most_cards=1, most_look_alikes=0, corner_share=0.0))
    for number in range(20):
        picture = with_cards.picture(number)
        for thing in picture.things:
            x_min, y_min, x_max, y_max = (round(edge) for edge in thing.box)
            inside = picture.image[y_min:y_max, x_min:x_max].astype(float).mean(axis=2)
            assert inside.std() > 5  # black on white


def test_a_contact_sheet_shows_all_pictures() -> None:
    picture = make(EVALUATION).picture(0)
    sheet = contact_sheet([Tile(picture.image, picture.things)] * 5, columns=2)
    assert sheet.shape == (3 * EVALUATION.height, 2 * EVALUATION.width, 3)


LABELS = ("a", "b")


def test_targets_read_by_the_head_give_the_things_back() -> None:
    things = (
        LabelledThing("b", Box(10.5, 20.25, 40.0, 70.5)),  # for the middle level
        LabelledThing("a", Box(100.0, 90.0, 114.0, 104.0)),  # for the fine one
        LabelledThing("b", Box(60.0, 20.0, 150.0, 127.0)),  # for the coarse one
    )
    targets = targets_for(things, LABELS, 128, 192)
    assert targets.heat.shape == (16 * 24 + 8 * 12 + 4 * 6, 3) and targets.box.shape == (504, 5)
    outputs = {"heat": targets.heat[np.newaxis, ..., :2], "box": targets.box[np.newaxis, ..., :4]}
    found = CenterHead().decode(outputs, 128, 192, threshold=0.9)
    assert len(found.scores) == 3
    for thing in things:
        assert any(
            LABELS[kind] == thing.label and box == pytest.approx(np.array(thing.box), abs=1e-3)
            for kind, box in zip(found.classes, found.boxes, strict=True)
        )


def test_a_card_is_taught_on_one_level_and_left_open_where_it_is_seen_too() -> None:
    targets = targets_for((LabelledThing("a", Box(40, 40, 80, 90)),), LABELS, 128, 192)
    fine, middle, coarse = levels(128, 192)
    taught = [float(targets.heat[level.locations, 0].max()) for level in (fine, middle, coarse)]
    assert taught == [0, 1, 0]
    open_ = [bool((targets.heat[level.locations, -1] == 0).any()) for level in (fine, middle, coarse)]
    assert open_ == [True, False, True]


def test_heat_does_not_count_where_a_thing_is_to_be_ignored() -> None:
    hidden = LabelledThing("a", Box(0, 0, 48, 48), ignore=True)
    seen = LabelledThing("b", Box(24, 24, 56, 56))
    targets = targets_for((hidden, seen), LABELS, 128, 192)
    fine = next(levels(128, 192))
    counts = targets.heat[fine.locations, -1].reshape(fine.rows, fine.columns)
    assert counts[0, 0] == 0 and counts[10, 10] == 1
    assert counts[5, 5] == 1  # what is seen counts, even before something hidden
