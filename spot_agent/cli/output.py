"""What a command prints: words for people on a terminal, JSON lines for other programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from models import ModelError
from simulator.errors import SimulatorError
from spot_agent.errors import AgentError, ConfigError, UsageError

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON lines on standard output, for other programs.")]


class Output:
    """Where a command's words go. In JSON mode standard output carries nothing but JSON lines.

    Args:
        as_json: Whether other programs read it.
    """

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json
        self.console = Console(stderr=as_json, highlight=False)
        self.errors = Console(stderr=True, highlight=False)

    def say(self, text: str) -> None:
        """Tell a person something; other programs do not see it."""
        self.console.print(text)

    def event(self, event: str, text: str | None, **members: Any) -> None:  # noqa: ANN401 - JSON is any of its types
        """Tell of an event: a JSON line with its members, or the text for people (``None``: nothing)."""
        if self.as_json:
            sys.stdout.write(json.dumps({"event": event, **members}, ensure_ascii=False) + "\n")
            sys.stdout.flush()
        elif text is not None:
            self.console.print(text, soft_wrap=True)

    @contextmanager
    def working(self, text: str) -> Iterator[None]:
        """Show that something takes a while: a spinner on a terminal, a line elsewhere."""
        if self.console.is_terminal:
            with self.console.status(text):
                yield
        else:
            self.console.print(text)
            yield

    def fail(self, error: AgentError) -> None:
        """Say what went wrong and what to do about it."""
        if self.as_json:
            problems = [] if not isinstance(error, ConfigError) else [_problem(error, p) for p in error.problems]
            self.event("error", None, message=error.message, hint=error.hint, problems=problems)
            return
        self.errors.print(f"[bold red]error:[/] {escape(error.message)}", soft_wrap=True)
        if error.hint:
            self.errors.print(f"[yellow]what to do:[/] {escape(error.hint)}", soft_wrap=True)


def _problem(error: ConfigError, problem: Any) -> dict[str, Any]:  # noqa: ANN401
    return {"file": problem.file, "line": problem.line, "column": problem.column, "message": problem.message}


@contextmanager
def reporting_errors(output: Output, explain: Callable[[AgentError], None] | None = None) -> Iterator[None]:
    """Turn errors that are meant for people into words and an exit status; bugs keep their traceback."""
    try:
        yield
    except AgentError as error:
        (explain or output.fail)(error)
        raise typer.Exit(error.exit_code) from error
    except (SimulatorError, ModelError) as error:
        usage = UsageError(str(error))
        output.fail(usage)
        raise typer.Exit(usage.exit_code) from error
    except OSError as error:
        failure = AgentError(f"{error.strerror or error}: {error.filename or ''}".rstrip(": "))
        output.fail(failure)
        raise typer.Exit(failure.exit_code) from error
