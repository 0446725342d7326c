from __future__ import annotations

from pathlib import Path

import pytest

from models import ModelCardError
from models.card import InputSize, read_card
from models.registry import ZOO

SHIPPED = (ZOO / "objects" / "card.yaml").read_text(encoding="utf-8")


def test_the_shipped_card_is_read() -> None:
    card = read_card(ZOO / "objects" / "card.yaml")
    assert card.defaults.input_size == InputSize(480, 640)
    assert card.licence == "Apache-2.0"


@pytest.mark.parametrize(("line", "instead", "message"), [
    ("title: NanoDet-g\n", "", "title: Field required"),
    ("licence:", "license:", "license: Unexpected keyword argument"),
    ("title:", "colour: red\ntitle:", "colour: Unexpected keyword argument"),
    ("  threshold: 0.3\n", "  threshold: 3\n", "defaults.threshold: Input should be less than 1"),
    ("height: 480", "height: 400", "defaults.input_size.height: Input should be a multiple of 32"),
    ("title: ", "title: [", "not valid YAML"),
    ("architecture: nanodet", "architecture: other", "architecture: Input should be 'boxes', 'center'"),
])  # fmt: skip
def test_a_damaged_card_is_refused_with_the_place(tmp_path: Path, line: str, instead: str, message: str) -> None:
    assert line in SHIPPED
    path = tmp_path / "card.yaml"
    path.write_text(SHIPPED.replace(line, instead, 1), encoding="utf-8")
    with pytest.raises(ModelCardError) as caught:
        read_card(path)
    assert str(path) in str(caught.value)
    assert message in str(caught.value)


def test_a_missing_card_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelCardError, match="cannot be read"):
        read_card(tmp_path / "card.yaml")
