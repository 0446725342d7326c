"""Drawing on camera pictures."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from synthetic_run import photo

from behaviors import Cue
from models import Box, Detection
from spot_agent.perception import Sighting, Track
from spot_agent.reporting import Colour, Palette, annotate


def track(track_id: int, label: str, box: Box, score: float = 0.8) -> Track:
    return Track(track_id, label, 0.0, Sighting("frontleft", 1.0, track_id, "objects", label, score, box, None))


def cue(track_id: int, name: str, distance: float | None = 2.0) -> Cue:
    return Cue(name, track_id, 0.8, 1.0, 0.0, distance)


PERSON = Box(200, 100, 300, 400)


@pytest.mark.parametrize(
    "shape", [(480, 640, 3), (640, 480, 3), (480, 640), (480, 640, 1), (30, 40, 3), (1080, 1920, 3)]
)
def test_returns_an_rgb_picture_of_the_same_size(shape: tuple[int, ...]) -> None:
    image = np.full(shape, 90, np.uint8)
    drawn = annotate(image, [track(1, "person", Box(5, 5, 25, 28))], [], [cue(1, "person")], None)
    assert drawn.shape == (*shape[:2], 3)
    assert drawn.dtype == np.uint8


def test_leaves_the_frame_as_it_is() -> None:
    image = photo("left06.jpg")
    before = image.copy()
    drawn = annotate(
        image, [track(1, "person", PERSON)], [Detection("tv", 0.4, Box(0, 0, 90, 90))], [cue(1, "person")], 1
    )
    assert np.array_equal(image, before)
    assert not np.shares_memory(image, drawn)


def test_a_picture_without_anything_stays_the_same() -> None:
    image = photo("left06.jpg")
    assert np.array_equal(annotate(image, [], [], [], None), image)


def test_the_box_is_drawn_in_the_colour_of_the_cue() -> None:
    palette = Palette()
    image = np.zeros((480, 640, 3), np.uint8)
    drawn = annotate(image, [track(1, "person", PERSON)], [], [cue(1, "person")], None, palette=palette)
    colour = palette["person"]
    assert tuple(drawn[250, 202]) == (colour.red, colour.green, colour.blue)


def test_the_target_stands_out() -> None:
    image = np.zeros((480, 640, 3), np.uint8)
    one = [track(1, "person", PERSON)], [], [cue(1, "person")]
    plain, target = annotate(image, *one, None), annotate(image, *one, 1)
    assert np.count_nonzero(target) > 1.3 * np.count_nonzero(plain)


def test_what_is_no_cue_is_drawn_fainter_than_a_cue() -> None:
    image = np.zeros((480, 640, 3), np.uint8)
    faint = annotate(image, [], [Detection("person", 0.3, PERSON)], [], None)
    clear = annotate(image, [track(1, "person", PERSON)], [], [cue(1, "person")], None)
    assert 0 < faint.sum() < 0.5 * clear.sum()


def test_a_detection_that_is_a_cue_is_drawn_once() -> None:
    image = np.zeros((480, 640, 3), np.uint8)
    known = [track(1, "person", PERSON)]
    twice = annotate(image, known, [Detection("person", 0.8, PERSON)], [cue(1, "person")], None)
    assert np.array_equal(twice, annotate(image, known, [], [cue(1, "person")], None))


def test_shrinks_the_picture_before_drawing() -> None:
    drawn = annotate(np.zeros((1080, 1920, 3), np.uint8), [], [], [], None, max_side=480)
    assert drawn.shape == (270, 480, 3)


EDGES = st.floats(-50, 700, allow_nan=False)


@settings(max_examples=30)
@given(EDGES, EDGES, st.floats(1, 700), st.floats(1, 700), st.booleans())
def test_draws_any_box_even_at_and_beyond_the_rim(x: float, y: float, width: float, height: float, acts: bool) -> None:
    box = Box(x, y, x + width, y + height)
    image = np.zeros((480, 640), np.uint8)
    drawn = annotate(image, [track(1, "person", box)], [], [cue(1, "person", None)], 1 if acts else None)
    assert drawn.any()


def test_names_keep_their_colours_and_differ() -> None:
    palette = Palette()
    first = [palette[name] for name in ("person", "stop sign", "ball")]
    assert [palette[name] for name in ("person", "stop sign", "ball")] == first
    assert len(set(first)) == 3


def test_a_colour_is_read_and_written() -> None:
    assert Colour.parse("#2f6fde").hex == "#2f6fde"
    with pytest.raises(ValueError, match="#2f6fde"):
        Colour.parse("blue")
