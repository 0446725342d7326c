from __future__ import annotations

from pathlib import Path

import pytest

from models import InputSize, ModelLoadError
from models.litert.cache import cache_folder, exported_model

SIZE = InputSize(32, 32)


def test_the_chosen_folder_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    monkeypatch.setenv("SPOT_AGENT_CACHE", str(tmp_path / "chosen"))
    assert cache_folder() == tmp_path / "chosen" / "models"
    assert cache_folder().is_dir()


def test_then_the_desktop_standard_then_the_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SPOT_AGENT_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert cache_folder() == tmp_path / "xdg" / "spot-agent" / "models"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert cache_folder() == tmp_path / "home" / ".cache" / "spot-agent" / "models"


def test_a_temporary_folder_serves_where_none_can_be_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("SPOT_AGENT_CACHE", str(tmp_path / "file" / "below"))
    folder = cache_folder()
    assert folder.is_dir()
    (folder / "probe").touch()
    assert tmp_path not in folder.parents
    (folder / "probe").unlink()
    folder.rmdir()


def test_a_missing_model_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPOT_AGENT_CACHE", str(tmp_path))
    with pytest.raises(ModelLoadError, match=r"model\.keras: the model cannot be read"):
        exported_model(tmp_path / "model.keras", SIZE, "float32")


@pytest.mark.timeout(60)
def test_a_damaged_model_is_reported_and_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPOT_AGENT_CACHE", str(tmp_path / "cache"))
    (tmp_path / "model.keras").write_bytes(b"not a model")
    with pytest.raises(ModelLoadError, match="no zip archive; expected a native Keras 3 model"):
        exported_model(tmp_path / "model.keras", SIZE, "float32")
    assert list((tmp_path / "cache" / "models").iterdir()) == []
