"""``spot-agent demo``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from spot_agent.cli.check import DEFAULT_CONFIG, ConfigOption, read_config
from spot_agent.cli.output import JsonOption, Output, reporting_errors
from spot_agent.cli.run import DEFAULT_RUNS, RunsOption
from spot_agent.cli.signals import ending_on_signals
from spot_agent.cli.simulator_process import Expectation, SimulatorProcess
from spot_agent.errors import AgentError, ScenarioFailed

JOURNAL_NAME = "simulator.jsonl"


def demo(
    scene: Annotated[
        str, typer.Option(help="A scene file, or the name of one that comes with the simulator.")
    ] = "lobby",
    config: ConfigOption = DEFAULT_CONFIG,
    runs: RunsOption = DEFAULT_RUNS,
    as_json: JsonOption = False,
) -> None:
    """Let the agent meet a fake Spot in a scene, and see whether it does what the scene expects.

    No robot is needed. The fake Spot runs in a process of its own, and the agent connects to it as it would to a robot.
    Exit status 0 only if every expectation of the scene was met.
    """
    # Imported here: together they take two seconds, which --help and mistakes in config.yaml need not wait for.
    from simulator.scene import Scene
    from spot_agent.cli.recorded_run import RecordedRun
    from spot_agent.cli.true_paths import read_true_paths
    from spot_agent.robot import Address, Credentials
    from spot_agent.runtime import Session, load_detectors

    output = Output(as_json=as_json)
    settings = read_config(config, output).config
    with reporting_errors(output), ending_on_signals() as interrupted:
        Scene.load(scene)  # a mistake in it is told before anything begins
        recorded = RecordedRun(runs, config, output, Path(scene).stem)
        with SimulatorProcess([scene, "--journal", str(recorded.folder / JOURNAL_NAME)]) as simulator:
            with output.working(
                "starting the fake Spot and loading the detectors (the first time takes half a minute)"
            ):
                detectors = load_detectors(settings)
                ready = simulator.wait_until_ready()
            with recorded:
                session = Session(
                    settings, detectors, recorded.listeners, progress=recorded.progress, config_file=config
                )
                result = session.run(
                    Address(ready.host, ready.port, ready.ca_file),
                    Credentials("demo", "demo"),
                    lambda: interrupted.is_set() or simulator.scene_over,
                )
            expectations = () if interrupted.is_set() else simulator.expectations
        with output.working("drawing the story"):
            recorded.report(result, read_true_paths(recorded.folder / JOURNAL_NAME))
        if interrupted.is_set():
            raise AgentError("the demo was interrupted before its scene had ended")
        _show(expectations, output)
        failed = [expectation for expectation in expectations if not expectation.met]
        if failed:
            names = "; ".join(f"{e.text} ({e.measured})" for e in failed)
            raise ScenarioFailed(f"{len(failed)} of {len(expectations)} expectations were not met: {names}")


def _show(expectations: tuple[Expectation, ...], output: Output) -> None:
    table = Table(title="What the scene expects", title_justify="left")
    for column in ("", "expectation", "what truly happened"):
        table.add_column(column)
    for expectation in expectations:
        mark = "[green]met[/]" if expectation.met else "[bold red]not met[/]"
        table.add_row(mark, escape(expectation.text), escape(expectation.measured))
    if output.as_json:
        judged = [{"text": e.text, "met": e.met, "measured": e.measured} for e in expectations]
        output.event("expectations", None, expectations=judged)
    else:
        output.console.print(table)
