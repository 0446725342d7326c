"""Make the table that plausibility heads are trained and tested on, from rendered rooms and a shipped detector.

python -m benchmarks.plausibility_data TABLE.npz [--detector objects] [--rooms 280 110 100] [--pictures DIR]
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from benchmarks.plausibility_scenes import Split, furnished_room, paint_look_alikes
from benchmarks.plausibility_shots import SeenThing, Shot, take
from models import Box, Detection, Detector, View, load_detector
from models.evaluation import intersection_over_union
from models.plausibility.table import FALSE, TRUE, UNJUDGED, Table
from simulator.rendering import Renderer
from spot_agent.perception import FrameView

SPLITS: tuple[Split, ...] = ("train", "validation", "test")
LABELS = ("person", "stop sign")
PICTURES_PER_ROOM = 4
FIRST_ROOM: dict[Split, int] = {"train": 0, "validation": 0, "test": 2000}
"""Numbers of the first rooms. The test rooms before 2000 were looked at while the head was designed."""
LOWEST_SCORE = 0.1
WORDS = {TRUE: "true", FALSE: "false", UNJUDGED: "not judged"}
CROPS = 2


@dataclass(frozen=True)
class Judged:
    """A detection and what it was of."""

    detection: Detection
    truth: int
    best: bool
    made: bool
    origin: str


def judge(detections: Sequence[Detection], things: Sequence[SeenThing]) -> list[Judged]:
    """Tell true detections from false ones.

    True overlaps a true thing of its label by half or more (intersection over union). False overlaps none by more
    than a fifth, and has less than a third of its own area in one. What lies between is not judged: it is a part of a
    true thing, or a box drawn badly around one.
    """
    judged, taken = [], set[str]()
    for detection in sorted(detections, key=lambda one: -one.score):
        own = [thing for thing in things if thing.subject.true and thing.subject.label == detection.label]
        overlaps = [intersection_over_union(thing.box, detection.box) for thing in own]
        best = own[int(np.argmax(overlaps))] if own else None
        if best is not None and max(overlaps) >= 0.5:
            first = best.clear and best.subject.name not in taken
            taken.add(best.subject.name)
            judged.append(Judged(detection, TRUE if best.clear else UNJUDGED, first, False, best.subject.origin))
            continue
        near = any(overlap > 0.2 for overlap in overlaps) or any(_share(detection.box, one.box) > 0.33 for one in own)
        truth = UNJUDGED if near else FALSE
        judged.append(Judged(detection, truth, False, False, _origin(detection, things)))
    return judged


def _share(box: Box, other: Box) -> float:
    width = min(box.x_max, other.x_max) - max(box.x_min, other.x_min)
    height = min(box.y_max, other.y_max) - max(box.y_min, other.y_min)
    return max(width, 0) * max(height, 0) / box.area


def _origin(detection: Detection, things: Sequence[SeenThing]) -> str:
    fakes = [(intersection_over_union(one.box, detection.box), one) for one in things if not one.subject.true]
    overlap, fake = max(fakes, key=lambda pair: pair[0], default=(0.0, None))
    return fake.subject.origin if fake is not None and overlap >= 0.3 else "nothing"


def hidden_in_part(judged: Judged, source: np.random.Generator) -> Iterator[Judged]:
    """Crop a true detection as something in front of it would: the part that is left is true as well."""
    box = judged.detection.box
    least = 0.28 if judged.detection.label == "person" else 0.6
    for _ in range(CROPS):
        left = float(source.uniform(least, 0.9))
        side = str(source.choice(["below", "below", "above", "left", "right"]))
        x_min, y_min, x_max, y_max = box
        if side == "below":  # what hides a person's legs is the commonest
            y_max = y_min + left * box.height
        elif side == "above":
            y_min = y_max - left * box.height
        elif side == "left":
            x_min = x_max - max(left, 0.4) * box.width
        else:
            x_max = x_min + max(left, 0.4) * box.width
        part = replace(judged.detection, box=Box(x_min, y_min, x_max, y_max))
        yield replace(judged, detection=part, best=False, made=True)


class Rows:
    """Collects rows and makes a table of them."""

    def __init__(self) -> None:
        self._rows: list[tuple[Any, ...]] = []
        self._things: list[tuple[str, str, int]] = []

    def add(self, shot: Shot, view: View, judged: Sequence[Judged], split: Split, picture: int) -> None:
        """Add a picture's detections and things."""
        size = shot.frame.image.shape[:2]
        for one in judged:
            measured = [np.nan if value is None else value for value in astuple(view.measure(one.detection.box))]
            self._rows.append(
                (one.detection.label, one.detection.score, tuple(one.detection.box), size, measured,
                 one.truth, one.best, one.made, one.origin, split, picture)
            )  # fmt: skip
        self._things += [
            (thing.subject.label, split, picture) for thing in shot.things if thing.subject.true and thing.clear
        ]

    def table(self) -> Table:
        """Everything added so far."""
        types = (str, np.float32, np.float32, np.int32, np.float64, np.int8, bool, bool, str, str, np.int32)
        columns = [np.array(column, dtype) for column, dtype in zip(zip(*self._rows, strict=True), types, strict=True)]
        things = [
            np.array(column, dtype)
            for column, dtype in zip(zip(*self._things, strict=True), (str, str, np.int32), strict=True)
        ]
        return Table(*columns, *things)


