"""Cards before a lens: what is seen lies in the box that is said."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from models.cards.lens import Lens
from models.cards.placement import Placement, turned
from models.cards.texture import Texture

HEIGHT, WIDTH = 240, 320

lenses = st.builds(
    Lens,
    focal=st.floats(230, 285),
    centre=st.tuples(st.floats(0, 320), st.floats(0, 240)),
    distortion=st.none() | st.tuples(st.floats(-0.05, 0.05), st.floats(-0.01, 0.02)),
)
degrees = st.tuples(st.floats(-25, 25), st.floats(-55, 55), st.floats(-35, 35))


def paper(rows: int = 140, columns: int = 99) -> NDArray[np.uint8]:
    return np.full((rows, columns, 4), 255, np.uint8)


def octagon() -> NDArray[np.uint8]:
    image = paper(120, 120)
    y, x = np.mgrid[:120, :120] - 59.5
    image[np.abs(x) + np.abs(y) > 80] = 0
    return image


@given(lens=lenses, pixel=st.tuples(st.floats(0, WIDTH), st.floats(0, HEIGHT)))
def test_a_ray_comes_back_to_its_pixel(lens: Lens, pixel: tuple[float, float]) -> None:
    assert lens.project(lens.rays(np.array([pixel])))[0] == pytest.approx(pixel, abs=0.05)


@settings(max_examples=60)
@given(
    lens=lenses,
    image=st.sampled_from([paper(), octagon(), paper(99, 140)]),
    pixel=st.tuples(st.floats(0, WIDTH), st.floats(0, HEIGHT)),
    height=st.floats(14, 170),
    turn=degrees,
)
def test_what_is_seen_fills_its_box(
    lens: Lens,
    image: NDArray[np.uint8],
    pixel: tuple[float, float],
    height: float,
    turn: tuple[float, float, float],
) -> None:
    placement = Placement.at(lens, Texture.of(image), pixel, height, turned(*np.deg2rad(turn).tolist()))
    patch, box = placement.render(HEIGHT, WIDTH), placement.box()
    if patch is None:
        return
    rows, columns = np.nonzero(patch.image[..., 3] >= 64)
    if not rows.size:
        return
    seen = (patch.left + columns.min(), patch.top + rows.min(), patch.left + columns.max(), patch.top + rows.max())
    assert seen[0] >= box.x_min - 1 and seen[1] >= box.y_min - 1
    assert seen[2] + 1 <= box.x_max + 1 and seen[3] + 1 <= box.y_max + 1
    inside = box.x_min >= 0 and box.y_min >= 0 and box.x_max <= WIDTH and box.y_max <= HEIGHT
    if inside and placement.height * placement.texture.aspect > 30 and max(map(abs, turn)) < 20:
        assert seen == pytest.approx((box.x_min, box.y_min, box.x_max - 1, box.y_max - 1), abs=1.6)


def test_a_card_that_faces_a_pinhole_has_its_own_shape() -> None:
    lens = Lens(257.0, (160.0, 120.0), None)
    box = Placement.at(lens, Texture.of(paper(140, 70)), (160.0, 120.0), 60.0, np.eye(3)).box()
    assert box == pytest.approx((145, 90, 175, 150), abs=1e-6)


def test_a_turn_within_its_plane_is_clockwise() -> None:
    image = paper(100, 100)
    image[:, 50:, :3] = 0
    placement = Placement.at(Lens(257.0, (160.0, 120.0), None), Texture.of(image), (160.0, 120.0), 50.0,
                             turned(np.pi / 2, 0, 0))  # fmt: skip
    patch = placement.render(HEIGHT, WIDTH)
    assert patch is not None
    assert patch.image[10, 25, 0] == 255 and patch.image[40, 25, 0] == 0  # its right side points down


def test_out_of_sight_is_nothing() -> None:
    placement = Placement.at(Lens(257.0, (160.0, 120.0), None), Texture.of(paper()), (500.0, 120.0), 30.0, np.eye(3))
    assert placement.render(HEIGHT, WIDTH) is None
