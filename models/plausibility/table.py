"""Judged detections with what was measured of them: what a head is trained and tested on."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.detection import Box, Detection
from models.errors import ModelError
from models.view import BoxMeasurements

TRUE, FALSE, UNJUDGED = 1, 0, -1
MEASURED = ("angular_width", "angular_height", "top_elevation", "bottom_elevation", "camera_height", "distance")
"""The columns of ``Table.measured``: the fields of ``BoxMeasurements``."""


@dataclass(frozen=True, eq=False)
class Table:
    """Detections, one a row.

    Attributes:
        label: N strings.
        score: N detector's confidences.
        box: N×4 pixels: x_min, y_min, x_max, y_max.
        size: N×2 pixels: the picture's height and width.
        measured: N×6, see ``MEASURED``; NaN where unknown.
        truth: N int8: 1 for a true thing, 0 for none, -1 where neither can be said fairly.
        best: N bool: the best detection of a true thing; others of the same thing are doubles.
        made: N bool: made from a true detection, by cropping its box, to stand for people hidden in part.
        origin: N strings: what it was in truth, such as ``"person"``, ``"figurine"`` or ``"nothing"``.
        split: N strings: ``"train"``, ``"validation"`` or ``"test"``.
        picture: N numbers of pictures.
        thing_label: M strings: the true things that could be found.
        thing_split: M strings.
        thing_picture: M numbers of pictures.
    """

    label: NDArray[np.str_]
    score: NDArray[np.float32]
    box: NDArray[np.float32]
    size: NDArray[np.int32]
    measured: NDArray[np.float64]
    truth: NDArray[np.int8]
    best: NDArray[np.bool_]
    made: NDArray[np.bool_]
    origin: NDArray[np.str_]
    split: NDArray[np.str_]
    picture: NDArray[np.int32]
    thing_label: NDArray[np.str_]
    thing_split: NDArray[np.str_]
    thing_picture: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.label)

    def detection(self, row: int) -> Detection:
        """The detection of a row."""
        return Detection(str(self.label[row]), float(self.score[row]), Box(*self.box[row].tolist()))

    def measurements(self, row: int) -> BoxMeasurements:
        """What was measured of it."""
        values = (None if np.isnan(value) else float(value) for value in self.measured[row])
        return BoxMeasurements(*values)

    def save(self, path: Path) -> None:
        """Write it as an NPZ file."""
        np.savez_compressed(path, **{each.name: getattr(self, each.name) for each in fields(self)})

    @classmethod
    def load(cls, path: Path) -> Table:
        """Read what ``save`` wrote.

        Raises:
            ModelError: The file is missing or is no such table.
        """
        try:
            with np.load(path, allow_pickle=False) as stored:
                return cls(**{each.name: stored[each.name] for each in fields(cls)})
        except (OSError, ValueError, KeyError) as error:
            raise ModelError(f"{path}: this is no table of judged detections ({error})") from error
