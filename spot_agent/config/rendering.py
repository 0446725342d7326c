"""Mistakes shown to a person, and told to a program."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from spot_agent.errors import Problem

MARGIN = "    "


class ProblemRecord(TypedDict):
    """A problem as ``--json`` prints it."""

    file: str
    line: int | None
    column: int | None
    message: str


def render_problems(problems: Sequence[Problem], kind: str = "") -> str:
    """Show problems, each with its line of the file and a caret under the place.

    Args:
        problems: What to show.
        kind: A word to put before each message, for example ``warning``.

    Returns:
        Plain text of several lines, without a line break at its end.
    """
    return "\n".join(_render(problem, kind) for problem in problems)


def _render(problem: Problem, kind: str) -> str:
    place, _, message = str(problem).partition(": ")
    head = f"{place}: {kind}: {message}" if kind else f"{place}: {message}"
    if problem.column is None or not problem.source.strip():
        return head
    # Tabs stay, so that the caret stands under its place however wide a terminal shows them.
    before = problem.source[: problem.column - 1]
    indent = "".join("\t" if character == "\t" else " " for character in before)
    return f"{head}\n{MARGIN}{problem.source}\n{MARGIN}{indent}^"


def problem_records(problems: Sequence[Problem]) -> list[ProblemRecord]:
    """Turn problems into values that JSON can hold."""
    return [
        ProblemRecord(file=problem.file, line=problem.line, column=problem.column, message=problem.message)
        for problem in problems
    ]
