from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from models import Detection
from models.heads.nanodet import DISTANCE_BINS, NanoDetHead, decode_boxes, grid_locations
from models.network_detector import NetworkDetector

LABELS = ("cat", "dog")


def test_locations_are_the_centres_of_the_cells_of_three_grids() -> None:
    locations = grid_locations(64, 96)
    assert locations.shape == (8 * 12 + 4 * 6 + 2 * 3, 3)
    assert locations[0].tolist() == [4, 4, 8]
    assert locations[1].tolist() == [12, 4, 8]
    assert locations[8 * 12].tolist() == [8, 8, 16]
    assert locations[-1].tolist() == [80, 48, 32]


def test_a_sure_distribution_gives_its_distance() -> None:
    logits = np.full((1, 4, DISTANCE_BINS), -50, np.float32)
    for edge, distance in enumerate((1, 2, 3, 10)):
        logits[0, edge, distance] = 50
    box = decode_boxes(logits.reshape(1, -1), np.array([[100, 200, 16]], np.float32))
    assert box[0] == pytest.approx([100 - 16, 200 - 32, 100 + 48, 200 + 160])


def test_an_unsure_distribution_gives_its_mean() -> None:
    box = decode_boxes(np.zeros((1, 44), np.float32), np.array([[100, 100, 8]], np.float32))
    assert box[0] == pytest.approx([60, 60, 140, 140])


def test_large_logits_do_not_overflow() -> None:
    box = decode_boxes(np.full((1, 44), 1e4, np.float32), np.array([[100, 100, 8]], np.float32))
    assert np.isfinite(box).all()


@dataclass
class ScriptedNetwork:
    """A network of 64×64 pixels that scores as it is told; every box reaches 16 pixels to each side."""

    scores: NDArray[np.float32]
    input_shape: tuple[int, ...] = (1, 64, 64, 3)

    def run(self, image: NDArray[np.uint8]) -> dict[str, NDArray[np.float32]]:
        strides = grid_locations(64, 64)[:, 2]
        logits = np.full((1, len(strides), 4, DISTANCE_BINS), -50, np.float32)
        for index, stride in enumerate(strides):
            logits[0, index, :, int(16 // stride) if stride < 32 else 1] = 50
        return {"scores": self.scores[np.newaxis], "distances": logits.reshape(1, -1, 44)}


def detect(*told: tuple[int, int, float], threshold: float = 0.3) -> list[Detection]:
    """Run a detector whose network gives scores at (location, class)."""
    scores = np.zeros((84, 2), np.float32)
    for location, kind, score in told:
        scores[location, kind] = score
    network = ScriptedNetwork(scores)
    detector = NetworkDetector("scripted", LABELS, network, NanoDetHead(), threshold=threshold, overlap=0.5)
    return detector.detect([np.zeros((64, 64, 3), np.uint8)])[0]


CENTRE, BESIDE_IT, CORNER = 27, 28, 0


def test_a_score_at_the_threshold_counts_and_one_below_does_not() -> None:
    assert [d.label for d in detect((CENTRE, 1, 0.5), threshold=0.5)] == ["dog"]
    assert detect((CENTRE, 1, 0.499), threshold=0.5) == []


def test_the_best_of_two_boxes_on_one_thing_stays() -> None:
    found = detect((CENTRE, 0, 0.6), (BESIDE_IT, 0, 0.9))
    assert [(d.label, d.score) for d in found] == [("cat", pytest.approx(0.9))]


def test_things_of_two_kinds_may_overlap() -> None:
    assert {d.label for d in detect((CENTRE, 0, 0.6), (BESIDE_IT, 1, 0.9))} == {"cat", "dog"}


def test_a_location_gives_its_best_class_only() -> None:
    assert [d.label for d in detect((CENTRE, 0, 0.6), (CENTRE, 1, 0.7))] == ["dog"]


def test_a_box_that_reaches_beyond_the_picture_is_clipped() -> None:
    assert tuple(detect((CORNER, 0, 0.9))[0].box) == (0, 0, 20, 20)


def test_a_score_that_rounding_lifts_above_one_is_one() -> None:
    assert detect((CENTRE, 0, 1.0000001))[0].score == 1.0
