"""Where models are: those that come with the product by name, a person's own by the path of their folder."""

from __future__ import annotations

import difflib
from pathlib import Path

from models.card import CARD_FILE, ModelCard, read_card
from models.errors import ModelNotFoundError
from models.labels import LABELS_FILE, read_labels

ZOO = Path(__file__).parent / "zoo"
"""The folder of the shipped models: one folder each, with ``model.keras``, ``labels.txt`` and ``card.yaml``."""


def available_models() -> tuple[str, ...]:
    """List the names that ``load_detector`` knows, in alphabetical order."""
    return tuple(sorted(card.parent.name for card in ZOO.glob(f"*/{CARD_FILE}")))


def model_card(name: str) -> ModelCard:
    """Read what is known about a model.

    Args:
        name: The model's name, or the path of its folder.

    Returns:
        Its card.

    Raises:
        ModelNotFoundError: No model has that name.
        ModelCardError: Its card is damaged.
    """
    return read_card(model_folder(name) / CARD_FILE)


def model_labels(name: str) -> tuple[str, ...]:
    """Read a model's labels, without loading the model.

    Args:
        name: The model's name, or the path of its folder.

    Returns:
        Every label that its detector can give.

    Raises:
        ModelNotFoundError: No model has that name.
        ModelLoadError: The labels cannot be read.
    """
    return read_labels(model_folder(name) / LABELS_FILE)


def is_path(name: str) -> bool:
    """Tell whether a model is named by the path of its folder: with a slash in it, or a ``.`` or ``~`` in front."""
    return "/" in name or name.startswith((".", "~"))


def model_folder(name: str) -> Path:
    """Find a model's folder.

    Args:
        name: One of ``available_models()``, or the path of a folder, see ``is_path``.

    Returns:
        The folder.

    Raises:
        ModelNotFoundError: No model has that name, or there is no such folder.
    """
    if is_path(name):
        folder = Path(name).expanduser()
        if not (folder / CARD_FILE).is_file():
            raise ModelNotFoundError(f"{folder}: there is no model here; its folder must hold a {CARD_FILE}")
        return folder
    names = available_models()
    if name not in names:
        close = difflib.get_close_matches(name, names, n=1)
        hint = f"did you mean {close[0]!r}?" if close else f"available: {', '.join(names) or 'none'}"
        raise ModelNotFoundError(f"there is no model called {name!r}; {hint}")
    return ZOO / name
