"""Everything that can stop the agent, with the exit status of the program.

::

    AgentError              1   something went wrong
    ├── BadImage            1   a camera's picture cannot be decoded; it is counted and ends nothing
    ├── ConfigError         2   config.yaml cannot be read, or says something that makes no sense
    ├── UnfitModel          1   a new model cannot take an old one's place while the agent runs; the old one stays
    ├── UsageError          2   the command line asks for something that does not exist
    ├── ConnectionFailed    3   the robot cannot be reached, or its certificate is not the expected one
    ├── LoginFailed         4   the robot does not accept the user name or the password
    ├── RobotRefused        5   the robot does not do it: lease, motor power, E-Stop or a fault
    ├── NotCertified        6   a new model differs too much from the old one
    └── ScenarioFailed      6   a scenario ran, and something that it expects did not happen
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar


class AgentError(Exception):
    """Root of this room's errors. Its text is meant for a person.

    Args:
        message: What was wrong, and where.
        hint: What to do about it; empty when the message says so already.

    Attributes:
        exit_code: Exit status of the program when this error ends it.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        """The message, and the hint on a line of its own."""
        return f"{self.message}\n{self.hint}" if self.hint else self.message


class BadImage(AgentError):  # noqa: N818  (named after what happened)
    """A camera's picture cannot be decoded. The stream counts it and asks for the next."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, or doubtful, in a file that a person wrote.

    Attributes:
        file: The file as the person named it.
        line: Line, counted from 1; ``None`` when the file as a whole is meant.
        column: Column, counted from 1; ``None`` together with ``line``.
        message: Where in the file's own words, what is wrong, and what to write instead.
        source: The text of that line, to show it; empty when there is none.
    """

    file: str
    line: int | None
    column: int | None
    message: str
    source: str = ""

    def __str__(self) -> str:
        """One line as compilers write it: ``config.yaml:23:7: message``."""
        place = self.file if self.line is None else f"{self.file}:{self.line}:{self.column}"
        return f"{place}: {self.message}"


class ConfigError(AgentError):
    """A configuration file has mistakes.

    Args:
        problems: All of them, at least one, in the order of the file.
        hint: What to do about them.
    """

    exit_code: ClassVar[int] = 2

    def __init__(self, problems: Sequence[Problem], hint: str = "") -> None:
        super().__init__("\n".join(map(str, problems)), hint)
        self.problems = tuple(problems)


class UnfitModel(AgentError):  # noqa: N818  (named after what happened)
    """A new model cannot take an old one's place while the agent runs. The old one goes on looking."""


class UsageError(AgentError):
    """The command line asks for something that does not exist or does not go together."""

    exit_code: ClassVar[int] = 2


class ConnectionFailed(AgentError):  # noqa: N818  (named after what happened)
    """The robot cannot be reached, or its certificate is not signed by the expected authority."""

    exit_code: ClassVar[int] = 3


class LoginFailed(AgentError):  # noqa: N818  (named after what happened)
    """The robot does not accept the user name or the password."""

    exit_code: ClassVar[int] = 4


class RobotRefused(AgentError):  # noqa: N818  (named after what happened)
    """The robot is there and does not do it: another has the lease, no motor power, an E-Stop, a fault."""

    exit_code: ClassVar[int] = 5


class NotCertified(AgentError):  # noqa: N818  (named after what happened)
    """A new model may not take an old one's place; the reasons have been told."""

    exit_code: ClassVar[int] = 6


class ScenarioFailed(AgentError):  # noqa: N818  (named after what happened)
    """A scenario ran to its end, and something that it expects did not happen."""

    exit_code: ClassVar[int] = 6
