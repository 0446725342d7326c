"""``spot-agent simulate``."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from simulator.events import FramesEnded, Ready, SceneEnded, SceneStarted, SimulatorEvent, Stopped
from spot_agent.cli.output import JsonOption, Output, reporting_errors
from spot_agent.cli.signals import ending_on_signals


def simulate(
    scene: Annotated[
        str | None,
        typer.Argument(help="A scene file, or the name of a scene that comes with the simulator: lobby, empty."),
    ] = None,
    port: Annotated[int, typer.Option(help="TLS port to listen on; 0 takes a free one.", min=0, max=65535)] = 50443,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    frames: Annotated[
        Path | None, typer.Option(help="Serve this folder of pictures, or this video, as a camera instead of a scene.")
    ] = None,
    rate: Annotated[
        float | None, typer.Option(help="Pictures a second; by default the video's own, or 10.", min=0.1)
    ] = None,
    once: Annotated[bool, typer.Option("--once", help="Play the pictures once instead of looping.")] = False,
    camera: Annotated[str, typer.Option(help="Image source that serves the pictures.")] = "frontleft_fisheye_image",
    clock_skew: Annotated[
        float, typer.Option(help="Seconds by which the robot's clock is ahead of this computer's.")
    ] = 12.5,
    grey: Annotated[bool, typer.Option("--grey", help="Greyscale cameras, as on older robots.")] = False,
    journal: Annotated[Path | None, typer.Option(help="Write what truly happened to this file, as JSON lines.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Run a fake Spot that any program of the Spot SDK can connect to, until Ctrl-C.

    When it is ready it prints one line with its address and the file of the certificate authority that a client must
    trust. Any username and password will do. What it enforces is what a robot enforces: lease, E-Stop, power, time.
    """
    from simulator.simulate import SimulateOptions, serve  # loads the renderer, which --help need not wait for

    output = Output(as_json=as_json)
    if scene is not None and frames is not None:
        raise typer.BadParameter("give a scene or --frames, not both")
    options = SimulateOptions(
        scene=scene, frames=frames, frame_rate=rate, loop_frames=not once, frame_source=camera, host=host, port=port,
        clock_skew=clock_skew, colour=not grey, journal_file=journal,
    )  # fmt: skip
    with reporting_errors(output), ending_on_signals() as ended:
        serve(options, lambda event: show(event, output), ended)


def show(event: SimulatorEvent, output: Output) -> None:
    """Print one event of the simulator."""
    match event:
        case Ready(host, port, ca_file):
            text = f"ready: fake Spot at {host}:{port}, CA file {escape(str(ca_file))}"
            output.event("ready", text, host=host, port=port, ca=str(ca_file))
        case SceneStarted(scene):
            output.event("scene started", f"scene {escape(scene)} has started", scene=scene)
        case SceneEnded(scene, verdicts):
            met = sum(verdict.met for verdict in verdicts)
            text = f"scene {escape(scene)} has ended: {met} of {len(verdicts)} expectations met"
            output.event("scene ended", text, scene=scene, expectations=[asdict(verdict) for verdict in verdicts])
            for verdict in verdicts if not output.as_json else ():
                mark = "[green]met[/]    " if verdict.met else "[red]not met[/]"
                output.say(f"  {mark} {escape(verdict.expectation)}: {escape(verdict.measured)}")
        case FramesEnded():
            output.event("frames ended", "the last picture has been served; from now on it only grows old")
        case Stopped(summary):
            text = (
                f"stopped after {summary.seconds:.0f} s: {summary.calls} calls, {summary.accepted} commands obeyed, "
                f"{summary.refused} refused, {summary.distance:.1f} m walked"
            )
            output.event("stopped", text, **asdict(summary))
