"""The network that finds cue cards: a pretrained trunk, and a neck that brings its strides together.

It looks at the picture in three sizes with the same weights, so what it has learned of a card holds near and far. That
needs far fewer pictures to learn from than one look that must know every card in every size.
"""

from __future__ import annotations

import math
from pathlib import Path

import keras
from keras import layers

from models.cards.errors import TrainingError
from models.heads.center import STRIDES

TRUNK = Path(__file__).parents[1] / "trunks" / "mobilenet_v2" / "trunk.keras"
"""MobileNetV2 up to stride 16, trained on ImageNet; see ``SOURCES.md`` beside it."""

FROZEN = ("features_0_", "features_1_", "features_2_", "features_3_")
"""Layers of the trunk that keep their weights: edges and textures are the same for cards as for anything else. They are
most of the cost of a training step."""

_LOOK = "look"

_RARE = 0.01
"""Heat that an untrained network gives everywhere; the bias of https://arxiv.org/abs/1708.02002, section 4.1."""


def build_network(classes: int, start: Path | None = None) -> keras.Model:
    """Build a network whose trunk is trained.

    Args:
        classes: How many cards there are.
        start: A model of this function that was trained on other cards: its weights are taken over, but for those that
            tell one card from another. Without it the neck and the outputs are untrained.

    Returns:
        Input ``image``: (batch, height, width, 3) RGB, 0 to 255, of any size that is a multiple of 64. Outputs ``heat``
        and ``box``, see ``models.heads.center``.

    Raises:
        TrainingError: ``start`` is no model of this function.
    """
    look = _build_look(classes)
    image = keras.Input((None, None, 3), name="image")
    sizes = [image]
    for _ in STRIDES[1:]:
        sizes.append(layers.AveragePooling2D(2)(sizes[-1]))
    seen = [look(size) for size in sizes]
    heat, box = (
        layers.Concatenate(axis=1, name=name)([layers.Reshape((-1, channels))(one[name]) for one in seen])
        for name, channels in (("heat", classes), ("box", 4))
    )
    model = keras.Model(image, {"heat": heat, "box": box}, name="cue_cards")
    if start is not None:
        _take_over(model, start)
    return model


def _build_look(classes: int) -> keras.Model:
    """Build what looks at the picture in one size; it gives maps of ``heat`` and ``box`` at stride 8."""
    backbone = keras.models.load_model(TRUNK, safe_mode=True, compile=False)
    for layer in backbone.layers:
        layer.trainable = not layer.name.startswith(FROZEN)
    fine, middle, coarse = (backbone.output[f"stride{stride}"] for stride in (4, 8, 16))
    wide = _separable(layers.Conv2D(96, 1, name="coarse_in")(coarse), 96, 5, "wide")
    # Small cards are made of details that stride 8 has lost, so stride 4 comes in by a path of its own.
    detail = layers.Conv2D(64, 3, 2, "same", use_bias=False, name="detail")(fine)
    detail = layers.ReLU(name="detail_relu")(layers.BatchNormalization(name="detail_norm")(detail))
    merged = layers.Add()(
        [
            layers.Conv2D(64, 1, name="wide_in")(layers.UpSampling2D(2)(wide)),
            layers.Conv2D(64, 1, name="middle_in")(middle),
            layers.Conv2D(64, 1, name="detail_in")(detail),
        ]
    )
    merged = _separable(_separable(merged, 64, 5, "merged_1"), 64, 5, "merged_2")
    bias = keras.initializers.Constant(-math.log((1 - _RARE) / _RARE))
    heat = layers.Conv2D(classes, 1, activation="sigmoid", bias_initializer=bias, name="heat")
    box = layers.Conv2D(4, 1, name="box")
    outputs = {"heat": heat(_separable(merged, 64, 3, "heat_in")), "box": box(_separable(merged, 64, 3, "box_in"))}
    return keras.Model(backbone.input, outputs, name=_LOOK)


def _take_over(model: keras.Model, start: Path) -> None:
    """Take over all weights but those of the last layer before ``heat``, which tells cards apart."""
    try:
        trained = keras.models.load_model(start, safe_mode=True, compile=False).get_layer(_LOOK)
        for layer in model.get_layer(_LOOK).layers:
            if layer.weights and layer.name != "heat":
                layer.set_weights(trained.get_layer(layer.name).get_weights())
    except (OSError, ValueError) as error:
        raise TrainingError(f"{start}: this is no model that was trained on cards: {error}") from error


def _separable(tensor: keras.KerasTensor, channels: int, size: int, name: str) -> keras.KerasTensor:
    """A depthwise and a pointwise convolution, with a way past them where the channels allow."""
    inner = layers.DepthwiseConv2D(size, padding="same", use_bias=False, name=f"{name}_depthwise")(tensor)
    inner = layers.ReLU(name=f"{name}_inner_relu")(layers.BatchNormalization(name=f"{name}_inner_norm")(inner))
    outer = layers.Conv2D(channels, 1, use_bias=False, name=f"{name}_pointwise")(inner)
    outer = layers.BatchNormalization(name=f"{name}_norm")(outer)
    if tensor.shape[-1] == channels:
        outer = layers.Add(name=f"{name}_add")([tensor, outer])
    return layers.ReLU(name=f"{name}_relu")(outer)
