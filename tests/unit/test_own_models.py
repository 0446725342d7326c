"""A person's own model: whether it fits is found on load, and said so that it can be mended."""

from __future__ import annotations

import json
import marshal
import zipfile
from base64 import b64encode
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from hostile_models import CARD, archive, layer, network, pickled, save_model, tensor, tiny_model

from models import InputSize, ModelError, ModelLoadError, check_model, load_detector, model_card
from models.heads import HEADS
from models.litert.fitting import check_input
from models.litert.process import _reason
from models.litert.wording import in_one_line
from models.loading import check_outputs

SIZE = InputSize(64, 96)
LABELS = ("red", "blue")


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SPOT_AGENT_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / "models"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A model's folder whose model.keras is still to come."""
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "labels.txt").write_text("red\nblue\n")
    (folder / "card.yaml").write_text(CARD)
    return folder


def test_a_card_may_be_three_lines(folder: Path) -> None:
    card = model_card(str(folder))
    assert (card.licence, card.source, card.training_data) == ("unknown",) * 3
    assert (card.accuracy, card.speed) == ("not measured",) * 2
    assert (card.defaults.threshold, card.defaults.precision) == (0.3, "float32")


# --- What it takes ---


@pytest.mark.parametrize("size", [(None, None), (64, 96), (64, None)], ids=str)
def test_inputs_that_fit(size: tuple[int | None, int | None]) -> None:
    check_input(tiny_model(size=size), SIZE)


@pytest.mark.parametrize(("shapes", "said"), [
    ([(64, 64, 3)], "the model takes pictures of 64x64 (height x width) only, and input_size is 64x96; write "
                    "'input_size: {height: 64, width: 64}' below 'defaults' in card.yaml"),
    ([(None, None, 1)], "expected one input, an RGB picture of shape (batch, height, width, 3); the model has 'in0' of "
                        "shape (any, any, any, 1); put a Conv2D or a Concatenate in front"),
    ([(3, 64, 96)], "the model has 'in0' of shape (any, 3, 64, 96)"),
    ([(10,)], "the model has 'in0' of shape (any, 10)"),
    ([(64, 96, 3), (4,)], "the model has 'in0' of shape (any, 64, 96, 3), 'in1' of shape (any, 4)"),
], ids=lambda value: "" if isinstance(value, str) else str(value))  # fmt: skip
def test_inputs_that_do_not_fit(shapes: list[tuple[int | None, ...]], said: str) -> None:
    inputs = [keras.Input(shape, name=f"in{number}") for number, shape in enumerate(shapes)]
    model = keras.Model(inputs, [keras.layers.Identity()(each) for each in inputs])
    with pytest.raises(ModelLoadError) as caught:
        check_input(model, SIZE)
    assert said in str(caught.value)


def test_a_batch_of_a_fixed_size_does_not_fit() -> None:
    image = keras.Input(batch_shape=(8, 64, 96, 3))
    with pytest.raises(ModelLoadError, match="exactly 8 pictures at once, and it will get one"):
        check_input(keras.Model(image, keras.layers.Identity()(image)), SIZE)


# --- What it gives ---


@pytest.mark.parametrize(("shapes", "said"), [
    ({"output_0": (1, 6, 4), "output_1": (1, 6, 2)},
     "the architecture 'boxes' expects the outputs boxes (1, ..., 4), scores (1, ..., 2); the model gives output_0 "
     '(1, 6, 4), output_1 (1, 6, 2); give them names: keras.Model(image, {"boxes": boxes, "scores": scores})'),
    ({"output_0": (1, 5)}, "the model gives output_0 (1, 5); give them names"),
    ({"bboxes": (1, 6, 4), "scores": (1, 6, 2)}, "the model gives bboxes (1, 6, 4), scores (1, 6, 2)"),
    ({"boxes": (1, 6, 5), "scores": (1, 6, 2)}, "gives boxes (1, 6, 5), whose last axis should have 4 values"),
    ({"boxes": (1, 6, 4), "scores": (1, 6, 80)},
     "gives scores (1, 6, 80), whose last axis should have 2 values, for the 2 labels in labels.txt"),
    ({"boxes": (1, 6, 4), "scores": (1, 7, 2)}, "with as many boxes as scores; the model gives boxes (1, 6, 4),"),
    ({"boxes": (1, 2, 3, 4), "scores": (1, 2, 3, 2)}, "with as many boxes as scores"),
], ids=lambda value: "" if isinstance(value, str) else str(sorted(value)))  # fmt: skip
def test_outputs_that_do_not_fit(shapes: dict[str, tuple[int, ...]], said: str, tmp_path: Path) -> None:
    with pytest.raises(ModelLoadError) as caught:
        check_outputs(tmp_path, "boxes", shapes, HEADS["boxes"], LABELS)
    assert said in str(caught.value)


