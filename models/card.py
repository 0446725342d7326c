"""What is known about a model, kept beside it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from models.bounded_file import read_bounded
from models.errors import ModelCardError
from models.plain_yaml import read_plain_yaml

CARD_FILE = "card.yaml"
_MOST_BYTES = 256 * 1024

Precision = Literal["float32", "int8-dynamic"]
"""How an exported model keeps its weights; ``int8-dynamic`` quantises activations as they come, at run time."""

Architecture = Literal["boxes", "center", "fiducials", "keras-hub", "movenet-multipose", "nanodet"]
"""What reads the model's outputs; see ``models.heads``."""

UNKNOWN = "unknown"
"""What a card says where nobody has told."""

NOT_MEASURED = "not measured"

Fraction = Annotated[float, Field(gt=0, lt=1)]
PlainName = Annotated[str, Field(pattern="^[a-z0-9]+(-[a-z0-9]+)*$")]


@dataclass(frozen=True)
class InputSize:
    """Height and width in pixels that a model is run at; multiples of its largest stride, 32."""

    height: Annotated[int, Field(gt=0, multiple_of=32)]
    width: Annotated[int, Field(gt=0, multiple_of=32)]


@dataclass(frozen=True, kw_only=True)
class Defaults:
    """How a model is run when nobody says otherwise.

    Attributes:
        input_size: The size that pictures are brought to.
        precision: How the exported model keeps its weights.
        threshold: The lowest score of a detection.
        overlap: Intersection over union from which on the weaker of two boxes with one label is dropped.
    """

    input_size: InputSize
    precision: Precision = "float32"
    threshold: Fraction = 0.3
    overlap: Fraction = 0.6


@dataclass(frozen=True, kw_only=True)
class ModelCard:
    """What a model is, where it comes from, what it takes, and how good it was when measured.

    Whoever brings a model of one's own gives ``title``, ``architecture`` and ``defaults.input_size``. The rest says
    then that nobody has told.

    Attributes:
        title: Its name for people.
        architecture: Which detector runs it, e.g. ``"nanodet"``.
        defaults: How it is run when nobody says otherwise.
        network_of: The model whose network and labels it uses, instead of files of its own: the same weights with other
            defaults. For models that come with the product alone; see ``models.registry.network_folder``.
        summary: What it does, in a sentence.
        licence: The licence of the weights, as an SPDX expression.
        source: Where the weights were published.
        training_data: What it was trained on.
        conversion: The command that made ``model.keras`` from the source.
        input: What the network takes: channel order and range of values.
        accuracy: The figure that tells best how good it is, with what it was measured on.
        speed: How long one picture takes, with where it was measured.
        intended_use: What it is for.
        limits: What it is not for, and how it fails.
        measured: Figures, each with how it was measured.
    """

    __pydantic_config__ = ConfigDict(extra="forbid")

    title: str
    architecture: Architecture
    defaults: Defaults
    network_of: PlainName | None = None
    summary: str = ""
    licence: str = UNKNOWN
    source: str = UNKNOWN
    training_data: str = UNKNOWN
    conversion: str = UNKNOWN
    input: str = "RGB, 0 to 255"
    accuracy: str = NOT_MEASURED
    speed: str = NOT_MEASURED
    intended_use: str = UNKNOWN
    limits: tuple[str, ...] = ()
    measured: dict[str, Any] = field(default_factory=dict)


_ADAPTER = TypeAdapter(ModelCard)


def read_card(path: Path) -> ModelCard:
    """Read a model's card.

    Args:
        path: Its YAML file.

    Returns:
        The card, checked.

    Raises:
        ModelCardError: The file is missing or too large, is not plain YAML, or lacks or misspells something.
    """
    content = read_bounded(path, _MOST_BYTES, "the model's card", ModelCardError)
    try:
        return _ADAPTER.validate_python(read_plain_yaml(content))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the card"
        raise ModelCardError(f"{path}: {where}: {first['msg']}") from error
    except ValueError as error:
        raise ModelCardError(f"{path}: the model's card is not valid YAML: {error}") from error
