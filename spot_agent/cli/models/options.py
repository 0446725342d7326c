"""Options that several commands about models share."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from models import InputSize

NameArgument = Annotated[str, typer.Argument(help="A name from 'models list', or the path of a model's folder.")]
PicturesOption = Annotated[
    Path,
    typer.Option(
        "--pictures",
        help="A folder of pictures with a labels.yaml: for each file its things, as "
        "'photo.jpg: [{label: person, box: [x_min, y_min, x_max, y_max]}]'.",
    ),
]
ThreadsOption = Annotated[int, typer.Option(help="Processor cores that a network may use.", min=1, max=64)]
InputSizeOption = Annotated[
    str | None,
    typer.Option(help="Size that pictures are brought to, as HEIGHTxWIDTH; by default the card's.", show_default=False),
]
_STEP = 32


def read_size(text: str | None) -> InputSize | None:
    """Read a size such as ``480x640``, height first.

    Raises:
        typer.BadParameter: It is none that a network can take.
    """
    if text is None:
        return None
    found = re.fullmatch(r"([1-9]\d{0,4})[x×]([1-9]\d{0,4})", text.strip())
    if found is None:
        raise typer.BadParameter(f"{text!r} is no size; write for example 480x640, the height first")
    height, width = map(int, found.groups())
    if height % _STEP or width % _STEP:
        near = "x".join(str(max(_STEP, round(side / _STEP) * _STEP)) for side in (height, width))
        raise typer.BadParameter(f"{text!r}: height and width must be multiples of {_STEP}; {near} is near")
    return InputSize(height, width)
