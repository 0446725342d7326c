"""A KerasHub object detector as a network that gives decoded boxes.

KerasHub's own ``predict`` decodes and leaves out doubles with TensorFlow. Here both detectors are rebuilt so that the
result can be exported: RGB pictures in, ``boxes`` and ``scores`` out, as ``models.heads.BoxesHead`` reads them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras
import numpy as np

from models.card import InputSize
from models.errors import ModelLoadError
from models.litert.fitting import check_input


def load_preset(folder: Path, size: InputSize) -> Any:  # noqa: ANN401 - Keras has no types
    """Build a Keras model from a preset.

    Args:
        folder: The preset, checked before; see ``models.preset``.
        size: The size of the pictures that it will get.

    Returns:
        A model of one input ``image``, (1, height, width, 3) RGB from 0 to 255, with the outputs ``boxes`` (1, N, 4),
        x_min, y_min, x_max, y_max in pixels of the input, and ``scores`` (1, N, classes), 0 to 1.

    Raises:
        ModelLoadError: The detector takes pictures of another size only, or gives something else than expected.
    """
    import keras_hub

    # An absolute path, for anything else could be taken for something to fetch.
    detector = keras_hub.models.ObjectDetector.from_preset(str(folder.resolve(strict=True)))
    check_input(detector, size)
    image = keras.Input((size.height, size.width, 3), batch_size=1, name="image")
    outputs = detector(_normalised(detector, image))
    if {"cls_logits", "bbox_regression"} <= set(outputs):
        boxes, scores = _retinanet(detector, outputs, size), outputs["cls_logits"]
    elif {"logits", "pred_boxes"} <= set(outputs):
        boxes, scores = _d_fine(outputs, size), outputs["logits"]
    else:
        raise ModelLoadError(f"{type(detector).__name__} gives {', '.join(outputs)}, which nothing here can read")
    return keras.Model(image, {"boxes": boxes, "scores": keras.ops.sigmoid(scores)})


def _normalised(detector: Any, image: Any) -> Any:  # noqa: ANN401
    """What the preset's own image converter does to a picture, but for its size, which is brought about before."""
    converter = getattr(detector.preprocessor, "image_converter", None)
    scale, offset = getattr(converter, "scale", None), getattr(converter, "offset", None)
    scaled = image if scale is None else image * np.array(scale, np.float32)
    return scaled if offset is None else scaled + np.array(offset, np.float32)


def _retinanet(detector: Any, outputs: Any, size: InputSize) -> Any:  # noqa: ANN401
    """Move and scale each anchor by what was found for it (``RetinaNetObjectDetector.decode_predictions``)."""
    levels = detector.anchor_generator(np.zeros((1, size.height, size.width, 3), np.float32))
    anchors = keras.utils.bounding_boxes.convert_format(
        np.concatenate([np.asarray(level) for level in levels.values()]),
        source=detector.anchor_generator.bounding_box_format,
        target="center_xywh",
        height=size.height,
        width=size.width,
    )
    centre, extent = np.split(np.asarray(anchors, np.float32), 2, axis=-1)
    moves = outputs["bbox_regression"]
    return _corners(moves[..., :2] * extent + centre, keras.ops.exp(moves[..., 2:]) * extent)


def _d_fine(outputs: Any, size: InputSize) -> Any:  # noqa: ANN401
    """Scale boxes from fractions of the picture to pixels (``DFineObjectDetector.decode_predictions``)."""
    scale = np.array([size.width, size.height], np.float32)
    return _corners(outputs["pred_boxes"][..., :2] * scale, outputs["pred_boxes"][..., 2:] * scale)


def _corners(centre: Any, extent: Any) -> Any:  # noqa: ANN401
    return keras.ops.concatenate([centre - extent / 2, centre + extent / 2], axis=-1)
