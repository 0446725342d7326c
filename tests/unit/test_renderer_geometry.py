import math
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from simulator.calibration import CAMERA_NAMES, STANDING_HEIGHT, CameraModel, KannalaBrandt, Pinhole, SpotCalibration
from simulator.rendering import Renderer
from simulator.rendering.projection import MAX_ANGLE, project, ray_table
from simulator.scene import Scene

PINHOLE = Pinhole(640, 480, 257.0, 258.0, 314.0, 244.0)
FISHEYE = KannalaBrandt(640, 480, 257.0, 258.0, 314.0, 244.0, 0.02, -0.012, 0.004, -0.001)
AHEAD = np.array([[0.0, 0, 1, 0], [-1, 0, 0, 0], [0, -1, 0, 0.6], [0, 0, 0, 1]])
"""A camera 0.6 m over the origin that looks along +x."""

SCENE = """\
name: test
duration: 10 s
surroundings:
  panorama: none
  floor: {texture: concrete, size: [20, 20]}
objects:
  - {kind: wall, name: wall, start: [5.06, 8], end: [5.06, -8], top: 5}
  - {kind: apriltag, name: tag, id: 7, position: [3, 0.3, 0.8], yaw: 180 deg, size: 0.8}
"""


def load(folder: Path, text: str) -> Scene:
    path = folder / "scene.yaml"
    path.write_text(text, encoding="utf-8")
    return Scene.load(path)


@pytest.fixture(scope="module")
def renderer(tmp_path_factory: pytest.TempPathFactory) -> Renderer:
    return Renderer(load(tmp_path_factory.mktemp("scene"), SCENE), depth_range=30.0)


def turned(roll: float) -> NDArray[np.float64]:
    pose = AHEAD.copy()
    cos, sin = math.cos(roll), math.sin(roll)
    pose[:3, :3] = pose[:3, :3] @ np.array([[cos, -sin, 0], [sin, cos, 0], [0, 0, 1]])
    return pose


def test_the_fisheye_agrees_with_opencv() -> None:
    points = np.random.default_rng(1).uniform((-3, -3, 0.3), (3, 3, 4), (200, 3))
    matrix = np.array([[257.0, 0, 314], [0, 258, 244], [0, 0, 1]])
    distortion = np.array([0.02, -0.012, 0.004, -0.001])
    expected, _ = cv2.fisheye.projectPoints(points[:, None], np.zeros(3), np.zeros(3), matrix, distortion)
    parameters = ray_table(FISHEYE).parameters
    found = np.array([project(*point, parameters, True) for point in points])
    assert np.abs(found - expected[:, 0]).max() < 1e-6


@pytest.mark.parametrize("camera", [PINHOLE, FISHEYE])
def test_rays_lead_back_to_their_pixels(camera: CameraModel) -> None:
    rays = ray_table(camera)
    for row, column in ((0, 0), (479, 639), (244, 314), (100, 500)):
        if math.atan(math.hypot(rays.x[row, column], rays.y[row, column])) < MAX_ANGLE - 0.01:
            x, y = float(rays.x[row, column]), float(rays.y[row, column])
            pixel = project(x, y, 1.0, rays.parameters, rays.is_fisheye)
            assert pixel == pytest.approx((column, row), abs=0.01)


@pytest.mark.parametrize("camera", [PINHOLE, FISHEYE])
@pytest.mark.parametrize("roll", [0.0, -1.36])
def test_depth_of_wall_and_floor_is_exact_to_a_millimetre(renderer: Renderer, camera: CameraModel, roll: float) -> None:
    depth = renderer.render(camera, turned(roll), 0.0, depth=True).depth
    assert depth is not None
    rays = ray_table(camera)
    directions = np.dstack([rays.x, rays.y, np.ones_like(rays.x)]).astype(np.float64) @ turned(roll)[:3, :3].T
    with np.errstate(divide="ignore"):
        floor = np.where(directions[..., 2] < 0, -0.6 / directions[..., 2], np.inf)
        wall = np.where(directions[..., 0] > 0, 5.0 / directions[..., 0], np.inf)
    expected = np.minimum(floor, wall) * 1000
    hit = directions * np.minimum(floor, wall)[..., None]
    inside = (np.abs(hit[..., 1]) < 7.5) & (hit[..., 2] < 4.0) & (expected < 29_000) & rays.lit
    at_tag = directions * (3 / np.maximum(directions[..., :1], 1e-9))
    tag = (np.abs(at_tag[..., 1] - 0.3) < 0.6) & (np.abs(at_tag[..., 2] + 0.6 - 0.8) < 0.6)
    difference = np.abs(depth.astype(np.float64) - expected)[inside & ~tag]
    assert difference.size > 100_000
    assert np.quantile(difference, 0.9999) <= 1.0


@pytest.mark.parametrize("camera", [PINHOLE, FISHEYE])
def test_april_tag_corners_are_found_within_half_a_pixel(renderer: Renderer, camera: CameraModel) -> None:
    image = renderer.render(camera, AHEAD, 0.0, colour=False).image
    parameters = cv2.aruco.DetectorParameters()
    parameters.cornerRefinementWinSize = 3
    parameters.cornerRefinementMethod = cv2.aruco.CORNER_REFINE_SUBPIX
    dictionary = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_APRILTAG_36h11)
    corners, ids, _ = cv2.aruco.ArucoDetector(dictionary, parameters).detectMarkers(image)
    assert ids is not None
    assert ids.ravel().tolist() == [7]
    # Seen from the front, the tag's top left corner is at the viewer's left, which is +y.
    world = [(3, 0.7, 1.2), (3, -0.1, 1.2), (3, -0.1, 0.4), (3, 0.7, 0.4)]
    rays = ray_table(camera)
    expected = [project(-y, 0.6 - z, x, rays.parameters, rays.is_fisheye) for x, y, z in world]
    assert np.abs(corners[0].reshape(4, 2) - np.array(expected)).max() < 0.5


def test_depth_is_zero_beyond_its_range(tmp_path: Path) -> None:
    near_sighted = Renderer(load(tmp_path, SCENE), depth_range=4.0)
    depth = near_sighted.render(PINHOLE, AHEAD, 0.0, depth=True).depth
    assert depth is not None
    assert depth.max() <= 4000
    assert depth[100, 100] == 0


def test_depth_alone_is_the_depth_of_the_picture(renderer: Renderer) -> None:
    whole = renderer.render(PINHOLE, AHEAD, 0.0, depth=True).depth
    assert np.array_equal(whole, renderer.render_depth(PINHOLE, AHEAD, 0.0))


def test_spots_cameras_are_mirror_images_in_front() -> None:
    calibration = SpotCalibration.load()
    assert set(calibration.cameras) == set(CAMERA_NAMES)
    mirror = np.diag([1.0, -1.0, 1.0])
    left, right = calibration["frontleft"], calibration["frontright"]
    found = mirror @ right.body_tform_depth[:3, :3] @ mirror
    assert np.abs(found - left.body_tform_depth[:3, :3]).max() < 0.01
    assert np.abs(mirror @ right.body_tform_fisheye[:3, 3] - left.body_tform_fisheye[:3, 3]).max() < 0.005
    for name in CAMERA_NAMES:
        rotation = calibration[name].body_tform_fisheye[:3, :3]
        assert rotation @ rotation.T == pytest.approx(np.eye(3), abs=1e-9)
    assert 0.4 < STANDING_HEIGHT < 0.6
