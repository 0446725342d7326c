"""Exported models, kept between runs.

Exporting takes seconds and needs TensorFlow; reading an exported model takes milliseconds and does not. The folder
is ``models`` in ``$SPOT_AGENT_CACHE``, else in ``$XDG_CACHE_HOME/spot-agent``, else in ``~/.cache/spot-agent``; where
that cannot be written, a new one among the system's temporary files, for this start alone. A file's name holds a
digest of all that it depends on, so it never has to be invalidated; it appears whole or not at all, so several
processes may share the folder.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

from models.card import InputSize, Precision
from models.errors import ModelLoadError

_EXPORT_SECONDS = 600
_PACKAGE_PARENT = Path(__file__).parents[2]


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
    """Find the exported form of a Keras model, and make it if there is none yet.

    Args:
        model_path: The Keras model.
        size: The input size to fix.
        precision: How the exported model keeps its weights.

    Returns:
        The file of the exported model.

    Raises:
        ModelLoadError: The model cannot be read or exported.
    """
    folder = cache_folder()
    name = f"{model_path.parent.name}-{size.height}x{size.width}-{precision}-{_digest(model_path)[:16]}.tflite"
    target = folder / name
    if not target.exists():
        try:
            with tempfile.TemporaryDirectory(prefix="export-", dir=folder) as scratch:
                unfinished = Path(scratch) / "model.tflite"
                _export_in_own_process(model_path, unfinished, size, precision)
                unfinished.replace(target)
        except OSError as error:
            raise ModelLoadError(f"{target}: the exported model cannot be written ({error.strerror})") from error
    return target


def _digest(model_path: Path) -> str:
    try:
        content = model_path.read_bytes()
    except OSError as error:
        raise ModelLoadError(f"{model_path}: the model cannot be read ({error.strerror})") from error
    versions = f"keras {version('keras')}, tensorflow {version('tensorflow')}"
    return hashlib.sha256(content + versions.encode()).hexdigest()


def _export_in_own_process(model_path: Path, out: Path, size: InputSize, precision: Precision) -> None:
    """Export without loading TensorFlow here; its chatter comes from C++ and could not be silenced here either."""
    search_path = os.pathsep.join(filter(None, (str(_PACKAGE_PARENT), os.environ.get("PYTHONPATH"))))
    settings = {"PYTHONPATH": search_path, "KERAS_BACKEND": "tensorflow", "CUDA_VISIBLE_DEVICES": ""}
    command = [sys.executable, "-m", "models.litert.export", str(model_path), str(out)]
    command += [str(size.height), str(size.width), precision]
    try:
        subprocess.run(  # noqa: S603 - the command is ours; no shell is involved
            command, env=os.environ | settings, capture_output=True, check=True, timeout=_EXPORT_SECONDS
        )
    except subprocess.CalledProcessError as error:
        lines = error.stderr.decode(errors="replace").strip().splitlines() or ["no message"]
        raise ModelLoadError(f"{model_path}: the model cannot be exported for LiteRT: {lines[-1]}") from error
    except subprocess.TimeoutExpired as error:
        raise ModelLoadError(f"{model_path}: exporting took longer than {_EXPORT_SECONDS} s") from error
