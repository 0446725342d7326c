"""Whom to log in as: from the environment, or asked for. Never from a file, never in a log."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field
from getpass import getpass

from spot_agent.errors import LoginFailed

USERNAME_VARIABLE = "BOSDYN_CLIENT_USERNAME"
PASSWORD_VARIABLE = "BOSDYN_CLIENT_PASSWORD"  # noqa: S105 - the variable's name, not a password


@dataclass(frozen=True, slots=True)
class Credentials:
    """A login. The password shows in no representation of it."""

    username: str
    password: str = field(repr=False)


def find_credentials() -> Credentials:
    """Take the login from the environment, or ask for it on a terminal.

    Raises:
        LoginFailed: The environment has none, and there is no terminal to ask on.
    """
    username, password = os.environ.get(USERNAME_VARIABLE), os.environ.get(PASSWORD_VARIABLE)
    if username and password:
        return Credentials(username, password)
    if not sys.stdin.isatty():
        raise LoginFailed(
            "no login was given",
            hint=f"set {USERNAME_VARIABLE} and {PASSWORD_VARIABLE}, or run it on a terminal to be asked",
        )
    return Credentials(username or input("Spot username: "), password or getpass("Spot password: "))
