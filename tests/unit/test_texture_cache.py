"""Textures are painted once, and a damaged or read-only cache changes nothing but the time."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from simulator.rendering.texture_cache import remembered


class Painter:
    """Counts how often it paints."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self) -> np.ndarray:
        self.count += 1
        return np.full((4, 8, 3), 7, np.uint8)


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SPOT_AGENT_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_a_texture_is_painted_once_and_read_again_as_it_was(cache: Path) -> None:
    painter = Painter()
    first, second = (remembered("material x", painter) for _ in range(2))
    assert painter.count == 1
    assert (first == second).all()
    assert (first.shape, first.dtype) == (second.shape, second.dtype)
    remembered("material y", painter)
    assert painter.count == 2
    assert not list(cache.rglob("*.tmp"))


@pytest.mark.parametrize("damage", [b"", b"no array", b"\x93NUMPY\x01\x00"])
def test_a_damaged_texture_is_painted_anew(cache: Path, damage: bytes) -> None:
    painter = Painter()
    remembered("material x", painter)
    (file,) = cache.rglob("*.npy")
    file.write_bytes(damage)
    assert (remembered("material x", painter) == 7).all()
    assert (remembered("material x", painter) == 7).all()
    assert painter.count == 2


def test_textures_of_another_version_are_thrown_away(cache: Path) -> None:
    old = cache / "textures" / "old"
    old.mkdir(parents=True)
    remembered("material x", Painter())
    assert not old.exists()


def test_a_cache_that_cannot_be_written_is_done_without(cache: Path) -> None:
    cache.write_text("a file where the folder should be")
    painter = Painter()
    assert (remembered("material x", painter) == 7).all()
    assert painter.count == 1
