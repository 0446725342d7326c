"""What every head can do: read a network's outputs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Candidates:
    """What a network may have found, before doubles are left out.

    Attributes:
        boxes: N×4: x_min, y_min, x_max, y_max in pixels of the network's input.
        scores: N confidences, 0 to 1.
        classes: N indices into the labels.
        keypoints: N×17×3: x and y in pixels of the network's input, and a score; ``None`` where the network gives none.
    """

    boxes: NDArray[np.float32]
    scores: NDArray[np.float32]
    classes: NDArray[np.intp]
    keypoints: NDArray[np.float32] | None = None


class Head(Protocol):
    """Turns a network's outputs into candidates. It is pure, and has no state.

    Attributes:
        multiple: Height and width of the network's input are multiples of this.
    """

    multiple: ClassVar[int]

    def outputs(self, classes: int) -> dict[str, int]:
        """Say what the network must give.

        Args:
            classes: How many labels there are.

        Returns:
            For each output's name, the size of its last axis.
        """

    def decode(
        self, outputs: Mapping[str, NDArray[np.float32]], height: int, width: int, threshold: float
    ) -> Candidates:
        """Read what the network gave for one picture.

        Args:
            outputs: Each output by its name, with a batch axis of 1 in front.
            height: Height of the network's input in pixels.
            width: Its width.
            threshold: The lowest score of a candidate.

        Returns:
            The candidates, in any order.
        """
