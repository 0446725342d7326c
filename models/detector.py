"""What every detector can do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from models.detection import Detection
from models.view import View


@runtime_checkable
class Detector(Protocol):
    """Finds things in pictures. Implementations are pure: the same picture gives the same detections."""

    @property
    def name(self) -> str:
        """The name under which config.yaml asks for it, e.g. ``"objects"``."""

    @property
    def labels(self) -> tuple[str, ...]:
        """Every label that it can give."""

    def detect(
        self, images: Sequence[NDArray[np.uint8]], views: Sequence[View | None] | None = None
    ) -> list[list[Detection]]:
        """Find things in each picture.

        Args:
            images: Upright pictures of any size, each H×W×3 RGB or H×W grey, ``uint8``.
            views: For each picture, where it was taken from, as far as that is known. A detector may use it to reject
                what cannot be; one that looks at pixels only ignores it.

        Returns:
            One list for each picture, in the same order, highest score first; boxes lie within the picture.

        Raises:
            ImageError: A picture is empty, or its shape or dtype is not one of those above.
        """
