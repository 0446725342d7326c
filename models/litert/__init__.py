"""Keras models exported to LiteRT once, kept, and run without TensorFlow."""

from __future__ import annotations

from models.litert.cache import cache_folder, exported_model
from models.litert.runner import LitertRunner

__all__ = ["LitertRunner", "cache_folder", "exported_model"]
