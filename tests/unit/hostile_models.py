"""Tiny Keras models, and what a malicious or careless person could make of them."""

from __future__ import annotations

import io
import json
import pickle
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import h5py
import numpy as np

CARD = """\
title: A model of one's own
architecture: boxes
defaults: {input_size: {height: 64, width: 96}}
"""


def tensor(layer: str, *shape: int | None) -> dict[str, Any]:
    """A layer's output, as a functional model's configuration refers to it."""
    config = {"shape": list(shape), "dtype": "float32", "keras_history": [layer, 0, 0]}
    return {"class_name": "__keras_tensor__", "config": config}


def layer(kind: str, name: str, source: dict[str, Any] | None, module: str = "keras.layers", **settings: Any) -> Any:
    nodes = [{"args": [source], "kwargs": {}}] if source else []
    config = {"name": name, **settings}
    return {
        "module": module, "class_name": kind, "config": config, "registered_name": None, "name": name,
        "inbound_nodes": nodes,
    }  # fmt: skip


def network(*more: Any) -> dict[str, Any]:
    """A functional model without weights: a picture in, the same picture out."""
    image = layer("InputLayer", "image", None, batch_shape=[None, None, None, 3], dtype="float32")
    same = layer("Identity", "same", tensor("image", None, None, None, 3))
    config = {
        "name": "tiny", "layers": [image, same, *more], "input_layers": [["image", 0, 0]],
        "output_layers": {"boxes": ["same", 0, 0]},
    }  # fmt: skip
    return {
        "module": "keras.src.models.functional", "class_name": "Functional", "config": config,
        "registered_name": "Functional",
    }  # fmt: skip


def weights(fill: Callable[[h5py.File], object] | None = None) -> bytes:
    """A file of weights with one array, and whatever ``fill`` puts beside it."""
    content = io.BytesIO()
    with h5py.File(content, "w") as file:
        file["layers/conv/vars/0"] = np.zeros((3, 3), np.float32)
        if fill is not None:
            fill(file)
    return content.getvalue()


def archive(members: Mapping[str, bytes] | None = None, *, compressed: bool = False) -> bytes:
    """A ``.keras`` file, with some members replaced, added or (if empty) left out."""
    parts = {
        "metadata.json": b'{"keras_version": "3.15.1", "date_saved": "2026-01-01@00:00:00"}',
        "config.json": json.dumps(network()).encode(),
        "model.weights.h5": weights(),
    } | dict(members or {})
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED if compressed else zipfile.ZIP_STORED) as file:
        for name, part in parts.items():
            if part:
                file.writestr(name, part)
    return content.getvalue()


def with_config(config: object) -> bytes:
    return archive({"config.json": json.dumps(config).encode()})


class Payload:
    """Creates a file when it is unpickled."""

    def __init__(self, proof: Path) -> None:
        self.proof = proof

    def __reduce__(self) -> Any:
        return (Path.touch, (self.proof,))


def pickled(proof: Path) -> bytes:
    return pickle.dumps(Payload(proof))


def save_model(folder: Path, model: Any, labels: str = "red\nblue\n", card: str = CARD) -> Path:
    """Make a model's folder."""
    folder.mkdir(parents=True, exist_ok=True)
    model.save(folder / "model.keras")
    (folder / "labels.txt").write_text(labels)
    (folder / "card.yaml").write_text(card)
    return folder


def tiny_model(outputs: str = "dict", size: tuple[int | None, int | None] = (None, None), channels: int = 3) -> Any:
    """A network that gives a box and two scores for each cell of 32×32 pixels."""
    import keras

    image = keras.Input((*size, channels), name="image")
    cells = keras.layers.AveragePooling2D(32)(keras.layers.Rescaling(1 / 255)(image))
    box = keras.layers.Reshape((-1, 4))(keras.layers.Conv2D(4, 1)(cells))
    score = keras.layers.Reshape((-1, 2))(keras.layers.Conv2D(2, 1, activation="sigmoid")(cells))
    given: Any = {"dict": {"boxes": box, "scores": score}, "list": [box, score], "single": box}[outputs]
    return keras.Model(image, given)
