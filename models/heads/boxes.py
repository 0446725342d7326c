"""Networks that give decoded boxes: the form to bring one's own model in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from models.heads.head import Candidates


class BoxesHead:
    """Reads ``boxes`` (1, N, 4) and ``scores`` (1, N, classes).

    Boxes are x_min, y_min, x_max, y_max in pixels of the network's input; scores lie between 0 and 1. Doubles may be in
    them: they are left out afterwards.
    """

    multiple: ClassVar[int] = 32

    def outputs(self, classes: int) -> dict[str, int]:
        """Say what the network must give; see ``Head.outputs``."""
        return {"boxes": 4, "scores": classes}

    def decode(
        self, outputs: Mapping[str, NDArray[np.float32]], height: int, width: int, threshold: float
    ) -> Candidates:
        """Read what the network gave for one picture; see ``Head.decode``."""
        boxes, scores = outputs["boxes"][0], outputs["scores"][0]
        best = scores.max(axis=1)
        kept = np.flatnonzero((best >= threshold) & np.isfinite(boxes).all(axis=1))
        return Candidates(boxes[kept], best[kept], scores[kept].argmax(axis=1))
