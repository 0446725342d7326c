"""What is known of a model without loading it, and in which words."""

from __future__ import annotations

from dataclasses import dataclass

from models import ModelCard, model_card, model_labels
from models.loading import model_source
from models.registry import model_folder


@dataclass(frozen=True)
class Entry:
    """A model as it is listed.

    Attributes:
        name: How config.yaml names it.
        card: What is known about it.
        labels: What it can find.
        bytes: Size of its network's files, which may be another model's; see ``ModelCard.network_of``.
    """

    name: str
    card: ModelCard
    labels: tuple[str, ...]
    bytes: int

    @classmethod
    def of(cls, name: str) -> Entry:
        """Read a model's folder; the model is not loaded.

        Raises:
            ModelError: There is no such model, or its folder is damaged.
        """
        folder, card = model_folder(name), model_card(name)
        network = model_source(folder, card)
        files = network.iterdir() if network.is_dir() else [network]
        size = sum(file.stat().st_size for file in files if file.is_file())
        return cls(name, card, model_labels(name), size)

    @property
    def size(self) -> str:
        """Size of the network in words."""
        if not self.bytes:
            return "no network"
        shared = f" (those of {self.card.network_of})" if self.card.network_of else ""
        return in_bytes(self.bytes) + shared


def in_bytes(amount: int) -> str:
    """Tell an amount of bytes."""
    return f"{amount / 1e6:.1f} MB" if amount >= 1e6 else f"{max(1, round(amount / 1e3))} kB"
