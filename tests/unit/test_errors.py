"""The error tree of spot_agent: what a person reads, and the exit status of the program."""

from __future__ import annotations

import inspect
import re

import pytest

from spot_agent import errors
from spot_agent.errors import AgentError, ConfigError, Problem

TREE = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, AgentError)]


@pytest.mark.parametrize("kind", TREE)
def test_tree_in_the_docstring_tells_every_error_and_its_exit_status(kind: type[AgentError]) -> None:
    assert re.search(rf"\b{kind.__name__} +{kind.exit_code}   \w", errors.__doc__ or "")


def test_message_and_hint() -> None:
    error = errors.ConnectionFailed("spot.local does not answer", "Is the robot switched on?")
    assert (error.message, error.hint, error.exit_code) == (
        "spot.local does not answer",
        "Is the robot switched on?",
        3,
    )
    assert str(error) == "spot.local does not answer\nIs the robot switched on?"
    assert str(AgentError("alone")) == "alone"


def test_config_error_tells_every_problem() -> None:
    problems = [Problem("c.yaml", None, None, "there is no such file"), Problem("c.yaml", 3, 7, "wrong", "source")]
    error = ConfigError(problems, "Mend them.")
    assert str(error) == "c.yaml: there is no such file\nc.yaml:3:7: wrong\nMend them."
    assert error.problems == tuple(problems)
