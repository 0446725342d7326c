from __future__ import annotations

import math
import shutil
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from models import Box, BoxMeasurements, Detection, Detector, ModelCardError, ModelLoadError, View
from models.plausibility import (
    CARD_FILE,
    FEATURES,
    NETWORK_FILE,
    Judge,
    KnownLabel,
    PlausibilityHead,
    PlausibleDetector,
    Verdict,
    with_plausibility,
)
from models.plausibility.network import DenseNetwork
from models.registry import ZOO

HEAD = ZOO / "objects"
SIZE = (480, 640)
BOX = Box(300, 100, 360, 300)


@pytest.fixture(scope="module")
def head() -> PlausibilityHead:
    return PlausibilityHead.load(HEAD)


def seen(*, height: float, width: float, away: float, lower: float = 0.0, camera: float = 0.5) -> BoxMeasurements:
    top, bottom = math.atan2(lower + height - camera, away), math.atan2(lower - camera, away)
    distance = away / math.cos((top + bottom) / 2)
    return BoxMeasurements(2 * math.atan(width / 2 / distance), top - bottom, top, bottom, camera, distance)


def judged(judge: Judge, measured: BoxMeasurements, label: str = "person", score: float = 0.7) -> Verdict:
    return judge.judge([Detection(label, score, BOX)], [measured], *SIZE)[0]


REAL = {
    "adult": seen(height=1.75, width=0.55, away=3),
    "adult far away": seen(height=1.8, width=0.5, away=6),
    "small child": seen(height=0.85, width=0.3, away=2),
    "lying": seen(height=0.4, width=1.7, away=2.5),
    "behind a counter": seen(height=0.7, width=0.5, away=3, lower=1.0),
    "on stairs": seen(height=1.75, width=0.55, away=4, lower=0.8),
    "without depth": replace(seen(height=1.75, width=0.55, away=3), distance=None),
    "without a floor": replace(seen(height=1.75, width=0.55, away=3), camera_height=None),
}
IMPOSSIBLE = {
    "figurine on the floor": seen(height=0.18, width=0.06, away=1.2),
    "figurine on a table": seen(height=0.15, width=0.05, away=1.2, lower=0.45),
    "photograph on a wall": seen(height=0.15, width=0.07, away=1.5, lower=1.0),
    "hanging": seen(height=1.7, width=0.55, away=4, lower=3.0),
    "giant": seen(height=4.2, width=1.3, away=6),
}


@pytest.mark.parametrize("what", REAL)
@pytest.mark.parametrize("score", [0.31, 0.5, 0.9])
def test_people_pass(head: PlausibilityHead, what: str, score: float) -> None:
    assert not judged(head, REAL[what], score=score).rejected


@pytest.mark.parametrize("what", IMPOSSIBLE)
def test_what_cannot_be_a_person_is_rejected(head: PlausibilityHead, what: str) -> None:
    assert judged(head, IMPOSSIBLE[what], score=0.5).rejected


@pytest.mark.parametrize(("size", "rejected"), [(0.06, True), (0.3, False), (0.75, False), (2.5, True)])
def test_a_stop_sign_must_have_the_size_of_one(head: PlausibilityHead, size: float, rejected: bool) -> None:
    measured = seen(height=size, width=size, away=1.5 if size < 1 else 4, lower=0.6)
    assert judged(head, measured, "stop sign").rejected == rejected


@pytest.mark.parametrize("measured", [BoxMeasurements(), BoxMeasurements(top_elevation=0.5, bottom_elevation=0.3)])
def test_the_unknown_is_never_held_against_a_thing(head: PlausibilityHead, measured: BoxMeasurements) -> None:
    assert judged(head, measured) == Verdict(1.0, None)


def test_labels_that_it_does_not_know_pass(head: PlausibilityHead) -> None:
    assert judged(head, IMPOSSIBLE["figurine on the floor"], "teddy bear") == Verdict(1.0, None)


@pytest.mark.parametrize("score", [0.35, 0.5, 0.95])
@pytest.mark.parametrize("lower", [0.0, 0.45, 1.0])
def test_what_is_far_too_small_by_depth_is_rejected_whatever_else_speaks_for_it(
    head: PlausibilityHead, lower: float, score: float
) -> None:
    figurine = seen(height=0.19, width=0.06, away=1.2, lower=lower)
    assert judged(head, figurine, score=score).rejected


def test_a_person_behind_something_right_before_the_lens_passes(head: PlausibilityHead) -> None:
    person = seen(height=1.7, width=0.5, away=3)
    assert person.distance is not None
    assert not judged(head, replace(person, distance=0.4), score=0.6).rejected


def test_what_is_cut_off_by_the_pictures_edge_is_never_too_small(head: PlausibilityHead) -> None:
    cut_off = Detection("person", 0.5, Box(300, 100, 360, 480))
    assert not head.judge([cut_off], [IMPOSSIBLE["figurine on a table"]], *SIZE)[0].rejected


def test_the_head_beside_a_model_is_found() -> None:
    plain = Fixed([ADULT])
    assert isinstance(with_plausibility("objects", plain), PlausibleDetector)
    assert isinstance(with_plausibility("objects-small", plain), PlausibleDetector), "it has the network of 'objects'"
    assert with_plausibility("people", plain) is plain


def test_a_reason_tells_the_figure(head: PlausibilityHead) -> None:
    reason = judged(head, IMPOSSIBLE["figurine on the floor"], score=0.5).reason
    assert reason == "0.18 m tall at 1.3 m; a person has at least 0.40 m"


