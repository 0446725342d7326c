"""Whether a loaded Keras model takes what it will be given."""

from __future__ import annotations

from typing import Any

from models.card import InputSize
from models.errors import ModelLoadError


def check_input(model: Any, size: InputSize) -> None:  # noqa: ANN401 - Keras has no types
    """Make sure that a model takes one RGB picture of a size.

    Args:
        model: A Keras model.
        size: The size of the pictures that it will get.

    Raises:
        ModelLoadError: It takes something else; the message says what was expected and what was found.
    """
    inputs = model.inputs or []
    found = ", ".join(f"{each.name!r} of shape {_shown(each.shape)}" for each in inputs) or "none that is known"
    expected = "expected one input, an RGB picture of shape (batch, height, width, 3)"
    if len(inputs) != 1 or len(inputs[0].shape) != 4:
        raise ModelLoadError(f"{expected}; the model has {found}")
    batch, height, width, channels = inputs[0].shape
    if channels not in (3, None):
        hint = "; put a Conv2D or a Concatenate in front that makes it from RGB" if channels == 1 else ""
        raise ModelLoadError(f"{expected}; the model has {found}{hint}")
    if batch not in (1, None):
        raise ModelLoadError(f"{expected}; the model takes exactly {batch} pictures at once, and it will get one")
    if height not in (size.height, None) or width not in (size.width, None):
        fixed = f"{{height: {height or size.height}, width: {width or size.width}}}"
        raise ModelLoadError(
            f"the model takes pictures of {height or 'any'}x{width or 'any'} (height x width) only, and input_size is "
            f"{size.height}x{size.width}; write 'input_size: {fixed}' below 'defaults' in card.yaml"
        )


def _shown(shape: tuple[int | None, ...]) -> str:
    return "(" + ", ".join("any" if size is None else str(size) for size in shape) + ")"
