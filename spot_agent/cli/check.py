"""``spot-agent check``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from spot_agent.cli.output import JsonOption, Output, reporting_errors
from spot_agent.config import CheckedConfig, check_config, render_problems
from spot_agent.errors import AgentError, ConfigError

ConfigOption = Annotated[Path, typer.Option("--config", "-c", help="The rules and settings.")]
DEFAULT_CONFIG = Path("config.yaml")


def read_config(path: Path, output: Output) -> CheckedConfig:
    """Read config.yaml and show every mistake with its line.

    Raises:
        typer.Exit: It has mistakes; they have been shown.
    """

    def explain(error: AgentError) -> None:
        if isinstance(error, ConfigError) and not output.as_json:
            output.errors.print(render_problems(error.problems), soft_wrap=True, markup=False)
        else:
            output.fail(error)

    with reporting_errors(output, explain):
        return check_config(path)
    raise AssertionError  # pragma: no cover - reporting_errors always raises


def check(
    config: Annotated[Path, typer.Argument(help="The file to check.")] = DEFAULT_CONFIG, as_json: JsonOption = False
) -> None:
    """Check config.yaml without a robot: every mistake with its line, and what to write instead.

    Exit status 0: it is valid (warnings may be shown). 2: it has mistakes.
    """
    output = Output(as_json=as_json)
    checked = read_config(config, output)
    settings, warnings = checked.config, checked.warnings
    if warnings and not as_json:
        output.errors.print(render_problems(warnings, "warning"), soft_wrap=True, markup=False)
    output.event(
        "valid",
        f"{config} is valid: {len(settings.rules)} rules, {len(settings.cues)} cues, {len(settings.cameras)} cameras",
        file=str(config),
        rules=[rule.name for rule in settings.rules],
        cues=list(settings.cues),
        cameras=list(settings.cameras),
        warnings=[str(warning) for warning in warnings],
    )
