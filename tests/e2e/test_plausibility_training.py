"""A head that is trained on a table of a thousand made-up detections learns what they show."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from models import Box, BoxMeasurements, Detection, ModelError
from models.plausibility import PlausibilityHead
from models.plausibility.table import FALSE, TRUE, Table

ROWS = 600


def measured(height: float, away: float) -> list[float]:
    """An upright thing on the floor, a third as wide as high, seen from half a metre: the columns of a table."""
    top, bottom = np.arctan2(height - 0.5, away), np.arctan2(-0.5, away)
    distance = away / np.cos((top + bottom) / 2)
    return [2 * np.arctan(height / 6 / distance), top - bottom, top, bottom, 0.5, distance]


def made_up_table() -> Table:
    source = np.random.default_rng(1)
    true = np.arange(ROWS) % 2 == 0
    heights = np.where(true, source.uniform(1.0, 2.0, ROWS), source.uniform(0.1, 0.3, ROWS))
    split = np.array(["train", "validation", "test"])[np.arange(ROWS) % 3]
    return Table(
        label=np.full(ROWS, "robot"),
        score=source.uniform(0.3, 0.9, ROWS).astype(np.float32),
        box=np.tile(np.array([100, 100, 140, 220], np.float32), (ROWS, 1)),
        size=np.tile(np.array([480, 640], np.int32), (ROWS, 1)),
        measured=np.array([measured(height, source.uniform(1, 5)) for height in heights]),
        truth=np.where(true, TRUE, FALSE).astype(np.int8),
        best=true,
        made=np.zeros(ROWS, bool),
        origin=np.where(true, "robot", "toy"),
        split=split,
        picture=np.arange(ROWS, dtype=np.int32),
        thing_label=np.full(true.sum(), "robot"),
        thing_split=split[true],
        thing_picture=np.flatnonzero(true).astype(np.int32),
    )


def test_a_head_learns_sizes_from_a_table(tmp_path: Path) -> None:
    made_up_table().save(tmp_path / "table.npz")
    command = [sys.executable, "-m", "models.plausibility.train", str(tmp_path / "table.npz"), "--out", str(tmp_path)]
    settings = {"CUDA_VISIBLE_DEVICES": "", "TF_CPP_MIN_LOG_LEVEL": "3", "KERAS_BACKEND": "tensorflow"}
    subprocess.run(command, check=True, env=os.environ | settings, cwd=Path(__file__).parents[2])

    head = PlausibilityHead.load(tmp_path)
    assert head.labels == ("robot",)
    robot = Detection("robot", 0.6, Box(100, 100, 140, 220))
    tall, tiny = (BoxMeasurements(*measured(height, 2.0)) for height in (1.6, 0.2))
    verdicts = head.judge([robot, robot], [tall, tiny], 480, 640)
    assert [verdict.rejected for verdict in verdicts] == [False, True]


def test_a_table_comes_back_as_it_was_written(tmp_path: Path) -> None:
    table = made_up_table()
    table.save(tmp_path / "table.npz")
    read = Table.load(tmp_path / "table.npz")
    assert len(read) == ROWS
    assert read.detection(7) == table.detection(7)
    assert read.measurements(7) == table.measurements(7)


def test_what_is_no_table_is_refused(tmp_path: Path) -> None:
    (tmp_path / "table.npz").write_bytes(b"nonsense")
    with pytest.raises(ModelError, match="no table of judged detections"):
        Table.load(tmp_path / "table.npz")
