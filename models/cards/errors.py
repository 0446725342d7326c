"""What can be wrong with somebody's cards or backgrounds.

ModelError
└── CardsError          a folder of card pictures or of backgrounds cannot be used
    └── TrainingError   the training was asked for something that it cannot do, or came to no result
"""

from __future__ import annotations

from models.errors import ModelError


class CardsError(ModelError):
    """A folder of card pictures or of backgrounds cannot be used; the message says which file, and what to do."""


class TrainingError(CardsError):
    """The training was asked for something that it cannot do, or came to no result."""
