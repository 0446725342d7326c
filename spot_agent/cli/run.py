"""``spot-agent run``."""

from __future__ import annotations

import ipaddress
import sys
import threading
import time
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from spot_agent.cli.check import DEFAULT_CONFIG, ConfigOption, read_config
from spot_agent.cli.output import JsonOption, Output, reporting_errors
from spot_agent.cli.signals import ending_on_signals

RunsOption = Annotated[Path, typer.Option("--runs", help="Folder that gets a folder for each run.")]
DEFAULT_RUNS = Path("runs")
DEFAULT_PORT = 443


def run(
    hostname: Annotated[str, typer.Option(help="The robot's name or IP address.")],
    port: Annotated[
        int, typer.Option(help="Its TLS port; a fake Spot prints its own.", min=1, max=65535)
    ] = DEFAULT_PORT,
    ca: Annotated[
        Path | None, typer.Option(help="Certificate authority of a fake Spot; a real robot needs none.")
    ] = None,
    config: ConfigOption = DEFAULT_CONFIG,
    watch: Annotated[bool, typer.Option("--watch", help="Look and decide, but never move the robot.")] = False,
    duration: Annotated[
        float | None,
        typer.Option(help="Seconds after which it ends by itself; by default it runs until Ctrl-C.", min=0),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before a real robot is powered on.")] = False,
    runs: RunsOption = DEFAULT_RUNS,
    as_json: JsonOption = False,
) -> None:
    """Look through Spot's cameras and react by the rules of config.yaml, until Ctrl-C.

    The login comes from BOSDYN_CLIENT_USERNAME and BOSDYN_CLIENT_PASSWORD, or is asked for. On Ctrl-C the robot stops,
    sits and powers off, and the lease is returned. A log of every decision and a picture of the run stay in the folder
    that is named at the end.
    """
    # Imported here: together they take two seconds, which --help and mistakes in config.yaml need not wait for.
    from spot_agent.cli.recorded_run import RecordedRun
    from spot_agent.robot import Address, find_credentials
    from spot_agent.runtime import Session, load_detectors

    output = Output(as_json=as_json)
    settings = read_config(config, output).config
    moves = settings.robot.power_on and not watch
    with reporting_errors(output), ending_on_signals() as ended:
        if moves and not yes and not _is_here(hostname):
            _confirm(hostname)
        credentials = find_credentials()
        with output.working("loading the detectors"):
            detectors = load_detectors(settings)
        recorded = RecordedRun(runs, config, output, f"{config.name} on {hostname}")
        with recorded:
            session = Session(
                settings,
                detectors,
                recorded.listeners,
                watch_only=watch,
                progress=recorded.progress,
                config_file=config,
            )
            result = session.run(Address(hostname, port, ca), credentials, EndTest(ended, duration))
        for camera in result.missing_cameras:
            output.say(f"[yellow]the robot has no camera '{escape(camera)}'; it was left out[/]")
        for problem in result.problems:
            output.say(f"[red]{escape(problem)}[/]")
        if result.lease_holder is not None:
            output.say(f"[yellow]the lease is held by {escape(result.lease_holder)}[/]")
        with output.working("drawing the story"):
            recorded.report(result)
        if result.problems:
            raise typer.Exit(5)


def _is_here(hostname: str) -> bool:
    """Whether the hostname is this computer, where only a fake Spot can be."""
    try:
        return hostname == "localhost" or ipaddress.ip_address(hostname).is_loopback
    except ValueError:
        return False


def _confirm(hostname: str) -> None:
    """Ask a person before a real robot is powered on, where there is one to ask."""
    if sys.stdin.isatty():
        typer.confirm(f"Spot at {hostname} will power on, stand up and walk. Is there room around it?", abort=True)


class EndTest:
    """Whether a run is over: by a signal, or by its time.

    Args:
        ended: Set by a signal.
        duration: Seconds from now; ``None`` for no end.
    """

    def __init__(self, ended: threading.Event, duration: float | None) -> None:
        self._ended = ended
        self._deadline = None if duration is None else time.monotonic() + duration

    def __call__(self) -> bool:
        """Whether it is over now."""
        return self._ended.is_set() or (self._deadline is not None and time.monotonic() >= self._deadline)
