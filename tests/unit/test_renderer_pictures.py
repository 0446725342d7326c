import hashlib
import subprocess
import sys
import threading
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from simulator.calibration import STANDING_HEIGHT, KannalaBrandt, SpotCalibration
from simulator.rendering import Picture, Renderer
from simulator.scene import Scene

CALIBRATION = SpotCalibration.load()

DIGEST = """
import hashlib
from test_renderer_pictures import digest, lobby_picture
print(digest(lobby_picture()))
"""


def camera_pose(name: str, yaw: float = 0.0) -> NDArray[np.float64]:
    body = np.eye(4)
    body[:2, :2] = [[np.cos(yaw), -np.sin(yaw)], [np.sin(yaw), np.cos(yaw)]]
    body[2, 3] = STANDING_HEIGHT
    return np.asarray(body @ CALIBRATION[name].body_tform_fisheye)


def lobby_picture() -> Picture:
    renderer = Renderer(Scene.load("lobby"))
    return renderer.render(CALIBRATION["frontright"].fisheye, camera_pose("frontright"), 12.0, depth=True)


def digest(picture: Picture) -> str:
    assert picture.depth is not None
    return hashlib.sha256(picture.image.tobytes() + picture.depth.tobytes()).hexdigest()


@pytest.fixture(scope="module")
def lobby() -> Renderer:
    return Renderer(Scene.load("lobby"))


def test_another_process_renders_the_same_bytes() -> None:
    answer = subprocess.run(
        [sys.executable, "-c", DIGEST], capture_output=True, text=True, check=True,
        env={"PYTHONPATH": f"{Path(__file__).parent}:{Path(__file__).parents[2]}"},
    )  # fmt: skip
    assert answer.stdout.strip() == digest(lobby_picture())


def test_threads_get_the_pictures_that_one_thread_gets(lobby: Renderer) -> None:
    shots = [(name, time) for name in CALIBRATION.cameras for time in (3.0, 12.0, 18.0)]

    def take(name: str, time: float) -> Picture:
        return lobby.render(CALIBRATION[name].fisheye, camera_pose(name), time, depth=True)

    alone = {shot: digest(take(*shot)) for shot in shots}
    together: dict[tuple[str, float], str] = {}
    threads = [
        threading.Thread(target=lambda shot=shot: together.update({shot: digest(take(*shot))})) for shot in shots
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert together == alone


def test_grey_and_colour_have_their_shapes(lobby: Renderer) -> None:
    camera, pose = CALIBRATION["left"].fisheye, camera_pose("left")
    colour = lobby.render(camera, pose, 0.0)
    grey = lobby.render(camera, pose, 0.0, colour=False)
    assert colour.image.shape == (480, 640, 3)
    assert grey.image.shape == (480, 640)
    assert colour.depth is None
    expected = cv2.cvtColor(colour.image, cv2.COLOR_RGB2GRAY).astype(int)
    assert np.abs(expected - grey.image).max() <= 2


def test_a_person_appears_walks_and_hides(lobby: Renderer) -> None:
    camera, pose = CALIBRATION["frontright"].fisheye, camera_pose("frontright")
    empty = lobby.render(camera, pose, 39.5).image.astype(int)
    arc = lobby.render(camera, pose, 14.0).image.astype(int)
    later = lobby.render(camera, pose, 14.3).image.astype(int)
    assert (np.abs(arc - empty).max(axis=2) > 30).sum() > 1000
    assert (np.abs(arc - later).max(axis=2) > 30).sum() > 200


def test_the_stop_sign_is_red(lobby: Renderer) -> None:
    pose = camera_pose("left", yaw=0.0)
    before = lobby.render(CALIBRATION["left"].fisheye, pose, 17.0).image.astype(int)
    shown = lobby.render(CALIBRATION["left"].fisheye, pose, 19.0).image.astype(int)
    red = (shown[..., 0] > shown[..., 1] + 70) & (before[..., 0] <= before[..., 1] + 70)
    assert red.sum() > 300


def test_pixels_beyond_the_lens_are_black() -> None:
    renderer = Renderer(Scene.load("empty"))
    wide = KannalaBrandt(640, 480, 180.0, 180.0, 320.0, 240.0, 0, 0, 0, 0)
    image = renderer.render(wide, camera_pose("left"), 0.0).image
    assert image[0, 0].max() == 0
    assert image[240, 320].min() > 20


CUTOUT = """\
name: test
duration: 1 s
surroundings: {panorama: none, floor: null}
objects:
  - {kind: cutout, name: half, picture: half.png, position: [2, 0], yaw: 180 deg, height: 2 m}
"""


def test_alpha_lets_the_background_through_and_mixes(tmp_path: Path) -> None:
    picture = np.zeros((64, 64, 4), np.uint8)
    picture[..., 2] = 200
    picture[:32, :, 3] = 255
    picture[32:48, :, 3] = 100
    cv2.imwrite(str(tmp_path / "half.png"), picture)
    path = tmp_path / "scene.yaml"
    path.write_text(CUTOUT, encoding="utf-8")
    camera = CALIBRATION["left"].fisheye
    pose = np.array([[0.0, 0, 1, 0], [-1, 0, 0, 0], [0, -1, 0, 1.0], [0, 0, 0, 1]])
    shot = Renderer(Scene.load(path)).render(camera, pose, 0.0, depth=True)
    assert shot.depth is not None
    column, middle = round(camera.centre_x), round(camera.centre_y)
    solid, mixed, clear = middle - 60, middle + 30, middle + 100
    assert shot.image[solid, column] == pytest.approx((200, 0, 0), abs=2)
    assert shot.image[mixed, column] == pytest.approx((160 * 155 / 255 + 200 * 100 / 255, 97, 97), abs=3)
    assert shot.image[clear, column] == pytest.approx((160, 160, 160), abs=2)
    assert abs(int(shot.depth[solid, column]) - 2000) <= 1
    assert shot.depth[mixed, column] == 0
    assert shot.depth[clear, column] == 0


def test_it_renders_where_nothing_can_be_cached(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder", encoding="utf-8")
    code = (
        "import numba.core.caching as c\n"
        "c.CacheImpl._locator_classes = []\n"
        "from simulator.rendering.jit import kernel\n"
        "@kernel\n"
        "def double(x: float) -> float:\n"
        "    return 2 * x\n"
        "print(double(4.0))\n"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False,
        env={"PYTHONPATH": str(Path(__file__).parents[2]), "NUMBA_CACHE_DIR": str(blocked)},
    )  # fmt: skip
    assert answer.stdout.strip() == "8.0", answer.stderr
