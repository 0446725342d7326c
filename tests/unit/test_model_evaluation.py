from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from models import Box, Detection, ImageError, ModelError
from models.evaluation import (
    FRONT_CAMERA_ROLLS,
    LabelledPicture,
    LabelledThing,
    as_camera_frame,
    as_grey,
    compare,
    evaluate,
    intersection_over_union,
    read_pictures,
    read_truth,
)
from models.evaluation.matching import pairwise_overlaps
from models.view import View

edges = st.floats(0, 100)
sizes = st.floats(1, 100)
boxes = st.builds(lambda x, y, w, h: Box(x, y, x + w, y + h), edges, edges, sizes, sizes)


@given(boxes, boxes)
def test_overlap_is_symmetric_and_a_fraction(first: Box, second: Box) -> None:
    overlap = intersection_over_union(first, second)
    assert 0 <= overlap <= 1
    assert overlap == intersection_over_union(second, first)


@given(boxes)
def test_a_box_overlaps_itself_wholly(box: Box) -> None:
    assert intersection_over_union(box, box) == pytest.approx(1)


def test_half_a_box_overlaps_by_half() -> None:
    assert intersection_over_union(Box(0, 0, 10, 10), Box(0, 0, 5, 10)) == 0.5


@given(st.lists(boxes, min_size=1, max_size=4), st.lists(boxes, min_size=1, max_size=4))
def test_many_overlaps_at_once_are_those_one_by_one(first: list[Box], second: list[Box]) -> None:
    overlaps = pairwise_overlaps(np.array(first), np.array(second), np.zeros(len(second), bool))
    expected = [[intersection_over_union(one, other) for other in second] for one in first]
    assert overlaps == pytest.approx(np.array(expected))


def test_each_thing_is_found_once_by_the_best_detection() -> None:
    thing = LabelledThing("cup", Box(0, 0, 10, 10))
    best, worse = Detection("cup", 0.9, Box(0, 0, 10, 9)), Detection("cup", 0.5, Box(0, 0, 10, 10))
    result = compare([worse, best], [thing])
    assert result.found == (thing,)
    assert result.missed == ()
    assert result.surplus == (worse,)


def test_another_label_does_not_find_a_thing() -> None:
    thing, detection = LabelledThing("cup", Box(0, 0, 10, 10)), Detection("bowl", 0.9, Box(0, 0, 10, 10))
    result = compare([detection], [thing])
    assert (result.missed, result.surplus) == ((thing,), (detection,))


def test_a_thing_to_be_ignored_is_neither_missed_nor_makes_a_detection_surplus() -> None:
    crowd = LabelledThing("person", Box(0, 0, 100, 50), ignore=True)
    in_crowd, beside = Detection("person", 0.9, Box(10, 10, 20, 40)), Detection("person", 0.9, Box(95, 0, 140, 50))
    result = compare([in_crowd, beside], [crowd])
    assert (result.found, result.missed, result.surplus) == ((), (), (beside,))


def test_a_label_file_of_another_form_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "labels.yaml"
    path.write_text("photo.jpg:\n  - {label: cup, box: [1, 2, 3]}\n", encoding="utf-8")
    with pytest.raises(ValueError, match="box"):
        read_truth(path)


def folder_with(path: Path, labels: str) -> Path:
    (path / "labels.yaml").write_text(labels, encoding="utf-8")
    cv2.imwrite(str(path / "red.png"), np.full((20, 30, 3), (0, 0, 255), np.uint8))
    (path / "text.png").write_text("no picture", encoding="utf-8")
    (path / "empty.png").touch()
    return path


def test_a_folder_of_labelled_pictures_is_read_in_rgb(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, "red.png:\n  - {label: cup, box: [1, 2, 30, 20]}\n")
    (picture,) = read_pictures(folder)
    assert (picture.name, picture.things) == ("red.png", (LabelledThing("cup", Box(1, 2, 30, 20)),))
    assert picture.image.shape == (20, 30, 3)
    assert picture.image[0, 0].tolist() == [255, 0, 0]


@pytest.mark.parametrize(
    ("labels", "error", "told"),
    [
        ("{}", ModelError, "no picture is named"),
        ("red.png: [{label: cup}]", ModelError, "box"),
        ("red.png: [{label: cup, box: [0, 0, 1, 1], crowd: true}]", ModelError, "crowd"),
        ("red.png: [", ModelError, "labels.yaml"),
        ("blue.png: []", ImageError, "blue.png"),
        ("text.png: []", ImageError, "no picture"),
        ("empty.png: []", ImageError, "no picture"),
        ("red.png: [{label: cup, box: [0, 0, 31, 20]}]", ImageError, "30x20"),
        ("red.png: [{label: cup, box: [9, 0, 3, 20]}]", ImageError, "cup"),
    ],
)
def test_what_is_wrong_with_a_folder_is_told(tmp_path: Path, labels: str, error: type[ModelError], told: str) -> None:
    with pytest.raises(error, match=told):
        read_pictures(folder_with(tmp_path, labels))


def test_a_folder_without_labels_is_told(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"labels\.yaml"):
        read_pictures(tmp_path)


