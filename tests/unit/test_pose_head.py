"""Reading people out of the maps of MoveNet MultiPose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from models.heads.pose import MOST_PEOPLE, PoseHead

HEIGHT, WIDTH = 96, 160
ROWS, COLUMNS = HEIGHT // 4, WIDTH // 4


@dataclass(frozen=True)
class Somebody:
    """A person to be drawn into the maps: all positions in cells, row before column."""

    cell: tuple[int, int]
    score: float = 0.8
    size: tuple[float, float] = (12.0, 8.0)
    heat: float = 0.9

    def joint_cell(self, joint: int) -> tuple[int, int]:
        return self.cell[0] - 4 + joint // 2, self.cell[1] - 2 + joint % 4


def maps(people: Sequence[Somebody]) -> dict[str, NDArray[np.float32]]:
    shape = (1, ROWS, COLUMNS)
    outputs = {
        "centre": np.full((*shape, 1), 0.001, np.float32),
        "box_offset": np.zeros((*shape, 2), np.float32),
        "box_size": np.zeros((*shape, 2), np.float32),
        "keypoint_regression": np.zeros((*shape, 34), np.float32),
        "keypoint_heat": np.full((*shape, 17), 0.001, np.float32),
        "keypoint_offset": np.zeros((*shape, 34), np.float32),
    }
    for person in people:
        row, column = person.cell
        outputs["centre"][0, row, column] = person.score
        outputs["box_offset"][0, row, column] = (0.5, 0.25)
        outputs["box_size"][0, row, column] = person.size
        for joint in range(17):
            y, x = person.joint_cell(joint)
            outputs["keypoint_regression"][0, row, column, 2 * joint : 2 * joint + 2] = (y - row, x - column)
            outputs["keypoint_heat"][0, y, x, joint] = person.heat
            outputs["keypoint_offset"][0, y, x, 2 * joint : 2 * joint + 2] = (0.75, 0.5)
    return outputs


def test_nobody_is_found_where_nobody_is() -> None:
    found = PoseHead().decode(maps([]), HEIGHT, WIDTH, 0.1)
    assert found.boxes.shape == (0, 4)
    assert found.scores.shape == found.classes.shape == (0,)
    assert found.keypoints is not None
    assert found.keypoints.shape == (0, 17, 3)


def test_a_person_is_read_with_box_and_joints() -> None:
    person = Somebody((12, 20))
    found = PoseHead().decode(maps([person]), HEIGHT, WIDTH, 0.1)
    assert found.boxes.tolist() == [pytest.approx([(20.25 - 4) * 4, (12.5 - 6) * 4, (20.25 + 4) * 4, (12.5 + 6) * 4])]
    assert found.scores.tolist() == pytest.approx([0.8 * 0.9])
    assert found.classes.tolist() == [0]
    assert found.keypoints is not None
    for joint in range(17):
        y, x = person.joint_cell(joint)
        assert found.keypoints[0, joint] == pytest.approx([(x + 0.5) * 4, (y + 0.75) * 4, 0.9])


def test_each_person_gets_the_joints_nearest_to_where_they_are_expected() -> None:
    people = [Somebody((12, 12)), Somebody((12, 19), score=0.7, heat=0.95)]
    found = PoseHead().decode(maps(people), HEIGHT, WIDTH, 0.1)
    assert found.keypoints is not None
    for index, person in enumerate(people):
        cells = np.array([person.joint_cell(joint) for joint in range(17)])
        assert found.keypoints[index, :, 0] == pytest.approx((cells[:, 1] + 0.5) * 4)
        assert found.keypoints[index, :, 2] == pytest.approx(person.heat)


def test_a_joint_outside_the_box_is_not_seen() -> None:
    person = Somebody((12, 20), size=(6.0, 6.0))
    found = PoseHead().decode(maps([person]), HEIGHT, WIDTH, 0.1)
    assert found.keypoints is not None
    inside = np.array([10 <= person.joint_cell(joint)[0] < 16 for joint in range(17)])
    assert (found.keypoints[0, inside, 2] > 0.8).all()
    assert (found.keypoints[0, ~inside, 2] < 0.01).all()


def test_only_the_surest_cell_around_is_a_person() -> None:
    outputs = maps([Somebody((12, 20))])
    outputs["centre"][0, 13, 21] = 0.7
    outputs["centre"][0, 12, 18] = 0.6
    assert len(PoseHead().decode(outputs, HEIGHT, WIDTH, 0.1).scores) == 1


def test_many_people_are_found() -> None:
    people = [
        Somebody((row, column), score=0.5 + 0.01 * column) for row in (6, 17) for column in (4, 10, 16, 22, 28, 34)
    ]
    assert len(PoseHead().decode(maps(people), HEIGHT, WIDTH, 0.1).scores) == 12


def test_a_crowd_is_cut_off() -> None:
    outputs = maps([])
    outputs["centre"][0, ::3, ::3] = 0.5
    outputs["box_size"][:] = 8
    outputs["keypoint_heat"][:] = 0.5
    assert len(PoseHead().decode(outputs, HEIGHT, WIDTH, 0.01).scores) == MOST_PEOPLE


@pytest.mark.parametrize("threshold", [0.1, 0.3, 0.5, 0.7])
def test_a_higher_threshold_only_drops_people(threshold: float) -> None:
    people = [Somebody((12, 5 + 8 * index), score=0.2 + 0.2 * index) for index in range(4)]
    everybody = PoseHead().decode(maps(people), HEIGHT, WIDTH, 0.05)
    found = PoseHead().decode(maps(people), HEIGHT, WIDTH, threshold)
    assert found.scores.tolist() == [score for score in everybody.scores.tolist() if score >= threshold]


@pytest.mark.parametrize("cell", [(0, 0), (0, COLUMNS - 1), (ROWS - 1, 0), (ROWS - 1, COLUMNS - 1)])
def test_a_person_at_the_edge_stays_within_the_picture(cell: tuple[int, int]) -> None:
    outputs = maps([])
    outputs["centre"][0, cell[0], cell[1]] = 0.9
    outputs["box_size"][0, cell[0], cell[1]] = (500, 500)
    outputs["keypoint_heat"][:] = 0.5
    found = PoseHead().decode(outputs, HEIGHT, WIDTH, 0.1)
    assert found.boxes.tolist() == [[0, 0, WIDTH, HEIGHT]]


def test_a_box_without_size_has_no_joints_and_is_nobody() -> None:
    assert not len(PoseHead().decode(maps([Somebody((12, 20), size=(-3.0, -1.0))]), HEIGHT, WIDTH, 0.01).scores)


def test_it_says_what_it_reads() -> None:
    outputs = maps([])
    assert {name: output.shape[-1] for name, output in outputs.items()} == PoseHead().outputs(10)
