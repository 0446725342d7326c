"""What every model must do, whatever it detects: those that come with the product, and a person's own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from own_models import make_lamp, make_retina

from models import (
    Detection,
    Detector,
    ImageError,
    ModelError,
    available_models,
    load_detector,
    model_card,
    model_labels,
)
from models.card import NOT_MEASURED, UNKNOWN

PHOTO = Path(__file__).parents[1] / "data" / "photos" / "left06.jpg"
SIZES = [(1, 1), (1, 300), (300, 1), (31, 17), (480, 640), (726, 603), (4320, 7680)]


pytestmark = pytest.mark.timeout(300)  # models of one's own are built and exported first, by TensorFlow

OWN = {"own": make_lamp, "keras-hub": make_retina}


@pytest.fixture(scope="module", params=[*available_models(), *OWN])
def model(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """How a model is named: by its name, or by the path of its folder."""
    if request.param not in OWN:
        return str(request.param)
    if request.param == "keras-hub":
        pytest.importorskip("keras_hub")
    return str(OWN[request.param](tmp_path_factory.mktemp("models")))


@pytest.fixture(scope="module")
def detector(model: str) -> Detector:
    return load_detector(model)


@pytest.fixture(scope="module")
def photo() -> NDArray[np.uint8]:
    return cv2.cvtColor(cv2.imread(str(PHOTO)), cv2.COLOR_BGR2RGB)


def test_some_model_is_available() -> None:
    assert "objects" in available_models()


def test_it_is_a_detector_with_its_name(detector: Detector, model: str) -> None:
    assert isinstance(detector, Detector)
    assert detector.name == Path(model).name


def test_labels_are_known_without_loading_it(detector: Detector, model: str) -> None:
    assert model_labels(model) == detector.labels


def test_labels_are_distinct_words(detector: Detector) -> None:
    assert len(set(detector.labels)) == len(detector.labels) > 0
    assert all(label == label.strip().lower() != "" for label in detector.labels)


@pytest.mark.parametrize("name", available_models())
def test_the_card_of_a_shipped_model_says_what_people_need(name: str) -> None:
    card = model_card(name)
    told = (
        card.licence,
        card.source,
        card.training_data,
        card.conversion,
        card.intended_use,
        card.accuracy,
        card.speed,
    )
    assert not {UNKNOWN, NOT_MEASURED, ""} & set(told)
    assert card.summary
    assert card.limits
    assert card.measured


def test_no_pictures_no_detections(detector: Detector) -> None:
    assert detector.detect([]) == []


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("channels", [(), (3,)], ids=["grey", "colour"])
def test_a_black_picture_of_any_size_holds_nothing(
    detector: Detector, size: tuple[int, int], channels: tuple[int, ...]
) -> None:
    assert detector.detect([np.zeros((*size, *channels), np.uint8)]) == [[]]


def test_detections_are_sorted_known_and_inside(detector: Detector, photo: NDArray[np.uint8]) -> None:
    pictures = [photo, photo[::2, ::3], photo[:97, 200:], cv2.resize(photo, (3840, 2160))]
    for picture, found in zip(pictures, detector.detect(pictures), strict=True):
        height, width = picture.shape[:2]
        assert found == sorted(found, key=lambda detection: -detection.score)
        for detection in found:
            assert detection.label in detector.labels
            assert 0 <= detection.box.x_min < detection.box.x_max <= width
            assert 0 <= detection.box.y_min < detection.box.y_max <= height


def test_the_same_picture_gives_the_same_detections(detector: Detector, photo: NDArray[np.uint8]) -> None:
    assert detector.detect([photo]) == detector.detect([photo])


def test_a_batch_gives_what_single_pictures_give(detector: Detector, photo: NDArray[np.uint8]) -> None:
    pictures = [photo, photo[:, :, 0], photo[:200], np.zeros((5, 5), np.uint8)]
    singles = [detector.detect([picture])[0] for picture in pictures]
    assert detector.detect(pictures) == singles


def test_grey_equals_the_same_grey_in_three_channels(detector: Detector, photo: NDArray[np.uint8]) -> None:
    grey = cv2.cvtColor(photo, cv2.COLOR_RGB2GRAY)
    assert detector.detect([grey]) == detector.detect([np.dstack([grey] * 3)])


@pytest.mark.parametrize("make_view", [
    lambda photo: photo[:, ::-1], lambda photo: photo[::-1], lambda photo: photo.transpose(1, 0, 2),
    lambda photo: np.asfortranarray(photo), lambda photo: photo[..., 1],
], ids=["mirrored", "upside down", "transposed", "column-major", "one channel"])  # fmt: skip
def test_a_view_gives_what_its_copy_gives(
    detector: Detector,
    photo: NDArray[np.uint8],
    make_view: Callable[[NDArray[np.uint8]], NDArray[np.uint8]],
) -> None:
    view = make_view(photo)
    assert detector.detect([view]) == detector.detect([view.copy(order="C")])


def test_the_picture_stays_as_it_was(detector: Detector, photo: NDArray[np.uint8]) -> None:
    before = photo.copy()
    frozen = photo.copy()
    frozen.flags.writeable = False
    detector.detect([frozen])
    assert np.array_equal(frozen, before)


def test_threads_may_share_a_detector(detector: Detector, photo: NDArray[np.uint8]) -> None:
    pictures = [photo, photo[:, ::-1], photo[:240], photo[:, :320]] * 2
    expected: list[list[Detection]] = detector.detect(pictures)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda picture: detector.detect([picture])[0], pictures))
    assert found == expected


@pytest.mark.parametrize(("image", "got"), [
    (np.zeros((4, 4, 3), np.float32), "float32"),
    (np.zeros((4, 4, 3), np.int8), "int8"),
    (np.zeros((4, 4), bool), "bool"),
    (np.zeros((4, 4, 4), np.uint8), r"\(4, 4, 4\)"),
    (np.zeros((4, 4, 1), np.uint8), r"\(4, 4, 1\)"),
    (np.zeros((1, 4, 4, 3), np.uint8), r"\(1, 4, 4, 3\)"),
    (np.zeros(4, np.uint8), r"\(4,\)"),
    (np.zeros((0, 4, 3), np.uint8), r"empty array of shape \(0, 4, 3\)"),
    ([[0, 1], [2, 3]], "list"),
    (None, "NoneType"),
])  # fmt: skip
def test_what_is_no_picture_is_refused(detector: Detector, image: NDArray[np.uint8], got: str) -> None:
    with pytest.raises(ImageError, match=f"got .*{got}.*; expected a uint8 array"):
        detector.detect([image])


def test_a_higher_threshold_only_drops_detections(detector: Detector, model: str, photo: NDArray[np.uint8]) -> None:
    scores = [d.score for d in detector.detect([photo])[0]]
    strict = load_detector(model, threshold=0.7).detect([photo])[0]
    assert [d.score for d in strict] == [score for score in scores if score >= 0.7]


@pytest.mark.parametrize("wrong", [{"threads": 0}, {"threshold": 0.0}, {"threshold": 1.5}], ids=str)
def test_settings_out_of_range_are_refused(model: str, wrong: dict[str, float]) -> None:
    with pytest.raises(ModelError, match=r"must .*, not"):
        load_detector(model, **wrong)  # type: ignore[arg-type]  # that is the point


def test_loading_a_known_model_needs_no_tensorflow(detector: Detector, model: str) -> None:
    program = (
        f"import sys, models; models.load_detector({model!r});"
        "print({'tensorflow', 'keras', 'keras_hub', 'h5py'} & set(sys.modules))"
    )
    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2]
    )
    assert result.stdout.strip() == "set()"
