"""What is known about a second head, kept beside it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from models.bounded_file import read_bounded
from models.errors import ModelCardError
from models.plain_yaml import read_plain_yaml
from models.plausibility.limits import Possible

CARD_FILE = "plausibility.yaml"

_MOST_BYTES = 64 * 1024


@dataclass(frozen=True)
class KnownLabel:
    """What a head knows of a label.

    Attributes:
        cutoff: What is beyond the limits and has a plausibility below this is rejected.
        possible: The limits; without them every size is suspicious, and the plausibility alone decides.
    """

    __pydantic_config__ = ConfigDict(extra="forbid")

    cutoff: Annotated[float, Field(ge=0, lt=1)]
    possible: Possible | None = None


@dataclass(frozen=True)
class HeadCard:
    """What a head judges, how it was made, and how good it was when measured.

    Attributes:
        labels: What it judges, in the order of the network's inputs.
        training: How it was made.
        measured: Figures, each with how it was measured.
    """

    __pydantic_config__ = ConfigDict(extra="forbid")

    labels: Annotated[dict[str, KnownLabel], Field(min_length=1, max_length=1000)]
    training: str
    measured: dict[str, Any]


_ADAPTER = TypeAdapter(HeadCard)


def read_head_card(path: Path) -> HeadCard:
    """Read what is known about a head.

    Args:
        path: Its YAML file.

    Returns:
        The card, checked.

    Raises:
        ModelCardError: The file is missing or too large, is not plain YAML, or lacks or misspells something.
    """
    content = read_bounded(path, _MOST_BYTES, "the second head's card", ModelCardError)
    try:
        return _ADAPTER.validate_python(read_plain_yaml(content))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the card"
        raise ModelCardError(f"{path}: {where}: {first['msg']}") from error
    except ValueError as error:
        raise ModelCardError(f"{path}: the second head's card is not valid YAML: {error}") from error
