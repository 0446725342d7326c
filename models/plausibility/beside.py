"""The second head that lies beside a model."""

from __future__ import annotations

from pathlib import Path

from models.card import CARD_FILE as MODEL_CARD_FILE
from models.card import read_card
from models.detector import Detector
from models.plausibility.detector import PlausibleDetector
from models.plausibility.head import PlausibilityHead
from models.plausibility.head_card import CARD_FILE
from models.registry import model_folder, network_folder


def head_beside(folder: Path) -> PlausibilityHead | None:
    """Load the second head in the folder of a model's network; ``None`` if there is no ``plausibility.yaml``.

    Raises:
        ModelCardError: Its card is damaged.
        ModelLoadError: It is damaged, or does not fit its card.
    """
    return PlausibilityHead.load(folder) if (folder / CARD_FILE).is_file() else None


def with_plausibility(name: str, detector: Detector) -> Detector:
    """Give a detector its model's second head, if there is one.

    Args:
        name: The model's name, or the path of its folder; see ``load_detector``.
        detector: The detector made of it.

    Returns:
        A ``PlausibleDetector`` if there is a ``plausibility.yaml`` beside the model's network, else the detector.

    Raises:
        ModelNotFoundError: No model has that name.
        ModelCardError: A card is damaged.
        ModelLoadError: The second head is damaged, or does not fit its card.
    """
    folder = model_folder(name)
    head = head_beside(network_folder(folder, read_card(folder / MODEL_CARD_FILE)))
    return detector if head is None else PlausibleDetector(detector, head)
