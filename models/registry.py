"""Where models are: those that come with the product by name, a person's own by the path of their folder."""

from __future__ import annotations

import difflib
from pathlib import Path

from models.card import CARD_FILE, ModelCard, read_card
from models.errors import ModelCardError, ModelNotFoundError
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
        ModelCardError: Its card is damaged.
        ModelLoadError: The labels cannot be read.
    """
    folder = model_folder(name)
    return read_labels(network_folder(folder, read_card(folder / CARD_FILE)) / LABELS_FILE)


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
            why = "" if folder.is_dir() else " (there is no such folder)"
            raise ModelNotFoundError(f"{folder}: there is no model here; its folder must hold a {CARD_FILE}{why}")
        return folder
    names = available_models()
    if name not in names:
        close = difflib.get_close_matches(name, names, n=1)
        hint = f"did you mean {close[0]!r}?" if close else f"available: {', '.join(names) or 'none'}"
        if name and (Path(name) / CARD_FILE).is_file():
            hint = f"if you mean the folder here, write './{name}'"
        raise ModelNotFoundError(f"there is no model called {name!r}; {hint}")
    return ZOO / name


def network_folder(folder: Path, card: ModelCard) -> Path:
    """Find the folder that holds a model's network and labels.

    Args:
        folder: The model's folder.
        card: Its card.

    Returns:
        The same folder, or that of the shipped model that the card names in ``network_of``.

    Raises:
        ModelCardError: The card names a network that it may not.
    """
    if card.network_of is None:
        return folder
    shared = ZOO / card.network_of
    problem = ""
    if folder.resolve().parent != ZOO.resolve():
        problem = "only a model that comes with the product may use another's; remove this, and put the files here"
    elif card.network_of not in available_models():
        problem = f"there is no model called {card.network_of!r}"
    elif (other := read_card(shared / CARD_FILE)).network_of is not None:
        problem = f"{card.network_of!r} has no network of its own; name {other.network_of!r}"
    elif other.architecture != card.architecture:
        problem = f"{card.network_of!r} has the architecture {other.architecture!r}, and this has {card.architecture!r}"
    if problem:
        raise ModelCardError(f"{folder / CARD_FILE}: network_of: {problem}")
    return shared
