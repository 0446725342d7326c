"""Everything that can go wrong in this room.

ModelError
├── ModelNotFoundError   no model has that name
├── ModelCardError       a model's card is missing, or says something it may not
├── ModelLoadError       the model's file cannot be exported, read or run
└── ImageError           a picture given to a detector is none
"""

from __future__ import annotations


class ModelError(Exception):
    """Something is wrong with a model or with what was given to it; the message is meant for people."""


class ModelNotFoundError(ModelError):
    """No model has that name."""


class ModelCardError(ModelError):
    """A model's card is missing, or says something that it may not."""


class ModelLoadError(ModelError):
    """A model's file cannot be exported, read or run."""


class ImageError(ModelError):
    """A picture is empty, or its shape or dtype is not one that detectors take."""
