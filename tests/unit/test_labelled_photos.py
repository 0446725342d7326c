"""The labelled photos are complete: each has labels of a known vocabulary, a source, and a place in one set only."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from models.evaluation import read_pictures
from models.registry import model_labels

DATA = Path(__file__).parents[1] / "data"
SETS = ("photos", "photos_test")


@pytest.mark.parametrize("name", SETS)
def test_every_photo_is_labelled_in_cocos_words_and_within_its_edges(name: str) -> None:
    pictures = read_pictures(DATA / name)
    assert {picture.name for picture in pictures} == {path.name for path in (DATA / name).glob("*.jpg")}
    assert {thing.label for picture in pictures for thing in picture.things} <= set(model_labels("objects"))


@pytest.mark.parametrize("name", SETS)
def test_every_photo_has_a_source(name: str) -> None:
    told = (DATA / name / "SOURCES.md").read_text(encoding="utf-8")
    for path in (DATA / name).glob("*.jpg"):
        stem = "pedestrians" if path.stem.startswith("pedestrians") else path.stem
        assert stem in told, path.name


def test_no_photo_is_in_both_sets() -> None:
    digests = [sha256(path.read_bytes()).digest() for name in SETS for path in (DATA / name).glob("*.jpg")]
    assert len(set(digests)) == len(digests)


def test_the_held_out_photos_are_many_and_small() -> None:
    pictures = read_pictures(DATA / "photos_test")
    things = [thing for picture in pictures for thing in picture.things if not thing.ignore]
    assert len(pictures) >= 50
    assert len(things) >= 150
    assert len({thing.label for thing in things}) >= 20
    assert sum(path.stat().st_size for path in (DATA / "photos_test").iterdir()) < 8e6
