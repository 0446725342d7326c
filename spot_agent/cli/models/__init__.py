"""``spot-agent models``: look at detectors, measure and exchange them."""

from __future__ import annotations

import typer

from spot_agent.cli.models.certify import certify
from spot_agent.cli.models.export import export
from spot_agent.cli.models.listing import list_models
from spot_agent.cli.models.measure import compare, evaluate
from spot_agent.cli.models.overview import show

models_app = typer.Typer(
    name="models",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    help=(
        "Look at detectors, measure and exchange them.\n\nA model is a folder: **model.keras**, **labels.txt** and "
        "**card.yaml**. Your own is named by the path of its folder, here and in config.yaml; docs/models.md shows how "
        "to make one."
    ),
)
models_app.command("list")(list_models)
for command in (show, evaluate, compare, export, certify):
    models_app.command()(command)

__all__ = ["models_app"]
