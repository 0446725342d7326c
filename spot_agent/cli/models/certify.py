"""``spot-agent models certify``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from spot_agent.cli.check import DEFAULT_CONFIG, ConfigOption, read_config
from spot_agent.cli.output import JsonOption, Output, reporting_errors
from spot_agent.config import WORLD_OBJECTS
from spot_agent.errors import NotCertified, UsageError

if TYPE_CHECKING:
    from spot_agent.certification import Certificate
    from spot_agent.certification.comparison import Comparison
    from spot_agent.config import AgentConfig

SHARES = {"min": 0.0, "max": 1.0}


def certify(
    new: Annotated[str, typer.Argument(help="The new model: a name from 'models list', or the path of its folder.")],
    against: Annotated[str, typer.Option(help="The old model, whose place it is to take.")],
    footage: Annotated[
        list[str] | None,
        typer.Option("--on", help="A scene, a video or a folder of pictures; may be given again. [default: parade]"),
    ] = None,
    config: ConfigOption = DEFAULT_CONFIG,
    limit: Annotated[float, typer.Option(help="Seconds of each footage to show at most.", min=1.0)] = 60.0,
    missed: Annotated[float, typer.Option(help="Share of the old model's cues that may be missing.", **SHARES)] = 0.10,
    surplus: Annotated[float, typer.Option(help="Share of moments with a cue that is new.", **SHARES)] = 0.05,
    decisions: Annotated[float, typer.Option(help="Share of moments at which another rule may win.", **SHARES)] = 0.10,
    delay: Annotated[float, typer.Option(help="Seconds by which a rule may start later.", min=0.0)] = 0.5,
    slower: Annotated[float, typer.Option(help="How many times as long a picture may take.", min=0.1)] = 1.5,
    as_json: JsonOption = False,
) -> None:
    """Say whether a new model may take an old one's place: both see the same, and what follows from it is compared.

    The rules are those of config.yaml, the footage comes through a fake Spot's cameras, and the robot stands still, so
    that both see the same. Compared are the cues in sight, the rules that win, and the time for a picture.

    Exit status 0: it passes. 6: it does not, and every reason is told. 2: a model, the footage or config.yaml is wrong.
    """
    # Imported here: together they take two seconds, which --help and mistakes in config.yaml need not wait for.
    from spot_agent.certification import Tolerances, open_footage
    from spot_agent.certification import certify as run
    from spot_agent.runtime.session import load_configured, load_detectors

    output = Output(as_json=as_json)
    settings = read_config(config, output).config
    with reporting_errors(output):
        name = _detector_of(settings, against)
        shown = [open_footage(one, limit) for one in footage or ["parade"]]
        with output.working("loading the models (the first time takes some seconds each)"):
            detectors = load_detectors(settings)
            candidate = load_configured(settings.detectors[name].model_copy(update={"model": new}))
        with _progress(output) as progress:
            tasks = {one.name: progress.add_task(escape(one.name), total=None) for one in shown}
            certificate = run(
                settings,
                name,
                detectors,
                candidate,
                shown,
                Tolerances(missed, surplus, decisions, delay, slower),
                lambda which, seconds: progress.update(tasks[which], description=f"{escape(which)}  {seconds:.1f} s"),
            )
        _show(certificate, new, against, output)
        if not certificate.passed:
            raise NotCertified(f"{new} may not take the place of {against}: {len(certificate.objections)} objections")


def _detector_of(settings: AgentConfig, model: str) -> str:
    if model == WORLD_OBJECTS:
        raise UsageError(f"'{model}' are what the robot itself reports; there is no model that another could replace")
    names = [name for name, detector in settings.detectors.items() if detector.model == model]
    if not names:
        used = ", ".join(sorted({detector.model for detector in settings.detectors.values()}))
        raise UsageError(
            f"no detector of config.yaml uses the model '{model}'; in use: {used}",
            hint="name one of these with --against, or another file with --config",
        )
    return names[0]


def _progress(output: Output) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    return Progress(*columns, console=output.console, transient=True)


def _show(certificate: Certificate, new: str, against: str, output: Output) -> None:
    if output.as_json:
        from spot_agent.reporting.decision_log import to_json

        output.event(
            "certificate",
            None,
            new=new,
            against=against,
            passed=certificate.passed,
            objections=list(certificate.objections),
            footage=to_json(certificate.comparisons),
        )
        return
    for comparison in certificate.comparisons:
        output.console.print(_table(comparison, new, against))
    for objection in certificate.objections:
        output.console.print(f"[bold red]objection:[/] {escape(objection)}", soft_wrap=True)
    if certificate.passed:
        output.console.print(f"[green]pass:[/] {escape(new)} may take the place of {escape(against)}", soft_wrap=True)


def _table(comparison: Comparison, new: str, against: str) -> Table:
    table = Table(title=f"{comparison.footage}: {comparison.moments} frames", title_justify="left")
    for column in ("", against, new, "difference"):
        table.add_column(escape(column))
    for cue in comparison.cues:
        difference = f"{cue.only_old} missed, {cue.only_new} new"
        table.add_row(
            f"sees '{escape(cue.cue)}'", str(cue.both + cue.only_old), str(cue.both + cue.only_new), difference
        )
    for rule in comparison.rules:
        table.add_row(
            f"'{escape(rule.rule)}' acts", _acts(rule.old, rule.old_start), _acts(rule.new, rule.new_start), ""
        )
    table.add_row("another rule wins", "", "", f"{comparison.moments - comparison.same_decision} frames")
    for index, label in enumerate(("a picture takes, median", "95th percentile")):
        old, late = comparison.old_seconds[index] * 1e3, comparison.new_seconds[index] * 1e3
        table.add_row(label, f"{old:.0f} ms", f"{late:.0f} ms", f"{late / old:.2f} times" if old else "")
    return table


def _acts(moments: int, start: float | None) -> str:
    return "never" if start is None else f"{moments} frames, from {start:.1f} s"
