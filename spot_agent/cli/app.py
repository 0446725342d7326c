"""The command line."""

from __future__ import annotations

import os

import typer

from spot_agent.cli.check import check
from spot_agent.cli.demo import demo
from spot_agent.cli.models import models_app
from spot_agent.cli.run import run
from spot_agent.cli.simulate import SimulateCommand, simulate
from spot_agent.cli.train import train

app = typer.Typer(
    name="spot-agent",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    help=(
        "Spot sees something and reacts: camera images go through a Keras detector, and rules in config.yaml turn what "
        "it finds into robot commands.\n\nStart with **spot-agent demo**; it needs no robot."
    ),
    epilog=(
        "Exit status: 0 done, 1 unexpected, 2 wrong config.yaml or command line, 3 robot not reached, 4 login refused, "
        "5 robot refused, 6 a scenario's expectations were not met, or a model was not certified."
    ),
)
for command in (demo, run, check):
    app.command()(command)
app.command(cls=SimulateCommand)(simulate)
app.command()(train)
app.add_typer(models_app)


def main() -> None:
    """Run the command line."""
    # What matters of gRPC's own lines on standard error is said by our errors.
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")
    app()