@pytest.mark.parametrize("architecture", sorted(HEADS))
def test_every_architecture_says_what_it_expects(architecture: str, tmp_path: Path) -> None:
    head = HEADS[architecture]
    with pytest.raises(ModelLoadError, match=f"'{architecture}' expects the outputs {next(iter(head.outputs(2)))}"):
        check_outputs(tmp_path, architecture, {"output_0": (1, 1000)}, head, LABELS)


# --- Labels ---


@pytest.mark.parametrize(("text", "said"), [
    (b"", "the file is empty"),
    (b"\n", "labels.txt:1: this line is empty"),
    (b"red\n\nblue\n", "labels.txt:2: this line is empty"),
    (b"red\nblue\nred\n", "labels.txt:3: 'red' stands in line 1 already"),
    (b"red\n" + b"b" * 101, "labels.txt:2: this label is longer than 100 characters"),
    (b"red\n\x1b[31mblue\n", "labels.txt:2: this label holds a character that cannot be printed"),
    (b"red\n blue\n", "labels.txt:2: 'blue' has spaces around it"),
    (b"\x80\x04\x95", "no text in UTF-8"),
    (b"\n".join(b"%d" % number for number in range(10_001)), "more than 10,000 labels"),
], ids=lambda value: value if isinstance(value, str) else "")  # fmt: skip
def test_labels_that_are_none(folder: Path, text: bytes, said: str) -> None:
    (folder / "labels.txt").write_bytes(text)
    with pytest.raises(ModelLoadError) as caught:
        load_detector(str(folder))
    assert said in str(caught.value)


@pytest.mark.parametrize("text", ["red\nblue\n", "red\nblue", "red\r\nblue\r\n", "\ufeffred\nblue\n"], ids=repr)
def test_labels_as_editors_write_them(folder: Path, text: str) -> None:
    (folder / "labels.txt").write_text(text, encoding="utf-8", newline="")
    from models import model_labels

    assert model_labels(str(folder)) == LABELS


# --- From its folder to an error, or to detections ---


@pytest.mark.timeout(180)
def test_a_model_of_ones_own_detects(tmp_path: Path, cache: Path) -> None:
    detector = load_detector(str(save_model(tmp_path / "mine", tiny_model())), threshold=0.01)
    assert (detector.name, detector.labels) == ("mine", LABELS)
    detector.detect([np.full((50, 50), 200, np.uint8)])
    (exported,) = cache.iterdir()
    assert exported.name.startswith("mine-64x96-float32-")
    assert exported.suffix == ".tflite"


def runs_code(folder: Path, proof: Path) -> dict[str, Any]:
    """A Lambda layer whose function creates a file, in the form that Keras gives it."""
    code = (lambda x: (__import__("pathlib").Path(PROOF).touch(), x)[1]).__code__
    code = code.replace(co_consts=tuple(str(proof) if c == PROOF else c for c in code.co_consts))
    value = {"code": b64encode(marshal.dumps(code)).decode(), "defaults": None, "closure": None}
    function = {"class_name": "__lambda__", "config": value}
    return layer("Lambda", "evil", tensor("image", None, None, None, 3), function=function)


PROOF = "PROOF"


