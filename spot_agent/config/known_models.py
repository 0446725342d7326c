"""Which models a detector may name, and what each can find. No model is loaded for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

from models import available_models
from models.card import CARD_FILE, read_card
from models.fiducials import TAG_LABELS
from models.labels import LABELS_FILE, read_labels
from models.registry import model_folder, network_folder
from spot_agent.config.sections import WORLD_OBJECTS

ModelLabels: TypeAlias = Mapping[str, Sequence[str]]
"""The labels of each model that exists, by the model's name."""

PERSON = "person"  # what every shipped model calls a human being
WAVING = "waving"  # what a person does over several pictures; told from the poses of its track, by no model alone
_WITH_POSES = "movenet-multipose"


def shipped_models() -> ModelLabels:
    """The models that come with the product, and the robot's own world objects, each with its labels."""
    return {**{name: labels_of(model_folder(name)) for name in available_models()}, WORLD_OBJECTS: TAG_LABELS}


def labels_of(folder: Path) -> Sequence[str]:
    """What a model can find.

    Args:
        folder: Its folder, with ``card.yaml`` and ``labels.txt``.

    Returns:
        Its labels; those of a model of people's poses with waving, which is told from these over time.

    Raises:
        ModelError: There is no model, its card is damaged, or its labels cannot be read.
    """
    card = read_card(folder / CARD_FILE)
    labels = read_labels(network_folder(folder, card) / LABELS_FILE)
    if card.architecture != _WITH_POSES:
        return labels
    return (*labels, WAVING)