def collect(detector: Detector, rooms: Sequence[int], scratch: Path, pictures: Path | None) -> Table:
    """Render rooms, detect in them, and judge what was detected.

    Args:
        detector: With a low threshold.
        rooms: How many for training, validation and test.
        scratch: A folder for the pictures on boards.
        pictures: Where to write the test pictures; nowhere if ``None``.

    Returns:
        The table.
    """
    rows, number = Rows(), 0
    for split, count in zip(SPLITS, rooms, strict=True):
        look_alikes = paint_look_alikes(scratch / split, split)
        for seed in range(FIRST_ROOM[split], FIRST_ROOM[split] + count):
            scene, subjects = furnished_room(seed, split, look_alikes)
            renderer = Renderer(scene)
            source = np.random.default_rng((seed, 77, SPLITS.index(split)))
            for _ in range(PICTURES_PER_ROOM):
                shot = take(renderer, subjects, source)
                found = [one for one in detector.detect([shot.frame.image])[0] if one.label in LABELS]
                judged = judge(found, shot.things)
                if split != "test":
                    judged += [made for one in judged if one.best for made in hidden_in_part(one, source)]
                rows.add(shot, FrameView(shot.frame), judged, split, number)
                if pictures is not None and split == "test":
                    image = shot.frame.image
                    bgr = image[..., ::-1] if image.ndim == 3 else image
                    cv2.imwrite(str(pictures / f"{number}.jpg"), bgr)
                number += 1
    return rows.table()


def main() -> None:
    """Make the table and say what is in it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("table", type=Path, help="the file to write")
    parser.add_argument("--detector", default="objects")
    parser.add_argument("--rooms", type=int, nargs=3, default=(280, 110, 100), metavar=("TRAIN", "VALIDATION", "TEST"))
    parser.add_argument("--pictures", type=Path, help="write the test pictures into this folder")
    options = parser.parse_args()
    if options.pictures is not None:
        options.pictures.mkdir(parents=True, exist_ok=True)
    detector = load_detector(options.detector, threads=1, threshold=LOWEST_SCORE)
    with tempfile.TemporaryDirectory() as scratch:
        table = collect(detector, options.rooms, Path(scratch), options.pictures)
    table.save(options.table)
    for split in SPLITS:
        own = (table.split == split) & ~table.made
        counts = Counter(
            (str(table.label[row]), int(table.truth[row]), str(table.origin[row])) for row in np.flatnonzero(own)
        )
        print(f"{split}: {own.sum()} detections; {(table.thing_split == split).sum()} things to find")
        for (label, truth, origin), count in sorted(counts.items()):
            print(f"  {label:10} {WORDS[truth]:10} {origin:20} {count}")


if __name__ == "__main__":
    main()
