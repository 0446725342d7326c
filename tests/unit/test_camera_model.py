"""Camera models: directions fall back on their pixels, for all three that an image source can report."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from bosdyn.api import image_pb2
from hypothesis import given, settings
from hypothesis import strategies as st

from spot_agent.cameras import CameraModel

GRID = np.array([[x, y] for x in range(0, 640, 53) for y in range(0, 480, 47)], float)
BROWN = CameraModel(300.0, 310.0, 322.0, 236.0, (-0.12, 0.02, 0.001, -0.0008, 0.0))
FISHEYE = CameraModel(300.0, 301.0, 315.0, 246.0, (0.05, -0.01, 0.003, -0.001), fisheye=True)


@settings(max_examples=40)
@given(st.floats(50, 900), st.floats(50, 900), st.floats(0, 640), st.floats(0, 480))
def test_pinhole(focal_x: float, focal_y: float, centre_x: float, centre_y: float) -> None:
    rays = CameraModel(focal_x, focal_y, centre_x, centre_y).rays(GRID)
    assert rays[:, 0] == pytest.approx((GRID[:, 0] - centre_x) / focal_x)
    assert rays[:, 1] == pytest.approx((GRID[:, 1] - centre_y) / focal_y)
    assert (rays[:, 2] == 1.0).all()


def test_brown_conrady_agrees_with_opencv() -> None:
    rays = BROWN.rays(GRID)
    back, _ = cv2.projectPoints(rays, np.zeros(3), np.zeros(3), BROWN.matrix, np.array(BROWN.distortion))
    assert np.isfinite(rays).all()
    assert back[:, 0] == pytest.approx(GRID, abs=0.1)


def test_kannala_brandt_agrees_with_opencv() -> None:
    rays = FISHEYE.rays(GRID)
    back, _ = cv2.fisheye.projectPoints(
        rays.reshape(-1, 1, 3), np.zeros(3), np.zeros(3), FISHEYE.matrix, np.array(FISHEYE.distortion)
    )
    assert np.isfinite(rays).all()
    assert back[:, 0] == pytest.approx(GRID, abs=0.01)


@pytest.mark.parametrize("model", [BROWN, FISHEYE, CameraModel(255.0, 255.0, 315.0, 246.0)])
def test_points_fall_on_the_pixels_whose_rays_they_lie_on(model: CameraModel) -> None:
    assert model.pixels(model.rays(GRID) * 3.5) == pytest.approx(GRID, abs=0.1)
    assert model.rays(np.empty((0, 2))).shape == (0, 3)


def test_a_pixel_on_which_no_direction_falls_has_none() -> None:
    barrel = CameraModel(300.0, 300.0, 320.0, 240.0, (-0.28, 0.08, 0.001, -0.0005, -0.01))
    rays = barrel.rays(np.array([[320.0, 240.0], [0.0, 0.0]]))
    assert np.isfinite(rays[0]).all()
    assert np.isnan(rays[1]).all()
    beyond = FISHEYE.rays(np.array([[3000.0, 246.0]]))
    assert np.isnan(beyond).all(), "it lies behind the camera"


def intrinsics(message: object) -> None:
    message.focal_length.x, message.focal_length.y = 300.0, 310.0  # type: ignore[attr-defined]
    message.principal_point.x, message.principal_point.y = 322.0, 236.0  # type: ignore[attr-defined]


def test_image_source_with_a_pinhole() -> None:
    source = image_pb2.ImageSource()
    intrinsics(source.pinhole.intrinsics)
    assert CameraModel.from_source(source) == CameraModel(300.0, 310.0, 322.0, 236.0)


def test_image_source_with_brown_conrady() -> None:
    source = image_pb2.ImageSource()
    brown = source.pinhole_brown_conrady.intrinsics
    intrinsics(brown.pinhole_intrinsics)
    brown.k1, brown.k2, brown.p1, brown.p2, brown.k3 = 0.5, 0.25, 0.125, -0.125, -0.5
    assert CameraModel.from_source(source) == CameraModel(300.0, 310.0, 322.0, 236.0, (0.5, 0.25, 0.125, -0.125, -0.5))


def test_image_source_with_kannala_brandt() -> None:
    source = image_pb2.ImageSource()
    kannala = source.kannala_brandt.intrinsics
    intrinsics(kannala.pinhole_intrinsics)
    kannala.k1, kannala.k2, kannala.k3, kannala.k4 = 0.5, 0.25, 0.125, -0.125
    expected = CameraModel(300.0, 310.0, 322.0, 236.0, (0.5, 0.25, 0.125, -0.125), fisheye=True)
    assert CameraModel.from_source(source) == expected


def test_image_source_that_reports_none() -> None:
    assert CameraModel.from_source(image_pb2.ImageSource()) is None
    empty = image_pb2.ImageSource()
    empty.pinhole.SetInParent()
    assert CameraModel.from_source(empty) is None, "a focal length of zero is none"
