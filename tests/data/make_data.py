"""Make the photos and the video in this folder from published packages.

    python tests/data/make_data.py --opencv-doc DIR --scikit-image DIR --scikit-learn DIR

The folders: ``examples/data`` of Debian's package ``opencv-doc`` 4.6.0, ``skimage/data`` of scikit-image 0.26.0 and
``sklearn/datasets/images`` of scikit-learn 1.9.1. Pictures that are not JPEG already are written as such; nothing
else is changed.
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

import cv2

HERE = Path(__file__).parent
JPEG_QUALITY = 92
PHOTOS = {
    "opencv_doc": (
        "basketball1.png", "fruits.jpg", "left06.jpg", "leuvenB.jpg", "licenseplate_motion.jpg", "orange.jpg"
    ),
    "scikit_image": (
        "astronaut.png", "brick.png", "camera.png", "chelsea.png", "coffee.png", "grass.png", "gravel.png"
    ),
    "scikit_learn": ("china.jpg", "flower.jpg"),
}  # fmt: skip
VIDEO = "vtest.avi"
FRAMES = (0, 120, 300, 500)
"""Frames of the video that are kept as photos too."""
CLIP_FRAMES = range(100)
"""Frames of the video that make the clip: 10 s at its 10 frames a second."""


def main() -> None:
    """Write every file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for package in PHOTOS:
        parser.add_argument("--" + package.replace("_", "-"), type=Path, required=True)
    folders: dict[str, Path] = vars(parser.parse_args())
    for package, names in PHOTOS.items():
        for name in names:
            write_photo(folders[package] / name)
    write_video(folders["opencv_doc"] / VIDEO)


def write_photo(source: Path) -> None:
    """Copy a photo, as JPEG."""
    target = (HERE / "photos" / source.name).with_suffix(".jpg")
    if source.suffix == ".jpg":
        shutil.copyfile(source, target)
    else:
        image = cv2.imread(str(source), cv2.IMREAD_UNCHANGED)
        cv2.imwrite(str(target), image, (cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY))


def write_video(source: Path) -> None:
    """Write the clip, and some frames as photos."""
    reader = cv2.VideoCapture(str(source))
    rate, width, height = (
        reader.get(key) for key in (cv2.CAP_PROP_FPS, cv2.CAP_PROP_FRAME_WIDTH, cv2.CAP_PROP_FRAME_HEIGHT)
    )
    clip = cv2.VideoWriter(
        str(HERE / "videos" / "pedestrians.mp4"), cv2.VideoWriter.fourcc(*"mp4v"), rate, (int(width), int(height))
    )
    for number in range(max(*FRAMES, *CLIP_FRAMES) + 1):
        _, frame = reader.read()
        if number in CLIP_FRAMES:
            clip.write(frame)
        if number in FRAMES:
            target = HERE / "photos" / f"pedestrians_{number:03d}.jpg"
            cv2.imwrite(str(target), frame, (cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY))
    clip.release()


if __name__ == "__main__":
    main()
