"""What a network that finds cards is trained to make small."""

from __future__ import annotations

import keras
from keras import ops

_EPSILON = 1e-4


def heat_loss(target: keras.KerasTensor, heat: keras.KerasTensor) -> keras.KerasTensor:
    """Focal loss on hills of heat (https://arxiv.org/abs/1904.07850, equation 1, with alpha = 2 and beta = 4).

    Args:
        target: (batch, locations, classes + 1): heat, then whether it counts.
        heat: (batch, locations, classes): what the network gives, 0 to 1.

    Returns:
        A scalar: the sum over all locations, divided by the number of cards.
    """
    wanted, counts = target[..., :-1], target[..., -1:]
    heat = ops.clip(heat, _EPSILON, 1 - _EPSILON)
    is_middle = ops.cast(wanted >= 0.999, heat.dtype)
    missed = -is_middle * ops.square(1 - heat) * ops.log(heat)
    surplus = -(1 - is_middle) * ops.power(1 - wanted, 4) * ops.square(heat) * ops.log(1 - heat)
    return ops.sum((missed + surplus) * counts) / ops.maximum(ops.sum(is_middle), 1.0)


def box_loss(target: keras.KerasTensor, box: keras.KerasTensor) -> keras.KerasTensor:
    """Generalised intersection over union (https://arxiv.org/abs/1902.09630), and the values' own difference.

    Args:
        target: (batch, locations, 5): the box at each location, then how much it counts.
        box: (batch, locations, 4): what the network gives; see ``models.heads.center``.

    Returns:
        A scalar: the weighted mean over the locations that count.
    """
    weight = target[..., 4]
    wanted_low, wanted_high = _corners(target[..., :4])
    low, high = _corners(box)
    shared = _area(ops.maximum(low, wanted_low), ops.minimum(high, wanted_high))
    covered = _area(low, high) + _area(wanted_low, wanted_high) - shared
    around = _area(ops.minimum(low, wanted_low), ops.maximum(high, wanted_high))
    overlap = shared / (covered + _EPSILON) - (around - covered) / (around + _EPSILON)
    difference = ops.sum(ops.abs(target[..., :4] - box), axis=-1)
    return ops.sum(weight * (2 * (1 - overlap) + 0.5 * difference)) / ops.maximum(ops.sum(weight), 1.0)


def _corners(box: keras.KerasTensor) -> tuple[keras.KerasTensor, keras.KerasTensor]:
    """Corners relative to the location, in strides; sizes are held so that an untrained network cannot overflow."""
    half = ops.exp(ops.clip(box[..., 2:], -4.0, 4.0)) / 2
    return box[..., :2] - half, box[..., :2] + half


def _area(low: keras.KerasTensor, high: keras.KerasTensor) -> keras.KerasTensor:
    size = ops.maximum(high - low, 0.0)
    return size[..., 0] * size[..., 1]
