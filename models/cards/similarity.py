"""How much two cards look alike from afar."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

_SIZE = (20, 28)
"""Width and height in pixels to which cards are brought: about A4 at three metres."""
_SHIFT = 2
"""Pixels by which one is moved over the other."""
_FLAT = 1e-3


def similarity(first: NDArray[np.float32], second: NDArray[np.float32]) -> float:
    """Compare two cards in grey, from afar, wherever they match best.

    Args:
        first: One card; see ``seen_from_afar``.
        second: The other.

    Returns:
        The correlation of their pixels, -1 to 1; 0 if one of the two is blank.
    """
    # The window that is moved is smaller than the card, so the frame counts less than what is in it.
    inner = first[_SHIFT:-_SHIFT, _SHIFT:-_SHIFT]
    if inner.std() < _FLAT or second.std() < _FLAT:
        return 0.0
    return float(cv2.matchTemplate(second, inner, cv2.TM_CCOEFF_NORMED).max())


def seen_from_afar(image: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Bring a card (H×W×4, RGB and opacity) before white to 28×20 pixels of grey, 0 to 1."""
    small = cv2.resize(image, _SIZE, interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    opacity = small[..., 3]
    grey = small[..., :3] @ np.array([0.299, 0.587, 0.114], np.float32)
    return np.asarray(grey * opacity + 1 - opacity, np.float32)
