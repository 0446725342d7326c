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
from models.loading import check_model, load_detector
from models.pose import Joint, Keypoint, Pose
from models.registry import available_models, model_card, model_labels
from models.view import BoxMeasurements, View

__all__ = [
    "Box",
    "BoxMeasurements",
    "Detection",
    "Detector",
    "ImageError",
    "InputSize",
    "Joint",
    "Keypoint",
    "ModelCard",
    "ModelCardError",
    "ModelError",
    "ModelLoadError",
    "ModelNotFoundError",
    "Pose",
    "Precision",
    "View",
    "available_models",
    "check_model",
    "load_detector",
    "model_card",
    "model_labels",
]