@pytest.mark.parametrize("kind", ["pickle", "pickle among the weights", "Lambda"])
def test_no_file_executes_code(folder: Path, tmp_path: Path, kind: str) -> None:
    proof = tmp_path / "proof"
    content = {
        "pickle": lambda: pickled(proof),
        "pickle among the weights": lambda: archive({"model.weights.h5": pickled(proof)}),
        "Lambda": lambda: archive({"config.json": json.dumps(network(runs_code(folder, proof))).encode()}),
    }[kind]()
    (folder / "model.keras").write_bytes(content)
    with pytest.raises(ModelLoadError, match=r"never loaded|Lambda|no HDF5 file"):
        load_detector(str(folder))
    assert not proof.exists()


@pytest.mark.timeout(180)
def test_weights_of_another_model(folder: Path, tmp_path: Path, cache: Path) -> None:
    save_model(tmp_path / "one", tiny_model())
    other = keras.Sequential([keras.Input((None, None, 3)), keras.layers.Conv2D(8, 3, name="other")])
    save_model(tmp_path / "two", other)
    with zipfile.ZipFile(tmp_path / "two" / "model.keras") as file:
        swapped = file.read("model.weights.h5")
    with zipfile.ZipFile(tmp_path / "one" / "model.keras") as file:
        config = file.read("config.json")
    (folder / "model.keras").write_bytes(archive({"config.json": config, "model.weights.h5": swapped}))
    with pytest.raises(ModelLoadError) as caught:
        load_detector(str(folder))
    message = str(caught.value)
    assert message.startswith(f"{folder}/model.keras: its weights do not belong to its config.json")
    assert "\n" not in message
    assert list(cache.iterdir()) == [], "nothing is left behind"


@pytest.mark.timeout(180)
def test_a_model_that_would_fill_the_memory(folder: Path) -> None:
    image = keras.Input((64, 96, 3), name="image")
    huge = keras.layers.Conv2D(64, 1, use_bias=False)(keras.layers.UpSampling2D(200)(image))
    save_model(folder, keras.Model(image, {"boxes": huge}))
    with pytest.raises(ModelLoadError, match=r"memory that are allowed|which takes [\d,]+ bytes"):
        load_detector(str(folder))


@pytest.mark.parametrize(("status", "log", "said"), [
    (1, "chatter\n\nerror: it is cut short\nmore chatter\n", "it is cut short"),
    (-6, "terminate called after throwing an instance of 'std::bad_alloc'\n", "more than the 16 GiB of memory"),
    (1, "error: ResourceExhaustedError: OOM when allocating tensor\n", "more than the 16 GiB of memory"),
    (-24, "", "more than the 900 s of processor time"),
    (-11, "", "was ended by SIGSEGV"),
    (1, "", "no message"),
])  # fmt: skip
def test_the_end_of_the_export_in_words(status: int, log: str, said: str) -> None:
    assert said in _reason(status, log)


def test_messages_of_keras_become_one_line() -> None:
    long = (
        "ValueError: Exception encountered.\n\n\x1b[1mInput 0\x1b[0m is wrong\n\nArguments received by Functional: x="
        + "x" * 999
    )
    assert in_one_line(long) == "ValueError: Exception encountered. Input 0 is wrong"
    assert len(in_one_line("x" * 999)) == 300


@pytest.mark.parametrize(("content", "said"), [
    (b"title: [" + b"[" * 5000, "card is not valid YAML"),
    (b"a: &a [1]\nb: [*a, *a]\n", "anchors, aliases and tags are not allowed"),
    (b"title: !!python/object/apply:os.system [true]\n", "anchors, aliases and tags are not allowed"),
    (b"\xff\xfe\x00", "card is not valid YAML"),
    (b"title: " + b"9" * 5000, "card is not valid YAML"),
    (b"title: \x00", "card is not valid YAML"),
    (b"- a\n", "the card: "),
    (b"#" * 300_000, "larger than 256 KiB"),
    (b"", "the file is empty"),
], ids=lambda value: value if isinstance(value, str) else "")  # fmt: skip
def test_hostile_cards(folder: Path, content: bytes, said: str) -> None:
    (folder / "card.yaml").write_bytes(content)
    with pytest.raises(ModelError) as caught:
        check_model(str(folder))
    assert said in str(caught.value)
    assert "card.yaml" in str(caught.value)
