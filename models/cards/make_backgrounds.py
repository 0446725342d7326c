"""Make the shipped backgrounds: pictures without cards, split by where they come from.

    python -m models.cards.make_backgrounds --panoramas DIR --opencv-doc DIR --scikit-image DIR --out DIR

The folders: panoramas tone-mapped by ``python -m simulator.baking.panorama`` (``forest.png`` …, 512×256) from ``hdri``
of the npm package ``@pmndrs/assets`` 1.7.0; ``/usr/share/doc/opencv-doc`` of Debian's package ``opencv-doc`` 4.6.0;
``skimage/data`` of scikit-image 0.26.0. Photos are made smaller where they are large; of each panorama four views are
taken, as a fisheye with Spot's focal length would see them.

No source is in two splits: pictures that show the same place or thing are in the same one. ``train`` teaches,
``validation`` chooses thresholds, ``test`` gives the figures and nothing else.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

Split = Literal["train", "validation", "test"]

LONGEST_SIDE = 640
JPEG_QUALITY = 85
VIEW_SIZE = (480, 640)
"""Height and width of a view of a panorama in pixels: those of Spot's cameras."""
FOCAL_LENGTH = 257.0
"""Of Spot's fisheye cameras in pixels (``simulator/data/spot-calibration.json``)."""
VIEW_YAWS = (0, 90, 180, 270)
VIEW_PITCH = -12.0
"""Degrees; Spot's cameras look a little downwards."""

PANORAMAS: Mapping[Split, str] = MappingProxyType(
    {
        "train": "apartment bridge dawn esplanade lab night studio sunrise sunset venice warehouse",
        "validation": "forest hall",
        "test": "city lobby park workshop",
    }
)

OPENCV_PHOTOS: Mapping[Split, str] = MappingProxyType(
    {
        "train": """
            examples/data/aero1.jpg examples/data/aloeL.jpg examples/data/apple.jpg examples/data/baboon.jpg
            examples/data/blox.jpg examples/data/board.jpg examples/data/butterfly.jpg examples/data/chicky_512.png
            examples/data/ela_original.jpg examples/data/graf1.png examples/data/home.jpg
            examples/data/rubberwhale1.png examples/data/smarties.png examples/data/squirrel_cls.jpg
            examples/data/starry_night.jpg examples/data/sudoku.png examples/hfs/data/000.jpg
            examples/hfs/data/001.jpg examples/text/scenetext01.jpg
            examples/text/scenetext03.jpg examples/text/scenetext04.jpg examples/text/scenetext06.jpg
            examples/text/scenetext_segmented_word01.jpg examples/text/scenetext_segmented_word03.jpg
            examples/alphamat/input_images/plant.jpg
            opencv4/html/Histogram_Calculation_Original_Image.jpg
            opencv4/html/Laplace_Operator_Tutorial_Original_Image.jpg opencv4/html/affinepano.jpg
            opencv4/html/astra_color.jpg opencv4/html/pexels_double_decker_bus.jpg opencv4/html/choriginal.jpg
            opencv4/html/gboriginal.png opencv4/html/4_barcodes.jpg opencv4/html/bicubicOutput.jpg
            opencv4/html/fusion_mertens.jpg opencv4/html/227943776_1.jpg opencv4/html/boat.jpg""",
        "validation": """
            examples/data/messi5.jpg examples/data/stuff.jpg examples/text/scenetext05.jpg
            examples/hfs/data/002.jpg opencv4/html/fusion.png opencv4/html/newspaper.jpg""",
        "test": """
            examples/data/basketball1.png examples/data/building.jpg examples/data/box_in_scene.png
            examples/data/fruits.jpg examples/data/leuvenB.jpg examples/text/scenetext02.jpg
            examples/text/scenetext_segmented_word02.jpg examples/text/scenetext_segmented_word04.jpg
            opencv4/html/230501201_1.jpg opencv4/html/dualCircles.jpg opencv4/html/singlemarkersoriginal.jpg""",
    }
)

SCIKIT_IMAGE_PHOTOS: Mapping[Split, str] = MappingProxyType(
    {"train": "rocket.jpg", "validation": "", "test": "astronaut.png chelsea.png coffee.png"}
)


def main() -> None:
    """Write every background."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("panoramas", "opencv-doc", "scikit-image", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    options = parser.parse_args()
    for split in PANORAMAS:
        folder = options.out / split
        folder.mkdir(parents=True, exist_ok=True)
        for name in PANORAMAS[split].split():
            _write_views(options.panoramas / f"{name}.png", folder)
        for source, photos in ((options.opencv_doc, OPENCV_PHOTOS), (options.scikit_image, SCIKIT_IMAGE_PHOTOS)):
            for name in photos[split].split():
                _write_photo(source / name, folder)


def _write_photo(source: Path, folder: Path) -> None:
    photo = cv2.imread(str(source), cv2.IMREAD_COLOR)
    if photo is None:
        raise SystemExit(f"{source}: cannot be read as a picture")
    scale = LONGEST_SIDE / max(photo.shape[:2])
    if scale < 1:
        photo = cv2.resize(photo, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    cv2.imwrite(str(folder / f"{source.stem}.jpg"), photo, (cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY))


def _write_views(source: Path, folder: Path) -> None:
    panorama = cv2.imread(str(source), cv2.IMREAD_COLOR)
    if panorama is None:
        raise SystemExit(f"{source}: cannot be read as a picture")
    for yaw in VIEW_YAWS:
        view = fisheye_view(np.asarray(panorama, np.uint8), yaw, VIEW_PITCH)
        target = folder / f"panorama-{source.stem}-{yaw:03d}.jpg"
        cv2.imwrite(str(target), view, (cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY))


def fisheye_view(panorama: NDArray[np.uint8], yaw: float, pitch: float) -> NDArray[np.uint8]:
    """Look into a panorama with an equidistant fisheye: a ray lands at its angle to the axis, times the focal length.

    Args:
        panorama: H×2H×3, equirectangular.
        yaw: Degrees to the right of the panorama's middle.
        pitch: Degrees upwards.

    Returns:
        A view of ``VIEW_SIZE``.
    """
    height, width = VIEW_SIZE
    y, x = np.mgrid[:height, :width].astype(np.float32)
    x, y = (x - (width - 1) / 2) / FOCAL_LENGTH, (y - (height - 1) / 2) / FOCAL_LENGTH
    angle = np.hypot(x, y)
    reach = np.sinc(angle / np.pi)  # sin(angle) / angle
    right, down, ahead = x * reach, y * reach, np.cos(angle)
    tilt = np.deg2rad(pitch)
    up = -down * np.cos(tilt) + ahead * np.sin(tilt)
    level = ahead * np.cos(tilt) + down * np.sin(tilt)
    longitude = np.arctan2(right, level) + np.deg2rad(yaw)
    latitude = np.arcsin(np.clip(up, -1, 1))
    rows, columns = panorama.shape[:2]
    u = (longitude / (2 * np.pi) + 0.5) % 1 * columns - 0.5
    v = (0.5 - latitude / np.pi) * rows - 0.5
    view = cv2.remap(panorama, u.astype(np.float32), v.astype(np.float32), cv2.INTER_CUBIC, borderMode=cv2.BORDER_WRAP)
    return np.asarray(view, np.uint8)


if __name__ == "__main__":
    main()