def blob_picture(box: Box, width: int = 640, height: int = 480) -> LabelledPicture:
    """A black picture with a white ellipse in a box."""
    image = np.zeros((height, width, 3), np.uint8)
    centre, axes = (round(box.centre[0]), round(box.centre[1])), (round(box.width / 2), round(box.height / 2))
    cv2.ellipse(image, centre, axes, 0, 0, 360, (255, 255, 255), -1)
    return LabelledPicture("blob", image, (LabelledThing("cup", box),))


def seen_box(image: NDArray[np.uint8]) -> Box:
    rows, columns = np.nonzero(image[..., 0] > 127)
    return Box(columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)


VIEWS = [(roll, turn) for roll in FRONT_CAMERA_ROLLS for turn in (0.0, -90.0, roll)]


@pytest.mark.parametrize(("roll", "turn"), [*VIEWS, (180.0, 180.0), (0.0, 0.0)])
@pytest.mark.parametrize(("width", "height"), [(640, 480), (300, 451), (1200, 500)])
def test_boxes_go_with_their_things(roll: float, turn: float, width: int, height: int) -> None:
    picture = blob_picture(Box(width * 0.5, height * 0.2, width * 0.7, height * 0.8), width, height)
    view = as_camera_frame(picture, roll, turn=turn)
    assert intersection_over_union(view.things[0].box, seen_box(view.image)) > 0.92


def test_a_raw_frame_has_the_size_of_spots_and_holds_the_whole_picture() -> None:
    picture = LabelledPicture("white", np.full((100, 130, 3), 255, np.uint8), ())
    for roll in FRONT_CAMERA_ROLLS:
        raw = as_camera_frame(picture, roll).image
        assert raw.shape == (480, 640, 3)
        seen = seen_box(raw)
        assert seen.height >= 478 or seen.width >= 638
        assert raw[0, 0].max() == raw[-1, -1].max() == 0


def test_a_picture_turned_upright_looks_as_before() -> None:
    picture = blob_picture(Box(100, 100, 300, 200), 480, 640)
    view = as_camera_frame(picture, -76.1, turn=-76.1)
    assert view.image.shape[0] > view.image.shape[1]
    box, before = view.things[0].box, picture.things[0].box
    assert box.width / box.height == pytest.approx(before.width / before.height)


def test_grey_keeps_everything_but_colour() -> None:
    picture = blob_picture(Box(10, 10, 50, 90))
    grey = as_grey(picture)
    assert grey.image.shape == (480, 640)
    assert grey.things == picture.things
    assert as_grey(grey) is grey


class Oracle:
    """Knows what to say about each picture by the value of its first pixel."""

    name = "oracle"
    labels = ("cup", "dog")

    def __init__(self, answers: Sequence[list[Detection]]) -> None:
        self._answers = answers

    def detect(
        self, images: Sequence[NDArray[np.uint8]], views: Sequence[View | None] | None = None
    ) -> list[list[Detection]]:
        return [self._answers[int(image.flat[0])] for image in images]


def numbered(number: int, *things: LabelledThing) -> LabelledPicture:
    return LabelledPicture(str(number), np.full((50, 50, 3), number, np.uint8), things)


CUP, DOG, BED = (LabelledThing(label, Box(0, 0, 10, 10)) for label in ("cup", "dog", "bed"))


def said(label: str, score: float, x: float = 0) -> Detection:
    return Detection(label, score, Box(x, 0, x + 10, 10))


def test_an_evaluation_counts_at_its_threshold_and_averages_over_all_scores() -> None:
    detector = Oracle([[said("cup", 0.9)], [said("cup", 0.2), said("cup", 0.6, 30)], [said("dog", 0.1)]])
    steps: list[tuple[int, int]] = []
    result = evaluate(
        detector,
        [numbered(0, CUP), numbered(1, CUP), numbered(2, DOG, BED)],
        threshold=0.5,
        on_progress=lambda done, of: steps.append((done, of)),
    )
    assert steps == [(1, 3), (2, 3), (3, 3)]
    assert (result.detector, result.pictures, result.things, result.threshold) == ("oracle", 3, 3, 0.5)
    assert (result.found, result.surplus) == (1, 1)  # a bed is not among its labels
    assert (result.precision, result.recall) == (0.5, pytest.approx(1 / 3))
    assert result.by_label["cup"].precision.ap50 == pytest.approx((51 + 50 * 2 / 3) / 101)
    assert (result.by_label["cup"].missed, result.by_label["dog"].missed) == (1, 1)
    assert result.by_label["dog"].precision.ap50 == pytest.approx(1)
    assert result.milliseconds > 0


def test_an_evaluation_becomes_json() -> None:
    result = evaluate(Oracle([[said("dog", 0.9)]]), [numbered(0, CUP)])
    told = json.loads(json.dumps(result.as_json()))
    assert told["by_label"]["dog"] == {
        "precision": {"ap50": 0, "ap75": 0, "ap": 0, "things": 0}, "found": 0, "missed": 0, "surplus": 1
    }  # fmt: skip
    assert told["average_precision"]["things"] == 1


def test_an_evaluation_without_anything_to_find_or_to_see() -> None:
    result = evaluate(Oracle([[]]), [numbered(0)])
    assert (result.precision, result.recall, result.things) == (1, 1, 0)
    with pytest.raises(ValueError, match="no pictures"):
        evaluate(Oracle([]), [])
