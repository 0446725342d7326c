"""Average precision agrees with what COCO's own code computes, and behaves as it must."""

from __future__ import annotations

import numpy as np
import pytest
import supervision as sv
from hypothesis import given, settings
from hypothesis import strategies as st
from supervision.metrics import MeanAveragePrecision

from models import Box, Detection
from models.evaluation import LabelledThing, average_precision

LABELS = ("cup", "dog", "person")
boxes = st.builds(
    lambda x, y, w, h: Box(x, y, x + w, y + h), *[st.floats(0, 50)] * 2, *[st.floats(5, 50)] * 2
)  # fmt: skip
labels = st.sampled_from(LABELS)
things = st.builds(LabelledThing, labels, boxes)
detections = st.builds(Detection, labels, st.integers(1, 100).map(lambda percent: percent / 100), boxes)
truths = st.lists(st.lists(things, max_size=4), min_size=1, max_size=4)


def random_pictures(seed: int, pictures: int) -> tuple[list[list[Detection]], list[list[LabelledThing]]]:
    """Pictures full of things, and detections of which many are nearly right; no two scores are alike."""
    generator = np.random.default_rng(seed)
    said, truth = [], []
    for _ in range(pictures):
        corners = generator.uniform(0, 300, (generator.integers(0, 8), 2))
        true = [
            LabelledThing(str(generator.choice(LABELS)), Box(*corner, *(corner + generator.uniform(20, 90, 2))))
            for corner in corners
        ]
        found = []
        for thing in true * 2:
            edges = np.array(thing.box) + generator.normal(0, 6, 4)
            label = thing.label if generator.uniform() < 0.8 else str(generator.choice(LABELS))
            found.append(Detection(label, generator.uniform(0.05, 1), Box(*edges.tolist())))
        said.append(found)
        truth.append(true)
    return said, truth


def as_supervision(picture: list[Detection] | list[LabelledThing]) -> sv.Detections:
    if not picture:
        return sv.Detections.empty()
    return sv.Detections(
        xyxy=np.array([one.box for one in picture], np.float32),
        class_id=np.array([LABELS.index(one.label) for one in picture]),
        confidence=np.array([getattr(one, "score", 1.0) for one in picture], np.float32),
    )


@pytest.mark.parametrize("seed", range(5))
def test_it_agrees_with_an_implementation_of_others(seed: int) -> None:
    said, truth = random_pictures(seed, pictures=12)
    metric = MeanAveragePrecision()
    metric.update([as_supervision(one) for one in said], [as_supervision(one) for one in truth])
    expected = metric.compute()
    ours = average_precision(said, truth).mean
    assert ours.ap == pytest.approx(expected.map50_95, abs=1e-6)
    assert ours.ap50 == pytest.approx(expected.map50, abs=1e-6)
    assert ours.ap75 == pytest.approx(expected.map75, abs=1e-6)
    assert 0.2 < ours.ap < ours.ap50 < 0.95  # else the comparison would say little


@given(truths)
def test_the_truth_itself_is_perfect(truth: list[list[LabelledThing]]) -> None:
    said = [[Detection(thing.label, 0.5, thing.box) for thing in things] for things in truth]
    result = average_precision(said, truth)
    for precision in (*result.by_label.values(), *([result.mean] if result.by_label else [])):
        assert (precision.ap50, precision.ap75, precision.ap) == pytest.approx((1, 1, 1))


@settings(max_examples=50)
@given(truths, st.data())
def test_it_is_a_fraction(truth: list[list[LabelledThing]], data: st.DataObject) -> None:
    said = [data.draw(st.lists(detections, max_size=5)) for _ in truth]
    for precision in average_precision(said, truth).by_label.values():
        assert all(0 <= value <= 1 for value in (precision.ap50, precision.ap75, precision.ap))


