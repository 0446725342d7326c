"""Free a fully convolutional model from the input size that it was built with."""

from __future__ import annotations

import keras


def of_any_size(model: keras.Model) -> keras.Model:
    """Copy a model, with weights, so that it takes pictures of any size.

    Args:
        model: One input ``image`` (batch, height, width, 3); no layer depends on the size.

    Returns:
        The copy; its input is (batch, None, None, 3).
    """
    clone = keras.models.clone_model(model, input_tensors=keras.Input((None, None, 3), name="image"))
    clone.set_weights(model.get_weights())
    return clone
