"""A model's file is looked into before it is believed: whatever is wrong with it, one clear error, and nothing runs."""

from __future__ import annotations

import io
import json
import os
import pickle
import struct
import zipfile
import zlib
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
from hostile_models import archive, layer, network, pickled, tensor, weights, with_config
from hypothesis import given, settings
from hypothesis import strategies as st

from models import ModelLoadError, available_models, check_model
from models.bounded_file import read_bounded
from models.keras_file import MOST_BYTES, open_keras_file
from models.weights_file import check_weights

GOOD = archive()
BOMB = b"\0" * (30 << 20)


def refusal(content: bytes) -> str:
    with pytest.raises(ModelLoadError) as caught:
        open_keras_file(content)
    message = str(caught.value)
    assert "\n" not in message
    assert len(message) < 400
    return message


def test_what_keras_writes_is_taken_apart() -> None:
    parts = open_keras_file(GOOD)
    assert parts.config["class_name"] == "Functional"
    check_weights(parts.weights, 1000)


@pytest.mark.parametrize("name", available_models())
def test_the_shipped_models_pass(name: str) -> None:
    check_model(name)


# --- Not a model's file at all ---


@pytest.mark.parametrize(("content", "said"), [
    (b"not a model", "no zip archive"),
    (b"\x00" * 4096, "no zip archive"),
    (pickle.dumps({"weights": [1.0]}), "pickle, which is never loaded"),
    (weights(), "HDF5 file, perhaps of Keras 2"),
    (b"\x1c\x00\x00\x00TFL3" + b"\x00" * 64, "LiteRT model; its Keras source is needed"),
    (b"\x1f\x8b\x08" + b"\x00" * 64, "gzip archive"),
    (b"PK\x05\x06" + b"\x00" * 18, "archive without content"),
    (b"#!/bin/sh\n" + GOOD, "no zip archive"),
], ids=lambda value: value if isinstance(value, str) else "")  # fmt: skip
def test_another_file_by_that_name(content: bytes, said: str) -> None:
    message = refusal(content)
    assert said in message
    assert message.endswith("expected a native Keras 3 model, as model.save('model.keras') writes it")


def test_an_archive_of_pytorch() -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        file.writestr("archive/data.pkl", pickle.dumps({}))
        file.writestr("archive/version", b"3")
    assert "Python pickles, as PyTorch's files do, which are never loaded" in refusal(content.getvalue())


@pytest.mark.parametrize("share", [0.001, 0.1, 0.5, 0.9, 0.99, 0.9999])
def test_a_file_that_is_cut_short(share: float) -> None:
    assert "damaged or cut short" in refusal(GOOD[: max(5, int(len(GOOD) * share))])


@settings(max_examples=300)
@given(st.data())
def test_a_damaged_file_is_refused_or_unharmed(data: st.DataObject) -> None:
    damaged = bytearray(GOOD)
    for _ in range(data.draw(st.integers(1, 4))):
        damaged[data.draw(st.integers(0, len(GOOD) - 1))] = data.draw(st.integers(0, 255))
    try:
        check_weights(open_keras_file(bytes(damaged)).weights, MOST_BYTES)
    except ModelLoadError as error:
        assert "\n" not in str(error)


@pytest.mark.parametrize(("members", "said"), [
    ({"evil.py": b"print(1)"}, "'evil.py'"),
    ({"../../.bashrc": b"x"}, "'../../.bashrc'"),
    ({"assets/x": b"x"}, "'assets/x'"),
    ({"model.weights.h5": b""}, "instead of metadata.json, config.json, model.weights.h5"),
    ({"metadata.json": b"[]"}, "metadata.json holds no mapping"),
    ({"metadata.json": b'{"keras_version": "2.15.0"}'}, "saved by Keras '2.15.0'"),
    ({"config.json": b"{"}, "config.json is no JSON"),
    ({"config.json": b"\xff\xfe"}, "config.json is no JSON"),
    ({"config.json": b"[1]"}, "config.json holds no mapping"),
    ({"config.json": b"[" * 200_000}, "config.json: it nests too deeply"),
    ({"config.json": b'{"class_name": "Model", "module": "keras", "x":' + b"[" * 99 + b"]" * 99 + b"}"}, "too deeply"),
    ({"config.json": b'{"class_name": "Model", "n": ' + b"9" * 5000 + b"}"}, "config.json is no JSON"),
    ({"config.json": b'{"class_name": "Dense"}'}, "describes 'Dense', not a functional or sequential Keras model"),
], ids=lambda value: value if isinstance(value, str) else "")  # fmt: skip
def test_members_that_are_not_as_they_should_be(members: dict[str, bytes], said: str) -> None:
    assert said in refusal(archive(members))


