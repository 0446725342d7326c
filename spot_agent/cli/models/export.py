"""``spot-agent models export``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.markup import escape

from spot_agent.cli.models.entry import in_bytes
from spot_agent.cli.models.options import InputSizeOption, NameArgument, read_size
from spot_agent.cli.output import JsonOption, Output, reporting_errors
from spot_agent.errors import UsageError


def export(
    name: NameArgument,
    out: Annotated[Path, typer.Option(help="The file to write; for saved-model a folder.")],
    form: Annotated[
        Literal["litert", "saved-model"],
        typer.Option("--format", help="litert: one file, as the agent runs it. saved-model: a folder for TensorFlow."),
    ] = "litert",
    input_size: InputSizeOption = None,
    precision: Annotated[
        Literal["float32", "int8-dynamic"] | None,
        typer.Option(help="How a litert file keeps its weights; by default as the card says.", show_default=False),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace what lies there.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Write a model in a format that other programs read, at a fixed size of its pictures.

    What is written takes one RGB picture 'image' of shape (1, height, width, 3), from 0 to 255: as uint8 for litert, as
    float32 for saved-model. It gives the network's own outputs; boxes are decoded by the agent.

    Exit status 0: it is written. 2: the model cannot be exported, or something lies there already.
    """
    from models.exporting import export_model

    output = Output(as_json=as_json)
    size = read_size(input_size)
    with reporting_errors(output):
        if out.exists() and not force:
            raise UsageError(f"{out}: this exists already", hint="give another name, or --force to replace it")
        with output.working(f"exporting {escape(name)} (some ten seconds)"):
            export_model(name, out, form, input_size=size, precision=precision, replace=force)
        written = sum(file.stat().st_size for file in (out.rglob("*") if out.is_dir() else [out]) if file.is_file())
        text = f"{escape(str(out))} is written: {in_bytes(written)}"
        output.event("exported", text, model=name, format=form, path=str(out), bytes=written)
