"""What is known about a model, kept beside it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from models.errors import ModelCardError

Precision = Literal["float32", "int8-dynamic"]
"""How an exported model keeps its weights; ``int8-dynamic`` quantises activations as they come, at run time."""

Architecture = Literal["boxes", "center", "fiducials", "keras-hub", "movenet-multipose", "nanodet"]
"""What reads the model's outputs; see ``models.registry``."""

Fraction = Annotated[float, Field(gt=0, lt=1)]


@dataclass(frozen=True)
class InputSize:
    """Height and width in pixels that a model is run at; multiples of its largest stride, 32."""

    height: Annotated[int, Field(gt=0, multiple_of=32)]
    width: Annotated[int, Field(gt=0, multiple_of=32)]


@dataclass(frozen=True)
class Defaults:
    """How a model is run when nobody says otherwise.

    Attributes:
        input_size: The size that pictures are brought to.
        precision: How the exported model keeps its weights.
        threshold: The lowest score of a detection.
        overlap: Intersection over union from which on the weaker of two boxes with one label is dropped.
    """

    input_size: InputSize
    precision: Precision
    threshold: Fraction
    overlap: Fraction


@dataclass(frozen=True)
class ModelCard:
    """What a model is, where it comes from, what it takes, and how good it was when measured.

    Attributes:
        title: Its name for people.
        summary: What it does, in a sentence.
        architecture: Which detector runs it, e.g. ``"nanodet"``.
        licence: The licence of the weights, as an SPDX expression.
        source: Where the weights were published.
        conversion: The command that made ``model.keras`` from them.
        input: What the network takes: channel order and range of values.
        defaults: How it is run when nobody says otherwise.
        intended_use: What it is for.
        limits: What it is not for, and how it fails.
        measured: Figures, each with how it was measured.
    """

    __pydantic_config__ = ConfigDict(extra="forbid")

    title: str
    summary: str
    architecture: Architecture
    licence: str
    source: str
    conversion: str
    input: str
    defaults: Defaults
    intended_use: str
    limits: tuple[str, ...]
    measured: dict[str, Any]


_ADAPTER = TypeAdapter(ModelCard)


def read_card(path: Path) -> ModelCard:
    """Read a model's card.

    Args:
        path: Its YAML file.

    Returns:
        The card, checked.

    Raises:
        ModelCardError: The file is missing, is not YAML, or lacks or misspells something.
    """
    try:
        content = YAML(typ="safe", pure=True).load(path)
        return _ADAPTER.validate_python(content)
    except OSError as error:
        raise ModelCardError(f"{path}: the model's card cannot be read ({error.strerror})") from error
    except YAMLError as error:
        raise ModelCardError(f"{path}: the model's card is not valid YAML: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the card"
        raise ModelCardError(f"{path}: {where}: {first['msg']}") from error