def test_a_member_that_is_there_twice() -> None:
    content = io.BytesIO(GOOD)
    with zipfile.ZipFile(content, "a") as file, pytest.warns(UserWarning, match="Duplicate"):
        file.writestr("config.json", json.dumps(network()))
    assert "'config.json'" in refusal(content.getvalue())


# --- Made to fill the memory ---


@pytest.mark.parametrize("member", ["metadata.json", "config.json", "model.weights.h5"])
def test_a_zip_bomb(member: str) -> None:
    assert "would unpack" in refusal(archive({member: BOMB}, compressed=True))


def test_a_bomb_that_claims_to_be_small() -> None:
    bomb = bytearray(archive({"config.json": BOMB}, compressed=True))
    entry = bomb.rindex(b"config.json") - 46  # in the directory at the end, where the sizes count
    size = struct.pack("<L", 1000)
    bomb[entry + 24 : entry + 28] = size
    assert "damaged" in refusal(bytes(bomb))
    # With a checksum that is right for what would be read: the honest prefix is all that is ever unpacked.
    bomb[entry + 16 : entry + 20] = struct.pack("<L", zlib.crc32(b"\0" * 1000))
    assert "config.json is no JSON" in refusal(bytes(bomb))


def test_a_file_that_is_too_large(tmp_path: Path) -> None:
    path = tmp_path / "model.keras"
    with path.open("wb") as file:
        file.truncate(MOST_BYTES + 1)  # takes no room on the disk
    with pytest.raises(ModelLoadError, match="the model is larger than 256 MiB"):
        read_bounded(path, MOST_BYTES, "the model")


def test_too_many_layers() -> None:
    layers = [layer("ReLU", f"r{number}", tensor("image", None)) for number in range(6000)]
    assert "more than 5,000 layers" in refusal(with_config(network(*layers)))


# --- Files that are none ---


def test_paths_that_lead_to_no_file(tmp_path: Path) -> None:
    (tmp_path / "loop.keras").symlink_to(tmp_path / "loop.keras")
    (tmp_path / "folder.keras").mkdir()
    (tmp_path / "empty.keras").touch()
    os.mkfifo(tmp_path / "pipe.keras")
    for name, said in {
        "loop": "symbolic links", "folder": "it is a folder", "empty": "the file is empty", "pipe": "no plain file",
        "nowhere": "No such file",
    }.items():  # fmt: skip
        with pytest.raises(ModelLoadError, match=said):
            read_bounded(tmp_path / f"{name}.keras", 100, "the model")
    with pytest.raises(ModelLoadError, match="no plain file"):
        read_bounded(Path("/dev/zero"), 100, "the model")


# --- Something in it that could do harm ---

PICTURE = tensor("image", None, None, None, 3)
CODE = {"class_name": "__lambda__", "config": {"value": ["4wEAAAA=", None, None]}}


