"""Models in formats that other programs read."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from models.card import InputSize, Precision
from models.errors import ModelError, ModelLoadError
from models.litert.process import Format, export_in_own_process
from models.loading import model_source
from models.registry import model_card, model_folder
from models.source import read_source


def export_model(
    name: str,
    out: Path,
    form: Format,
    *,
    input_size: InputSize | None = None,
    precision: Precision | None = None,
    replace: bool = False,
) -> None:
    """Write a model in another format, in a process of its own.

    Args:
        name: The model's name, or the path of its folder.
        out: The file to write; for ``saved-model`` a folder.
        form: ``"litert"`` gives one file that takes a ``uint8`` picture (1, height, width, 3), ``"saved-model"`` a
            folder for TensorFlow that takes the same as ``float32``, 0 to 255. The outputs are the network's.
        input_size: The size of the pictures; by default as the card says.
        precision: How a LiteRT model keeps its weights; by default as the card says.
        replace: Whether what lies at ``out`` may be replaced.

    Raises:
        ModelNotFoundError: No model has that name.
        ModelLoadError: The model is damaged or cannot be exported.
        ModelError: There is no network, something lies at ``out``, or it cannot be written.
    """
    folder, card = model_folder(name), model_card(name)
    if card.architecture == "fiducials":
        raise ModelError(f"{name}: there is no network to export; it is a program of OpenCV")
    if out.exists() and not replace:
        raise ModelError(f"{out}: this exists already; give another name, or say that it may be replaced")
    if out.is_dir() and not (form == "saved-model" and (out / "saved_model.pb").is_file()):
        raise ModelError(f"{out}: this is a folder that is no exported model, and is not replaced")
    source = read_source(model_source(folder, card))
    source.check()
    size = input_size or card.defaults.input_size
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".export-", dir=out.parent) as scratch:
            # A name with this ending, because Keras asks for one.
            unfinished = Path(scratch) / ("exported.tflite" if form == "litert" else "exported")
            export_in_own_process(
                source.write(Path(scratch)), unfinished, size, precision or card.defaults.precision, form
            )
            _remove(out)
            unfinished.rename(out)
    except ModelLoadError as error:
        raise ModelLoadError(f"{source.path}: {error}") from error
    except OSError as error:
        raise ModelError(f"{out}: it cannot be written ({error.strerror})") from error


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