@settings(max_examples=50)
@given(truths, st.data())
def test_what_scores_below_everything_else_never_hurts(truth: list[list[LabelledThing]], data: st.DataObject) -> None:
    said = [data.draw(st.lists(detections, max_size=5)) for _ in truth]
    more = [[*one, Detection(data.draw(labels), 0.001, data.draw(boxes))] for one in said]
    before, after = average_precision(said, truth), average_precision(more, truth)
    for label, precision in before.by_label.items():
        assert after.by_label[label].ap >= precision.ap - 1e-9


@settings(max_examples=50)
@given(truths, st.data())
def test_neither_the_order_nor_the_scale_matters(truth: list[list[LabelledThing]], data: st.DataObject) -> None:
    said = [data.draw(st.lists(detections, max_size=5, unique_by=lambda one: one.score)) for _ in truth]
    shuffled = [data.draw(st.permutations(one)) for one in said]
    scaled = [
        [Detection(one.label, one.score, Box(*(edge * 2 for edge in one.box))) for one in picture]
        for picture in shuffled
    ]
    scaled_truth = [[LabelledThing(one.label, Box(*(edge * 2 for edge in one.box))) for one in t] for t in truth]
    assert average_precision(scaled, scaled_truth).mean == average_precision(said, truth).mean


def test_a_worked_example() -> None:
    """Right, wrong, right of three things: precision 1 up to recall 1/3, then 2/3 up to 2/3, then nothing."""
    truth = [[LabelledThing("cup", Box(x, 0, x + 10, 10)) for x in (0, 20, 40)]]
    said = [
        [
            Detection("cup", 0.9, Box(0, 0, 10, 10)),
            Detection("cup", 0.8, Box(80, 0, 90, 10)),
            Detection("cup", 0.7, Box(20, 0, 30, 10)),
        ]
    ]
    assert average_precision(said, truth).mean.ap50 == pytest.approx((34 * 1 + 33 * 2 / 3) / 101)


def test_labels_that_are_nowhere_do_not_count() -> None:
    truth = [[LabelledThing("cup", Box(0, 0, 10, 10))]]
    said = [[Detection("cup", 0.5, Box(0, 0, 10, 10)), Detection("dog", 0.9, Box(0, 0, 10, 10))]]
    result = average_precision(said, truth)
    assert list(result.by_label) == ["cup"]
    assert result.mean.ap == pytest.approx(1)


def test_what_lies_in_an_ignored_region_is_excused() -> None:
    cup, crowd = LabelledThing("cup", Box(0, 0, 10, 10)), LabelledThing("cup", Box(50, 0, 100, 50), ignore=True)
    in_crowd = [Detection("cup", score, Box(x, 5, x + 8, 15)) for x, score in ((55, 0.9), (70, 0.8), (85, 0.7))]
    right = Detection("cup", 0.5, Box(0, 0, 10, 10))
    result = average_precision([[*in_crowd, right]], [[cup, crowd]])
    assert result.mean.ap == pytest.approx(1)
    assert result.mean.things == 1
    assert average_precision([in_crowd], [[crowd]]).by_label == {}


def test_only_the_best_hundred_of_a_picture_count() -> None:
    wrong = [Detection("cup", 0.9, Box(50, 50, 60, 60))] * 100
    right = Detection("cup", 0.8, Box(0, 0, 10, 10))
    truth = [[LabelledThing("cup", Box(0, 0, 10, 10))]]
    assert average_precision([[*wrong, right]], truth).mean.ap == 0
    assert average_precision([[*wrong[1:], right]], truth).mean.ap50 == pytest.approx(0.01)


def test_nothing_to_find_gives_nothing() -> None:
    result = average_precision([[Detection("cup", 0.5, Box(0, 0, 10, 10))]], [[]])
    assert (result.by_label, result.mean.things, result.mean.ap) == ({}, 0, 0)


def test_detections_without_their_truth_are_refused() -> None:
    with pytest.raises(ValueError):
        average_precision([[], []], [[LabelledThing("cup", Box(0, 0, 1, 1))]])