@pytest.mark.parametrize(("described", "said"), [
    (layer("Lambda", "x", PICTURE, function=CODE), "'Lambda' of 'keras.layers'"),
    (layer("Activation", "x", PICTURE, activation=CODE), "'__lambda__'"),
    (layer("TFSMLayer", "x", PICTURE, filepath="/srv/x"), "'TFSMLayer'"),
    (layer("TorchModuleWrapper", "x", PICTURE, pickled="gASV"), "'TorchModuleWrapper'"),
    (layer("StringLookup", "x", PICTURE, vocabulary="/etc/passwd"), "'StringLookup'"),
    (layer("TextVectorization", "x", PICTURE), "'TextVectorization'"),
    (layer("Popen", "x", PICTURE, module="subprocess", args="true"), "'Popen' of 'subprocess'"),
    (layer("system", "x", PICTURE, module="os"), "'system' of 'os'"),
    (layer("Dense", "x", PICTURE, module="keras.src.layers.core.lambda_layer"), "'Dense' of"),
    (layer("layers.Lambda", "x", PICTURE, module="keras"), "'layers.Lambda' of 'keras'"),
    (layer("get_file", "x", PICTURE, module="keras.utils"), "'get_file' of 'keras.utils'"),
    (layer("Map", "x", PICTURE, module="keras.src.ops.core"), "'Map' of 'keras.src.ops.core'"),
    (layer("backend", "x", PICTURE, module="keras.src.ops.numpy"), "'backend' of"),
    (layer("RetinaNetBackbone", "x", PICTURE, module="keras_hub.src.models.retinanet.retinanet_backbone"), "Backbone"),
    ({"class_name": "Lambda", "config": {}}, "'Lambda'"),
    ({"class_name": "Dense", "config": {}}, "'Dense'"),
    ({"class_name": ["Dense"], "module": "keras.layers", "config": {}}, "no word"),
    ({"class_name": "__typespec__", "config": [], "module": "tensorflow", "spec_name": "x"}, "'__typespec__'"),
    ({"class_name": "__numpy__", "module": "os", "config": {}}, "'__numpy__' of 'os'"),
    ({"class_name": "Dense", "module": "keras.layers", "registered_name": "mine>Dense", "config": {}}, "'Dense'"),
    ({"class_name": "function", "module": "builtins", "config": "eval", "registered_name": "function"}, "'eval'"),
    ({"class_name": "function", "module": "os", "config": "relu", "registered_name": "relu"}, "'relu' of 'os'"),
], ids=lambda value: value if isinstance(value, str) else "")  # fmt: skip
def test_what_may_not_be_in_a_model(described: Any, said: str) -> None:
    for hidden in (described, layer("TimeDistributed", "outer", PICTURE, layer=described), {"deep": [[described]]}):
        message = refusal(with_config(network(hidden)))
        assert said in message
        assert "neither Lambda, nor layers of one's own, nor functions" in message or "no word" in message


@pytest.mark.parametrize("described", [
    layer("Exp", "x", PICTURE, module="keras.src.ops.numpy"),
    layer("Activation", "x", PICTURE, activation={
        "class_name": "function", "module": "builtins", "config": "relu", "registered_name": "relu"}),
    layer("Conv2D", "x", PICTURE, kernel_initializer={
        "class_name": "HeNormal", "module": "keras.initializers", "config": {}, "registered_name": None}),
])  # fmt: skip
def test_what_may_be_in_a_model(described: Any) -> None:
    open_keras_file(with_config(network(described)))


def test_how_it_was_trained_does_not_count() -> None:
    config = network() | {"compile_config": {"loss": {"class_name": "function", "module": "mine", "config": "loss"}}}
    open_keras_file(with_config(config))


# --- Weights that are not what they seem ---


def virtual(file: h5py.File) -> None:
    layout = h5py.VirtualLayout((4,), np.float32)
    layout[:] = h5py.VirtualSource("/etc/passwd", "x", (4,))
    file.create_virtual_dataset("virtual", layout)


def huge(file: h5py.File) -> None:
    file.create_dataset("huge", (1 << 40,), np.float32, chunks=(1024,))


def deep(file: h5py.File) -> None:
    file.create_group("/".join("a" * 100))


@pytest.mark.parametrize(("fill", "said"), [
    (lambda file: file.__setitem__("x", h5py.ExternalLink("/etc/passwd", "/")), "ExternalLink 'x'"),
    (lambda file: file.__setitem__("x", h5py.SoftLink("/layers")), "SoftLink 'x'"),
    (lambda file: file.create_dataset("x", (4,), "f4", external=[("/etc/passwd", 0, 16)]), "lie in another file"),
    (virtual, "lie in another file"),
    (huge, "claim to take more than"),
    (deep, "nest too deeply"),
    (lambda file: file.__setitem__("layers/again", file["/"]), "more than once"),
    (lambda file: file.__setitem__("x", "text"), "no numbers"),
    (lambda file: file.__setitem__("x", np.dtype("f4")), "no array of numbers"),
], ids=lambda value: value if isinstance(value, str) else "")  # fmt: skip
def test_weights_that_are_more_than_numbers(fill: Any, said: str) -> None:
    with pytest.raises(ModelLoadError, match=said):
        check_weights(weights(fill), MOST_BYTES)


def test_weights_of_no_kind(tmp_path: Path) -> None:
    for content in (b"x" * 100, weights()[:500], pickled(tmp_path / "proof")):
        with pytest.raises(ModelLoadError, match="no HDF5 file, or a damaged one"):
            check_weights(content, MOST_BYTES)
    empty = io.BytesIO()
    h5py.File(empty, "w").close()
    with pytest.raises(ModelLoadError, match="holds no weights"):
        check_weights(empty.getvalue(), MOST_BYTES)
    assert not (tmp_path / "proof").exists()
