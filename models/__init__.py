"""Pictures in, detections out: the detectors that come with the product.

>>> from models import load_detector
>>> detector = load_detector("objects")
>>> detections = detector.detect([image])[0]
"""

from __future__ import annotations

from models.card import InputSize, ModelCard, Precision
from models.detection import Box, Detection
from models.detector import Detector
from models.errors import ImageError, ModelCardError, ModelError, ModelLoadError, ModelNotFoundError
from models.registry import available_models, load_detector, model_card

__all__ = [
    "Box",
    "Detection",
    "Detector",
    "ImageError",
    "InputSize",
    "ModelCard",
    "ModelCardError",
    "ModelError",
    "ModelLoadError",
    "ModelNotFoundError",
    "Precision",
    "available_models",
    "load_detector",
    "model_card",
]
