"""Draw the picture in docs/gestures.md: one rendered person for each gesture, with the key-points that are found.

python -m benchmarks.gesture_figure docs/images/gestures.png
"""

from __future__ import annotations

import sys
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.gesture_pictures import GESTURES, make_scene
from models import Detection, Detector, load_detector
from models.gestures import PERSON
from models.pose import Joint, Pose
from simulator.calibration import Pinhole
from simulator.rendering import Renderer

COLUMNS = 5
TILE = (240, 310)
CAMERA = Pinhole(640, 480, 460, 460, 319.5, 239.5)
LEFT, RIGHT, MIDDLE = (255, 170, 40), (70, 200, 255), (240, 240, 240)
BONES = (
    (Joint.LEFT_SHOULDER, Joint.LEFT_ELBOW, LEFT), (Joint.LEFT_ELBOW, Joint.LEFT_WRIST, LEFT),
    (Joint.LEFT_HIP, Joint.LEFT_KNEE, LEFT), (Joint.LEFT_KNEE, Joint.LEFT_ANKLE, LEFT),
    (Joint.RIGHT_SHOULDER, Joint.RIGHT_ELBOW, RIGHT), (Joint.RIGHT_ELBOW, Joint.RIGHT_WRIST, RIGHT),
    (Joint.RIGHT_HIP, Joint.RIGHT_KNEE, RIGHT), (Joint.RIGHT_KNEE, Joint.RIGHT_ANKLE, RIGHT),
    (Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER, MIDDLE), (Joint.LEFT_HIP, Joint.RIGHT_HIP, MIDDLE),
    (Joint.LEFT_SHOULDER, Joint.LEFT_HIP, MIDDLE), (Joint.RIGHT_SHOULDER, Joint.RIGHT_HIP, MIDDLE),
)  # fmt: skip
OUTFITS = (("man", "street"), ("woman", "office"), ("man", "workshop"), ("woman", "street"), ("man", "office"))


def tile(detector: Detector, gesture: str, body: str, clothes: str) -> NDArray[np.uint8]:
    """Render one person, find it, and draw what is found."""
    span = {"gesture": gesture, "between": [1, 4]}
    turn = 90 if gesture == "lying down" else 12
    person = {"body": body, "clothes": clothes, "gestures": [span]}
    renderer = Renderer(make_scene("park", person, 3.6, 180 + turn))
    pose = np.array([[0.0, 0, 1, 0], [-1, 0, 0, 0], [0, -1, 0, 1.0], [0, 0, 0, 1]])
    image = renderer.render(CAMERA, pose, 2.2).image
    detections = detector.detect([image])[0]
    best = next(detection for detection in detections if detection.label == PERSON)
    if best.pose is not None:
        draw(image, best.pose)
    left, top = (640 - TILE[0]) // 2 + (-110 if gesture == "lying down" else 0), 85
    cut = np.ascontiguousarray(image[top : top + TILE[1], left : left + TILE[0]])
    caption(cut, gesture, detections)
    return cut


def draw(image: NDArray[np.uint8], pose: Pose) -> None:
    """Draw the joints and the lines between them; the person's left is orange, the right blue."""
    for first, second, colour in BONES:
        ends = [(round(pose[joint].x), round(pose[joint].y)) for joint in (first, second)]
        cv2.line(image, ends[0], ends[1], colour, 2, cv2.LINE_AA)
    for point in pose.keypoints:
        cv2.circle(image, (round(point.x), round(point.y)), 2, (255, 255, 255), -1, cv2.LINE_AA)


def caption(image: NDArray[np.uint8], gesture: str, detections: list[Detection]) -> None:
    """Write what is found; waving cannot be found in one picture."""
    found = next((detection for detection in detections if detection.label == gesture), None)
    text = gesture if found is None else f"{gesture} {found.score:.2f}"
    image[-22:] = 24
    cv2.putText(image, text, (8, TILE[1] - 7), cv2.FONT_HERSHEY_SIMPLEX, 0.45, (255, 255, 255), 1, cv2.LINE_AA)


def main() -> None:
    """Draw all and write the file."""
    detector = load_detector("people", threads=1)
    names = (*GESTURES, "waving")
    tiles = [tile(detector, name, *OUTFITS[index % len(OUTFITS)]) for index, name in enumerate(names)]
    rows = [np.hstack(tiles[index : index + COLUMNS]) for index in range(0, len(tiles), COLUMNS)]
    picture = np.vstack(rows)
    cv2.imwrite(str(Path(sys.argv[1])), picture[..., ::-1], [cv2.IMWRITE_PNG_COMPRESSION, 9])


if __name__ == "__main__":
    main()
