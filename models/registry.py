"""The models that come with the product, by name."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from pathlib import Path

from models.card import InputSize, ModelCard, Precision, read_card
from models.detector import Detector
from models.errors import ModelError, ModelLoadError, ModelNotFoundError
from models.heads import HEADS, Head
from models.litert import LitertRunner, exported_model
from models.network_detector import NetworkDetector

ZOO = Path(__file__).parent / "zoo"
"""The folder of the shipped models: one folder each, with ``model.keras``, ``labels.txt`` and ``card.yaml``."""


def available_models() -> tuple[str, ...]:
    """List the names that ``load_detector`` knows, in alphabetical order."""
    return tuple(sorted(card.parent.name for card in ZOO.glob("*/card.yaml")))


def model_card(name: str) -> ModelCard:
    """Read what is known about a model.

    Args:
        name: The model's name.

    Returns:
        Its card.

    Raises:
        ModelNotFoundError: No model has that name.
        ModelCardError: Its card is damaged.
    """
    return read_card(model_folder(name) / "card.yaml")


def load_detector(
    name: str,
    *,
    threads: int = 2,
    threshold: float | None = None,
    precision: Precision | None = None,
    input_size: InputSize | None = None,
) -> Detector:
    """Load a model, ready to detect.

    The first time, the model is exported for the machine that it runs on, which takes some seconds; the result is
    kept (see ``models.litert.cache``). After that neither Keras nor TensorFlow is loaded.

    Args:
        name: One of ``available_models()``, or the path of a model's folder: a name with a slash in it.
        threads: How many threads the network may use for one picture; at least 1.
        threshold: The lowest score of a detection, between 0 and 1; by default as the model's card says.
        precision: How the network keeps its weights; by default as the card says.
        input_size: The size that pictures are brought to, multiples of 32; by default as the card says.

    Returns:
        The detector. It may be used from several threads; they take turns.

    Raises:
        ModelNotFoundError: No model has that name.
        ModelCardError: Its card is damaged.
        ModelLoadError: The model cannot be exported or read.
        ModelError: ``threads`` or ``threshold`` is out of range.

    Example:
        >>> from models import load_detector
        >>> detector = load_detector("objects")
        >>> detector.labels[11]
        'stop sign'
    """
    if threads < 1:
        raise ModelError(f"threads must be at least 1, not {threads}")
    if threshold is not None and not 0 < threshold < 1:
        raise ModelError(f"threshold must lie between 0 and 1, not {threshold}")
    folder = model_folder(name)
    card = read_card(folder / "card.yaml")
    labels = _read_labels(folder / "labels.txt")
    head = HEADS[card.architecture]
    exported = exported_model(
        folder / "model.keras", input_size or card.defaults.input_size, precision or card.defaults.precision
    )
    network = LitertRunner(exported, threads=threads)
    _check_outputs(folder, network.output_shapes, head, labels)
    return NetworkDetector(
        name,
        labels,
        network,
        head,
        threshold=card.defaults.threshold if threshold is None else threshold,
        overlap=card.defaults.overlap,
    )


def _check_outputs(folder: Path, shapes: Mapping[str, tuple[int, ...]], head: Head, labels: Sequence[str]) -> None:
    for name, size in head.outputs(len(labels)).items():
        if name not in shapes:
            given = ", ".join(sorted(shapes))
            raise ModelLoadError(f"{folder}: expected an output called {name!r}; the model gives {given}")
        if shapes[name][-1] != size:
            raise ModelLoadError(
                f"{folder}: expected the output {name!r} to have {size} values in its last axis, for the "
                f"{len(labels)} labels in labels.txt; the model gives {list(shapes[name])}"
            )


def model_folder(name: str) -> Path:
    """Find a model's folder.

    Args:
        name: One of ``available_models()``, or the path of a folder: a name with a slash in it.

    Returns:
        The folder.

    Raises:
        ModelNotFoundError: No model has that name, or there is no such folder.
    """
    if "/" in name:
        folder = Path(name).expanduser()
        if not (folder / "card.yaml").is_file():
            raise ModelNotFoundError(f"{folder}: there is no model here; its folder must hold a card.yaml")
        return folder
    names = available_models()
    if name not in names:
        close = difflib.get_close_matches(name, names, n=1)
        hint = f"did you mean {close[0]!r}?" if close else f"available: {', '.join(names) or 'none'}"
        raise ModelNotFoundError(f"there is no model called {name!r}; {hint}")
    return ZOO / name


def _read_labels(path: Path) -> tuple[str, ...]:
    try:
        return tuple(path.read_text(encoding="utf-8").split("\n")[:-1])
    except OSError as error:
        raise ModelLoadError(f"{path}: the labels cannot be read ({error.strerror})") from error
