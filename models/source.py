"""A model's files, read once: what is checked is what is loaded, whatever happens to the files meanwhile."""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from models.bounded_file import read_bounded
from models.errors import ModelLoadError
from models.keras_file import MOST_BYTES, open_keras_file
from models.preset import PRESET_FOLDER, check_preset, read_preset

MODEL_FILE = "model.keras"


@dataclass(frozen=True, eq=False)
class ModelSource:
    """What a model is made from: a ``.keras`` file or a KerasHub preset.

    Attributes:
        path: Where it was read.
        files: Content of each file by its name.
    """

    path: Path
    files: Mapping[str, bytes]

    @property
    def is_preset(self) -> bool:
        """Whether it is a KerasHub preset."""
        return MODEL_FILE not in self.files

    def digest(self) -> str:
        """Give a SHA-256 digest of the files and of the versions of what reads them."""
        digest = hashlib.sha256(f"keras {version('keras')}, tensorflow {version('tensorflow')}".encode())
        if self.is_preset:
            digest.update(f"keras-hub {_keras_hub_version()}".encode())
        for name, content in sorted(self.files.items()):
            digest.update(f"{name} {len(content)} ".encode())
            digest.update(content)
        return digest.hexdigest()

    def check(self) -> None:
        """Look for everything that can be found without loading it.

        Raises:
            ModelLoadError: Something is damaged, too large or not allowed, or KerasHub is needed and not installed.
        """
        try:
            if self.is_preset:
                check_preset(self.files)
            else:
                open_keras_file(self.files[MODEL_FILE])
        except ModelLoadError as error:
            raise ModelLoadError(f"{self.path}: {error}") from error
        if self.is_preset and importlib.util.find_spec("keras_hub") is None:
            raise ModelLoadError(f"{self.path}: this model needs KerasHub: pip install 'spot-agent[keras-hub]'")

    def write(self, folder: Path) -> Path:
        """Write a copy that nobody else changes.

        Args:
            folder: An empty folder.

        Returns:
            The file, or the preset's folder.
        """
        target = folder / (PRESET_FOLDER if self.is_preset else MODEL_FILE)
        if self.is_preset:
            target.mkdir()
        for name, content in self.files.items():
            (target / name if self.is_preset else target).write_bytes(content)
        return target


def read_source(path: Path) -> ModelSource:
    """Read a model's files.

    Args:
        path: A ``.keras`` file, or the folder of a KerasHub preset, which is called ``preset``.

    Returns:
        The files, not yet checked.

    Raises:
        ModelLoadError: They are missing, too large or cannot be read.
    """
    if path.name == PRESET_FOLDER:
        return ModelSource(path, read_preset(path))
    return ModelSource(path, {MODEL_FILE: read_bounded(path, MOST_BYTES, "the model")})


def _keras_hub_version() -> str:
    try:
        return version("keras-hub")
    except PackageNotFoundError:
        return "none"
