"""Look into a KerasHub preset before anything in it is believed.

A preset is a folder that ``ObjectDetector.save_to_preset`` has written: JSON files that name classes of KerasHub, and
weights. It is read from the disk only; nothing is ever fetched.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from models.bounded_file import MEBIBYTE, read_bounded
from models.errors import ModelLoadError
from models.keras_file import MOST_BYTES
from models.network_config import check_objects, read_json

PRESET_FOLDER = "preset"
"""The folder within a model's folder."""

DETECTORS = ("DFineObjectDetector", "RetinaNetObjectDetector")
"""The kinds of detectors whose outputs can be read."""

_REQUIRED = ("config.json", "task.json", "model.weights.h5")
_OPTIONAL = ("task.weights.h5", "preprocessor.json", "image_converter.json", "metadata.json")
_MOST_JSON_BYTES = 4 * MEBIBYTE
_EXPECTED = "expected a folder that ObjectDetector.save_to_preset of KerasHub has written"


def read_preset(folder: Path) -> dict[str, bytes]:
    """Read the files of a preset that count; whatever else lies there is left out.

    Args:
        folder: The preset's folder.

    Returns:
        Each file's content by its name.

    Raises:
        ModelLoadError: There is no such folder, or a file is missing, too large or cannot be read.
    """
    if not folder.is_dir():
        raise ModelLoadError(f"{folder}: there is no such folder; {_EXPECTED}")
    if (folder / "model.weights.json").exists():
        raise ModelLoadError(f"{folder}: weights in several files are not supported; the limit is {MOST_BYTES:,} bytes")
    missing = [name for name in _REQUIRED if not (folder / name).exists()]
    if missing:
        raise ModelLoadError(f"{folder}: {', '.join(missing)} is missing; {_EXPECTED}")
    present = [name for name in (*_REQUIRED, *_OPTIONAL) if (folder / name).exists()]
    return {name: read_bounded(folder / name, _most_bytes(name), "the file") for name in present}


def _most_bytes(name: str) -> int:
    return MOST_BYTES if name.endswith(".h5") else _MOST_JSON_BYTES


def check_preset(files: Mapping[str, bytes]) -> None:
    """Make sure that a preset names nothing but layers of Keras and KerasHub.

    Args:
        files: Each file's content by its name, see ``read_preset``.

    Raises:
        ModelLoadError: A file is damaged, or names something that may not be in a detector.
    """
    for name, content in files.items():
        if name.endswith(".json"):
            described = read_json(content, name)
            if name != "metadata.json":
                if "class_name" not in described:
                    raise ModelLoadError(f"{name} names no class; {_EXPECTED}")
                check_objects(described, name, keras_hub=True)
    kind = read_json(files["task.json"], "task.json")["class_name"]
    if kind not in DETECTORS:
        raise ModelLoadError(f"task.json describes {kind!r}; expected one of {', '.join(DETECTORS)}")
