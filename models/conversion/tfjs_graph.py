"""Read a TensorFlow.js graph model (``model.json`` and its weight files) into plain values.

The format: ``modelTopology`` is a TensorFlow GraphDef written as JSON (strings in base64, 64-bit integers as
strings); ``weightsManifest`` lists the weights in the order in which they follow one another in the files.
"""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Attribute: TypeAlias = bool | int | float | str | tuple[int, ...] | tuple[str, ...]
"""What an attribute of a node holds, as far as converting a graph needs it."""


@dataclass(frozen=True)
class Node:
    """One operation of the graph.

    Attributes:
        name: Unique in the graph.
        op: Its type, e.g. ``"Conv2D"``.
        inputs: Names of the nodes that it reads; ``"name:1"`` is the second output of ``name``.
        attributes: Its settings, e.g. ``strides``.
    """

    name: str
    op: str
    inputs: tuple[str, ...]
    attributes: Mapping[str, Attribute]


@dataclass(frozen=True)
class TfjsGraph:
    """A graph model: every operation, and the value of every constant, by name."""

    nodes: Mapping[str, Node]
    constants: Mapping[str, NDArray[Any]]


def read_graph(path: Path) -> TfjsGraph:
    """Read a graph model.

    Args:
        path: The model's JSON file; its weight files lie beside it.

    Returns:
        The graph. Half precision weights come back as ``float32``.

    Raises:
        OSError: A file is missing or cannot be read.
        ValueError: The weight files are longer or shorter than the JSON file says.
    """
    document = json.loads(path.read_text(encoding="utf-8"))
    nodes = [_read_node(entry) for entry in document["modelTopology"]["node"]]
    constants: dict[str, NDArray[Any]] = {}
    for group in document["weightsManifest"]:
        content = b"".join((path.parent / name).read_bytes() for name in group["paths"])
        constants.update(_read_weights(group["weights"], content))
    return TfjsGraph({node.name: node for node in nodes}, constants)


def _read_node(entry: Mapping[str, Any]) -> Node:
    attributes = {name: _read_attribute(value) for name, value in entry.get("attr", {}).items()}
    return Node(
        name=entry["name"],
        op=entry["op"],
        inputs=tuple(entry.get("input", ())),
        attributes={name: value for name, value in attributes.items() if value is not None},
    )


def _read_attribute(value: Mapping[str, Any]) -> Attribute | None:
    match value:
        case {"s": text}:
            return base64.b64decode(text).decode()
        case {"list": {"s": texts}}:
            return tuple(base64.b64decode(text).decode() for text in texts)
        case {"list": {"i": numbers}}:
            return tuple(int(number) for number in numbers)
        case {"i": number}:
            return int(number)
        case {"f": number}:
            return float(number)
        case {"b": flag}:
            return bool(flag)
    return None  # a type, a shape or a tensor: said again by the weights


def _read_weights(entries: list[dict[str, Any]], content: bytes) -> dict[str, NDArray[Any]]:
    weights: dict[str, NDArray[Any]] = {}
    offset = 0
    for entry in entries:
        stored = np.dtype(entry.get("quantization", entry)["dtype"])
        count = math.prod(entry["shape"])
        values = np.frombuffer(content, stored, count, offset).reshape(entry["shape"])
        weights[entry["name"]] = values.astype(entry["dtype"])
        offset += count * stored.itemsize
    if offset != len(content):
        raise ValueError(f"the weight files hold {len(content)} bytes, but the weights listed need {offset}")
    return weights
