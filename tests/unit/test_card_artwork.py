"""The shipped cards."""

import itertools
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from models.cards.artwork import PAPER, draw_card, write_cards
from models.cards.icons import ICONS
from models.cards.similarity import seen_from_afar, similarity
from models.cards.templates import alike_cards, read_templates

PRINTED = Path(__file__).parents[2] / "models" / "cards" / "printed"


def test_the_shipped_cards_are_what_the_script_draws(tmp_path: Path) -> None:
    for file in write_cards(tmp_path):
        if file.suffix == ".png":
            assert np.array_equal(np.asarray(Image.open(file)), np.asarray(Image.open(PRINTED / file.name)))
    pdf = (tmp_path / "cards.pdf").read_bytes()
    assert pdf.startswith(b"%PDF") and b"/Count 8" in pdf


@pytest.mark.parametrize("label", ICONS)
def test_a_card_is_a4_black_on_white_with_a_margin_that_printers_need(label: str) -> None:
    sheet = np.asarray(draw_card(label, 75))
    assert sheet.shape[0] / sheet.shape[1] == pytest.approx(PAPER[1] / PAPER[0], rel=0.01)
    margin = round(5 / 25.4 * 75)
    assert (sheet[:margin] == 255).all() and (sheet[:, -margin:] == 255).all()
    assert 0.1 < (sheet < 128).mean() < 0.6


def test_left_and_right_are_mirror_images_and_nothing_else_is_alike() -> None:
    cards = {template.label: seen_from_afar(template.image) for template in read_templates(PRINTED)}
    assert set(cards) == set(ICONS)
    assert similarity(cards["left"], np.ascontiguousarray(cards["right"][:, ::-1])) > 0.95
    assert alike_cards(read_templates(PRINTED)) == ()


def test_no_card_is_another_one_when_it_is_held_upside_down() -> None:
    cards = {template.label: template.image for template in read_templates(PRINTED)}
    for one, other in itertools.permutations(cards, 2):
        upside_down = seen_from_afar(np.ascontiguousarray(cards[one][::-1, ::-1]))
        assert similarity(upside_down, seen_from_afar(cards[other])) < 0.7, (one, other)