def test_an_odd_combination_has_a_reason_too() -> None:
    network = DenseNetwork([(np.zeros((len(FEATURES) + 1, 1), np.float32), np.array([-9], np.float32), "sigmoid")])
    verdict = judged(PlausibilityHead(network, {"person": KnownLabel(0.5)}), REAL["adult"])
    assert verdict.reason is not None
    assert verdict.reason.startswith("unlikely for a person: 1.75 m tall and 0.55 m wide at 3.0 m")


@dataclass
class Fixed:
    """A detector that always finds the same."""

    found: list[Detection]
    name: str = "fixed"
    labels: tuple[str, ...] = ("person",)

    def detect(
        self, images: Sequence[NDArray[np.uint8]], views: Sequence[View | None] | None = None
    ) -> list[list[Detection]]:
        return [list(self.found) for _ in images]


@dataclass
class Measured:
    """A view in which every box measures the same, or what is said for it."""

    usual: BoxMeasurements
    special: dict[Box, BoxMeasurements] = field(default_factory=dict)

    def measure(self, box: Box) -> BoxMeasurements:
        return self.special.get(box, self.usual)


FIGURINE = Detection("person", 0.5, Box(10, 10, 30, 60))
ADULT = Detection("person", 0.8, BOX)
IMAGE = np.zeros((*SIZE, 3), np.uint8)
VIEW = Measured(REAL["adult"], {FIGURINE.box: IMPOSSIBLE["figurine on the floor"]})


def test_rejected_detections_are_left_out(head: PlausibilityHead) -> None:
    detector: Detector = PlausibleDetector(Fixed([ADULT, FIGURINE]), head)
    assert detector.detect([IMAGE, IMAGE], [VIEW, None]) == [[ADULT], [ADULT, FIGURINE]]


def test_why_something_is_missing_can_be_asked(head: PlausibilityHead) -> None:
    kept, rejections = PlausibleDetector(Fixed([ADULT, FIGURINE]), head).explain([IMAGE, IMAGE], [None, VIEW])
    assert kept == [[ADULT, FIGURINE], [ADULT]]
    assert [(one.detection, one.picture) for one in rejections] == [(FIGURINE, 1)]
    assert "0.18 m tall" in rejections[0].reason


@pytest.mark.parametrize("views", [None, [None], [Measured(BoxMeasurements())]])
def test_without_measurements_nothing_changes(head: PlausibilityHead, views: Sequence[View | None] | None) -> None:
    plain = Fixed([ADULT, FIGURINE])
    detector = PlausibleDetector(plain, head)
    assert detector.detect([IMAGE], views) == plain.detect([IMAGE])
    assert (detector.name, detector.labels) == (plain.name, plain.labels)


def test_there_must_be_a_view_for_each_picture(head: PlausibilityHead) -> None:
    with pytest.raises(ValueError, match="argument"):
        PlausibleDetector(Fixed([ADULT]), head).detect([IMAGE, IMAGE], [VIEW])


def test_a_head_without_its_card_is_refused(tmp_path: Path) -> None:
    shutil.copy(HEAD / NETWORK_FILE, tmp_path)
    with pytest.raises(ModelCardError, match=CARD_FILE):
        PlausibilityHead.load(tmp_path)


def test_a_card_with_other_labels_is_refused(tmp_path: Path) -> None:
    shutil.copy(HEAD / NETWORK_FILE, tmp_path)
    (tmp_path / CARD_FILE).write_text("labels: {person: {cutoff: 0.1}}\ntraining: none\nmeasured: {}\n")
    with pytest.raises(ModelLoadError, match=r"expected a network with \d+ inputs"):
        PlausibilityHead.load(tmp_path)


@pytest.mark.parametrize("content", [b"", b"nonsense", b"\x80\x04pickle"])
def test_what_is_no_keras_file_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / NETWORK_FILE).write_bytes(content)
    with pytest.raises(ModelLoadError, match=NETWORK_FILE):
        DenseNetwork.load(tmp_path / NETWORK_FILE)


def test_a_file_cut_short_is_refused(tmp_path: Path) -> None:
    content = (HEAD / NETWORK_FILE).read_bytes()
    (tmp_path / NETWORK_FILE).write_bytes(content[: len(content) // 2])
    with pytest.raises(ModelLoadError, match=NETWORK_FILE):
        DenseNetwork.load(tmp_path / NETWORK_FILE)


def test_other_layers_are_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(HEAD / NETWORK_FILE) as old, zipfile.ZipFile(tmp_path / NETWORK_FILE, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, content.replace(b'"Dropout"', b'"Flatten"'))
    with pytest.raises(ModelLoadError, match="expected a Sequential model"):
        DenseNetwork.load(tmp_path / NETWORK_FILE)


def test_layers_must_fit_each_other() -> None:
    layer = (np.ones((3, 2), np.float32), np.ones(2, np.float32), "relu")
    with pytest.raises(ModelLoadError, match="expected 2 inputs"):
        DenseNetwork([layer, layer])


def test_weights_must_be_numbers() -> None:
    with pytest.raises(ModelLoadError, match="no finite numbers"):
        DenseNetwork([(np.full((3, 2), np.nan, np.float32), np.ones(2, np.float32), "relu")])


def test_it_computes_what_keras_computes() -> None:
    import keras

    model = keras.models.load_model(HEAD / NETWORK_FILE, safe_mode=True, compile=False)
    network = DenseNetwork.load(HEAD / NETWORK_FILE)
    values = np.random.default_rng(1).normal(0, 1, (200, network.inputs)).astype(np.float32)
    expected = model.predict(values, verbose=0)
    np.testing.assert_allclose(network.run(values), expected, atol=1e-6)
