"""A folder for PYTHONPATH that makes a Python program trust the fake Spot, and nothing else.

The SDK trusts the certificate authority in one data file, ``bosdyn/client/resources/robot.pem``. The overlay links
the installed ``bosdyn.client`` and puts our own authority in that file's place. No code is changed, child processes
inherit it, and a program that runs with it fails the TLS handshake with every real robot.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from simulator.errors import ProgramError

_FIND = "import importlib.util as u; print(u.find_spec('bosdyn.client').origin)"
_TRUSTED = "import importlib.util as u; print(u.find_spec('bosdyn.client.resources').origin)"
_TAKES_VALUE = ("-W", "-X", "--check-hash-based-pycs")
_PROBE_TIMEOUT = 60.0


def make_overlay(folder: Path, ca_file: Path, command: Sequence[str], environment: Mapping[str, str]) -> None:
    """Fill a folder with an overlay for a program.

    Args:
        folder: An empty folder.
        ca_file: PEM file of the only authority that the program shall trust.
        command: The program with its arguments. Its interpreter's SDK is linked, where it is a Python program;
            this interpreter's own otherwise.
        environment: The program's environment, without the overlay.

    Raises:
        ProgramError: The program's Python has no SDK, or would not heed the overlay.
    """
    python = interpreter(command, environment)
    installed = _ask(python, _FIND, environment) if python else _own_client()
    if installed is None:
        raise ProgramError(f"{python[0]} has no bosdyn.client; install bosdyn-client there")
    _link(folder, installed.parent, ca_file)
    if python:
        covered = {**environment, "PYTHONPATH": python_path(folder, environment)}
        trusted = _ask(python, _TRUSTED, covered)
        if trusted is None or folder.resolve() not in trusted.resolve().parents:
            raise ProgramError(
                f"{' '.join(python)} does not heed PYTHONPATH, so the program might trust a real robot; "
                "start it without -I and -E"
            )


def python_path(folder: Path, environment: Mapping[str, str]) -> str:
    """``PYTHONPATH`` with the overlay before everything else."""
    return os.pathsep.join([str(folder), *filter(None, [environment.get("PYTHONPATH")])])


def interpreter(command: Sequence[str], environment: Mapping[str, str]) -> list[str]:
    """The Python that a command starts, with its own options; empty when the command is no Python program."""
    found = shutil.which(command[0], path=environment.get("PATH"))
    if found is None:
        raise ProgramError(f"there is no program {command[0]!r}")
    if Path(found).name.startswith("python"):
        return [found, *_options(command[1:])]
    with Path(found).open("rb") as file:
        first = file.readline(512)
    if not first.startswith(b"#!") or b"python" not in first:
        return []
    return first[2:].decode(errors="replace").split()


def _options(arguments: Sequence[str]) -> list[str]:
    """The interpreter's options: what stands before the program."""
    options: list[str] = []
    rest = iter(arguments)
    for argument in rest:
        if not argument.startswith("-") or argument.startswith(("-c", "-m")) or argument == "-":
            break
        options.append(argument)
        if argument in _TAKES_VALUE:
            options.extend([next(rest, "")])
    return options


def _ask(python: Sequence[str], question: str, environment: Mapping[str, str]) -> Path | None:
    try:
        answer = subprocess.run(  # noqa: S603 - the interpreter that its user is about to run
            [*python, "-c", question], env=dict(environment), capture_output=True, text=True, timeout=_PROBE_TIMEOUT
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ProgramError(f"{' '.join(python)} cannot be run: {error}") from error
    lines = answer.stdout.splitlines()
    return Path(lines[-1]) if answer.returncode == 0 and lines else None


def _own_client() -> Path:
    import bosdyn.client

    return Path(bosdyn.client.__file__)


def _link(folder: Path, client: Path, ca_file: Path) -> None:
    """Link ``bosdyn.client``; the package's other parts are found where they are installed."""
    (folder / "bosdyn" / "client" / "resources").mkdir(parents=True)
    (folder / "bosdyn" / "__init__.py").symlink_to(client.parent / "__init__.py")
    for entry in client.iterdir():
        if entry.name not in ("resources", "__pycache__"):
            (folder / "bosdyn" / "client" / entry.name).symlink_to(entry)
    resources = folder / "bosdyn" / "client" / "resources"
    (resources / "__init__.py").touch()
    shutil.copy(ca_file, resources / "robot.pem")
