from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import Box, Detection
from models.evaluation import LabelledThing, compare, intersection_over_union, read_truth

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


def test_a_label_file_of_another_form_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "labels.yaml"
    path.write_text("photo.jpg:\n  - {label: cup, box: [1, 2, 3]}\n", encoding="utf-8")
    with pytest.raises(ValueError, match="box"):
        read_truth(path)
