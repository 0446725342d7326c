"""Reading somebody's cards."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from models.cards.backgrounds import SHIPPED, Backgrounds, read_pictures
from models.cards.errors import CardsError
from models.cards.templates import LARGEST_SIDE, alike_cards, read_templates


def drawn(seed: int, *, size: tuple[int, int] = (140, 100), channels: int = 3) -> NDArray[np.uint8]:
    picture = np.full((*size, channels), 255, np.uint8)
    corners = np.random.default_rng(seed).uniform(0, 1, (4, 2)) * size[::-1]
    cv2.fillPoly(picture, [corners.astype(np.int32)], (0, 0, 0, 255)[:channels])
    return picture


def write(path: Path, picture: NDArray[np.uint8]) -> None:
    assert cv2.imwrite(str(path), picture)


@pytest.fixture
def cards(tmp_path: Path) -> Path:
    write(tmp_path / "Wave.png", drawn(1))
    write(tmp_path / "dance.jpg", drawn(2))
    (tmp_path / "notes.txt").write_text("not a card")
    return tmp_path


def test_names_are_labels_and_other_files_are_passed_over(cards: Path) -> None:
    templates = read_templates(cards)
    assert [template.label for template in templates] == ["dance", "wave"]
    assert all(template.image.shape == (140, 100, 4) for template in templates)
    assert templates[0].aspect == pytest.approx(100 / 140)


def test_transparent_parts_stay_transparent_and_large_pictures_get_smaller(cards: Path) -> None:
    picture = drawn(3, size=(1400, 1000), channels=4)
    picture[:700, :, 3] = 0
    write(cards / "half.png", picture)
    half = {template.label: template.image for template in read_templates(cards)}["half"]
    assert max(half.shape[:2]) == LARGEST_SIDE
    assert half[: half.shape[0] // 3, :, 3].max() == 0 and half[-10:, :, 3].min() == 255


def test_sixteen_bits_and_grey_are_read_too(cards: Path) -> None:
    assert cv2.imwrite(str(cards / "deep.png"), drawn(4)[..., 0].astype(np.uint16) * 257)
    deep = {template.label: template.image for template in read_templates(cards)}["deep"]
    assert deep.max() == 255 and (deep[..., 0] == deep[..., 1]).all()


def test_every_mistake_is_told_with_its_file(cards: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    empty = tmp_path_factory.mktemp("empty")
    with pytest.raises(CardsError, match="no such folder"):
        read_templates(empty / "missing")
    with pytest.raises(CardsError, match="no picture here"):
        read_templates(empty)
    write(empty / "one.png", drawn(1))
    with pytest.raises(CardsError, match=r"one\.png.*only card"):
        read_templates(empty)
    write(cards / "WAVE.jpeg", drawn(5))
    with pytest.raises(CardsError, match="has the label 'wave' already"):
        read_templates(cards)


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"", "no picture that can be read"), (b"\x89PNG\r\n broken", "no picture that can be read")],
)
def test_a_file_that_is_no_picture(cards: Path, content: bytes, message: str) -> None:
    (cards / "bad.png").write_bytes(content)
    with pytest.raises(CardsError, match=rf"bad\.png.*{message}"):
        read_templates(cards)


def test_tiny_and_invisible_pictures_are_refused(cards: Path) -> None:
    write(cards / "tiny.png", drawn(6, size=(140, 40)))
    with pytest.raises(CardsError, match=r"tiny\.png: 40x140 pixels are too few"):
        read_templates(cards)
    write(cards / "tiny.png", np.zeros((100, 100, 4), np.uint8))
    with pytest.raises(CardsError, match=r"tiny\.png: nothing of this picture is opaque"):
        read_templates(cards)


def test_cards_that_look_alike_are_named(cards: Path) -> None:
    write(cards / "wave2.png", cv2.GaussianBlur(drawn(1), (0, 0), 2))
    write(cards / "evaw.png", drawn(1)[::-1, ::-1])
    pairs = {(pair.first, pair.second, pair.upside_down) for pair in alike_cards(read_templates(cards))}
    assert ("wave", "wave2", False) in pairs
    assert ("evaw", "wave", True) in pairs


def test_no_background_is_in_two_splits() -> None:
    sources = [
        {"-".join(path.stem.split("-")[:2]) for path in (SHIPPED / split).glob("*.jpg")}
        for split in ("train", "validation", "test")
    ]
    assert all(len(names) >= 8 for names in sources)
    assert sum(map(len, sources)) == len(set.union(*sources))
    total = sum(path.stat().st_size for path in SHIPPED.rglob("*.jpg"))
    assert total < 10e6


def test_own_backgrounds_only_teach(tmp_path: Path) -> None:
    write(tmp_path / "hall.jpg", drawn(7, size=(300, 400)))
    shipped, with_own = Backgrounds.read(), Backgrounds.read(tmp_path)
    assert len(with_own.train) == len(shipped.train) + 1
    assert len(with_own.test) == len(shipped.test)
    with pytest.raises(CardsError, match="there is no picture here"):
        read_pictures(tmp_path / "missing")
    write(tmp_path / "small.jpg", drawn(7, size=(20, 400)))
    with pytest.raises(CardsError, match=r"small\.jpg"):
        read_pictures(tmp_path)
