"""Exported models, kept between runs.

Exporting takes seconds and needs TensorFlow; reading an exported model takes milliseconds and does not. The folder
is ``models`` in ``$SPOT_AGENT_CACHE``, else in ``$XDG_CACHE_HOME/spot-agent``, else in ``~/.cache/spot-agent``; where
that cannot be written, a new one among the system's temporary files, for this start alone. A file's name holds a
digest of all that it depends on, so it never has to be invalidated; it appears whole or not at all, so several
processes may share the folder.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from models.card import InputSize, Precision
from models.errors import ModelLoadError
from models.litert.process import export_in_own_process
from models.source import read_source

_CHECKS = 1  # raised whenever models are checked more strictly, so that all are checked anew


def cache_folder() -> Path:
    """Find the folder for exported models, and make it if need be.

    Returns:
        A folder that can be written.
    """
    for folder in _preferred_folders():
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(folder, os.W_OK | os.X_OK):
            return folder
    return Path(tempfile.mkdtemp(prefix="spot-agent-models-"))


def _preferred_folders() -> list[Path]:
    chosen = os.environ.get("SPOT_AGENT_CACHE")
    if chosen:
        return [Path(chosen).expanduser() / "models"]
    base = os.environ.get("XDG_CACHE_HOME")
    try:
        return [(Path(base) if base else Path.home() / ".cache") / "spot-agent" / "models"]
    except RuntimeError:  # the user has no home folder
        return []


def exported_model(model_path: Path, size: InputSize, precision: Precision) -> Path:
    """Find the exported form of a model, and make it if there is none yet.

    Args:
        model_path: The ``.keras`` file, or the folder of a KerasHub preset.
        size: The input size to fix.
        precision: How the exported model keeps its weights.

    Returns:
        The file of the exported model.

    Raises:
        ModelLoadError: The model cannot be read, is damaged or not allowed, or cannot be exported.
    """
    folder = cache_folder()
    source = read_source(model_path)
    owner = model_path.absolute().parent.name[:60] or "model"
    name = f"{owner}-{size.height}x{size.width}-{precision}-{_CHECKS}-{source.digest()[:16]}.tflite"
    target = folder / name
    if target.exists():
        return target
    source.check()
    try:
        with tempfile.TemporaryDirectory(prefix="export-", dir=folder) as scratch:
            unfinished = Path(scratch) / "exported.tflite"
            export_in_own_process(source.write(Path(scratch)), unfinished, size, precision, "litert")
            unfinished.replace(target)
    except OSError as error:
        raise ModelLoadError(f"{target}: the exported model cannot be written ({error.strerror})") from error
    except ModelLoadError as error:
        raise ModelLoadError(f"{model_path}: {error}") from error
    return target
