"""``spot-agent simulate``."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.markup import escape
from typer.core import TyperCommand

from simulator.events import (
    CallCount,
    FaultBegan,
    FaultEnded,
    FramesEnded,
    ProgramEnded,
    Ready,
    SceneEnded,
    SceneStarted,
    SimulatorEvent,
    Stepped,
    Stopped,
    Violated,
)
from spot_agent.cli.output import JsonOption, Output, reporting_errors
from spot_agent.cli.signals import ending_on_signals, passing_signals_on
from spot_agent.cli.steps import read_steps

DEFAULT_PORT = 50443
_PROGRAM = "spot_agent.program"


class SimulateCommand(TyperCommand):
    """Takes everything after ``--exec`` as somebody else's command line."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - typer keeps that type to itself
        """Keep the program's part from being read as ours."""
        ctx.meta[_PROGRAM] = []
        if "--exec" in args:
            end = args.index("--exec") + 1
            args, program = args[:end], args[end:]
            ctx.meta[_PROGRAM] = program[1:] if program[:1] == ["--"] else program
        return super().parse_args(ctx, args)


def simulate(
    context: typer.Context,
    scene: Annotated[
        str | None,
        typer.Argument(help="A scene file, or the name of a scene that comes with the simulator: lobby, empty."),
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(
            help="TLS port to listen on; 0 takes a free one. By default 50443, or with --exec 443 where it can be had.",
            min=0,
            max=65535,
            show_default=False,
        ),
    ] = None,
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
    clock: Annotated[
        Literal["real", "stepped"],
        typer.Option(
            help="stepped: the world stands still, and each line of standard input is a number of seconds to step; "
            "the end of the input ends the program.",
        ),
    ] = "real",
    seed: Annotated[
        int | None,
        typer.Option(help="Makes everything random repeatable; a stepped clock has seed 0.", show_default=False),
    ] = None,
    journal: Annotated[
        Path | None,
        typer.Option("--journal", "--record", help="Write what truly happened to this file, as JSON lines."),
    ] = None,
    as_json: JsonOption = False,
    execute: Annotated[
        bool,
        typer.Option(
            "--exec",
            help="Run an SDK program, unmodified, against the fake Spot, and end with its exit status: "
            "--exec -- python program.py 127.0.0.1. It cannot reach a real robot. Must be the last option.",
        ),
    ] = False,
) -> None:
    """Run a fake Spot that any program of the Spot SDK can connect to, until Ctrl-C.

    When it is ready it prints one line with its address and the file of the certificate authority that a client must
    trust. Any username and password will do. What it enforces is what a robot enforces: lease, E-Stop, power, time.
    """
    from simulator.exec_program import running_program, with_sdk_port  # loads the renderer: --help need not wait
    from simulator.simulate import SimulateOptions, serve

    output = Output(as_json=as_json)
    if scene is not None and frames is not None:
        raise typer.BadParameter("give a scene or --frames, not both")
    if execute and clock == "stepped":
        raise typer.BadParameter("--clock stepped is not for --exec: nobody would step while the program runs")
    options = SimulateOptions(
        scene=scene, frames=frames, frame_rate=rate, loop_frames=not once, frame_source=camera, host=host,
        port=DEFAULT_PORT if port is None else port,
        clock_skew=clock_skew, clock=clock, seed=seed, colour=not grey, journal_file=journal,
    )  # fmt: skip
    if execute:
        output.console = output.errors  # standard output is the program's
        program_output = sys.stderr if as_json else None
        if port is None:
            options = with_sdk_port(options)
        with reporting_errors(output), running_program(
            program_of(context), options, lambda event: show(event, output), output=program_output
        ) as program, passing_signals_on(program.send_signal):  # fmt: skip
            status = program.wait()
        raise typer.Exit(status)
    with reporting_errors(output), ending_on_signals() as ended:
        serve(options, lambda event: show(event, output), ended, read_steps() if clock == "stepped" else ())


def program_of(context: typer.Context) -> list[str]:
    """The program that stands after ``--exec``."""
    command: list[str] = context.meta[_PROGRAM]
    if not command:
        raise typer.BadParameter("name a program after --exec, such as --exec -- python program.py 127.0.0.1")
    return command


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
        case Stepped(seconds, uptime):
            output.event("stepped", f"stepped {seconds:g} s to {uptime:g} s", seconds=seconds, uptime=uptime)
        case FramesEnded():
            output.event("frames ended", "the last picture has been served; from now on it only grows old")
        case ProgramEnded(exit_code, calls):
            text = f"the program has ended with exit status {exit_code}; it made {len(calls)} kinds of calls"
            output.event("program ended", text, exit_code=exit_code, calls=[asdict(row) for row in calls])
            for row in calls if not output.as_json else ():
                output.console.print(_told(row), soft_wrap=True)
        case Stopped(summary):
            text = (
                f"stopped after {summary.seconds:.0f} s: {summary.calls} calls, {summary.accepted} commands obeyed, "
                f"{summary.refused} refused, {summary.distance:.1f} m walked, "
                f"{'no invariant violated' if not summary.violations else 'invariants violated:'}"
            )
            output.event("stopped", text, **asdict(summary))
            for each in summary.violations if not output.as_json else ():
                output.console.print(f"  [yellow]{each.count}x {each.rule}[/]: {escape(each.first)}", soft_wrap=True)
        case FaultBegan(fault, seconds):
            lasts = "" if seconds is None else f" for {seconds:g} s"
            output.event("fault begins", f"[magenta]fault:[/] {fault}{lasts}", fault=fault, seconds=seconds)
        case FaultEnded(fault):
            output.event("fault ends", f"[magenta]fault over:[/] {fault}", fault=fault)
        case Violated(time, rule, client, detail):
            who = f" ({escape(client)})" if client else ""
            text = f"[yellow]no client should do this:[/] {rule}: {escape(detail)}{who}"
            output.event("violation", text, time=time, rule=rule, client=client, detail=detail)


def _told(row: CallCount) -> str:
    """One RPC's line: how often it was called, and what it was refused."""
    refusals = ", ".join(f"{count}x {escape(status)}" for status, count in row.refusals.items())
    return f"  {row.calls:6}  {row.method}" + (f"  [yellow]refused:[/] {refusals}" if refusals else "")
