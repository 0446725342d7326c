"""Runs somebody's unmodified SDK program against a fake Spot."""

from __future__ import annotations

import os
import socket
import subprocess
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import IO

import grpc

from simulator.certificates import load_certificates
from simulator.errors import ProgramError
from simulator.events import CallCount, ProgramEnded, Ready, SimulatorEvent, Stopped
from simulator.journal import Journal
from simulator.overlay import make_overlay, python_path
from simulator.simulate import SimulateOptions, make_spot

SDK_PORT = 443
"""The port that every SDK program dials unless it is told otherwise."""
_LOCAL = ("127.0.0.1", "localhost")
_CREDENTIALS = {"BOSDYN_CLIENT_USERNAME": "user", "BOSDYN_CLIENT_PASSWORD": "password"}
_PROXIES = ("grpc_proxy", "http_proxy", "https_proxy", "all_proxy")
_END_TIMEOUT = 5.0


class Program:
    """A program that runs; see :func:`running_program`."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    def wait(self) -> int:
        """Wait for its end; the exit status as a shell gives it: 128 and the signal's number if one killed it."""
        status = self._process.wait()
        return status if status >= 0 else 128 - status

    def send_signal(self, number: int) -> None:
        """Pass a signal on to it."""
        self._process.send_signal(number)  # does nothing once it has ended

    def end(self) -> None:
        """Make it end if it still runs."""
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(_END_TIMEOUT)
            except subprocess.TimeoutExpired:
                self._process.kill()
        self._process.wait()


@contextmanager
def running_program(
    command: Sequence[str],
    options: SimulateOptions,
    emit: Callable[[SimulatorEvent], None],
    *,
    output: IO[str] | None = None,
) -> Iterator[Program]:
    """Start a fake Spot and a program that can reach it, and only it.

    The program's environment gets a ``PYTHONPATH`` overlay that makes the SDK trust only our authority, credentials
    that open nothing else, a ``BOSDYN_RESOURCE_ROOT`` of its own, and no proxy. At the end ``emit`` gets the table of
    its calls.

    Args:
        command: The program and its arguments. An argument ``127.0.0.1`` or ``localhost``, or one that ends in
            ``=127.0.0.1``, is where the program finds the robot's address.
        options: What to simulate. With a ``port`` of 443 the program's arguments stay as they are.
        emit: Told of events, from any thread.
        output: Where the program's standard output goes; ours, if not given.

    Raises:
        SimulatorError: The fake Spot cannot be started, or the program cannot.
        OSError: A file cannot be written.
    """
    with tempfile.TemporaryDirectory(prefix="fake-spot-") as name:
        environment = program_environment(Path(name), load_certificates().ca_file, command, os.environ)
        with make_spot(options, emit) as spot:
            emit(Ready(spot.host, spot.port, spot.ca_file))
            program = _start([address_in(each, spot.port) for each in command], environment, output)
            try:
                yield program
            finally:
                program.end()
                emit(ProgramEnded(program.wait(), count_calls(spot.journal)))
        emit(Stopped(spot.summary()))


def with_sdk_port(options: SimulateOptions) -> SimulateOptions:
    """The options with port 443 where this process may listen there, else with a free one."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((options.host, SDK_PORT))
        except OSError:  # not allowed, or taken
            return replace(options, port=0)
    return replace(options, port=SDK_PORT)


def address_in(argument: str, port: int) -> str:
    """An argument of the program, with an address that leads to our port in place of this machine's.

    The SDK appends ``:443``. gRPC reads ``ipv4:127.0.0.1:50443,127.0.0.1:443`` as a list of addresses, and takes the
    first one that answers (https://grpc.github.io/grpc/core/md_doc_naming.html).
    """
    option, equals, value = argument.rpartition("=")
    if port == SDK_PORT or value not in _LOCAL:
        return argument
    return f"{option}{equals}ipv4:127.0.0.1:{port},127.0.0.1"


def program_environment(
    folder: Path, ca_file: Path, command: Sequence[str], environment: Mapping[str, str]
) -> dict[str, str]:
    """The environment in which a program trusts and reaches only the fake Spot.

    Args:
        folder: An empty folder for the overlay and for what the SDK keeps at home.
        ca_file: The fake Spot's authority.
        command: The program and its arguments.
        environment: What the program would have had.

    Raises:
        ProgramError: The program's Python has no SDK, or would not heed the overlay.
    """
    kept = {name: value for name, value in environment.items() if name not in _PROXIES}
    overlay = folder / "overlay"
    overlay.mkdir()
    make_overlay(overlay, ca_file, command, kept)
    home = {"BOSDYN_RESOURCE_ROOT": str(folder / "bosdyn")}
    return {**kept, **_CREDENTIALS, **home, "PYTHONPATH": python_path(overlay, kept)}


def count_calls(journal: Journal) -> tuple[CallCount, ...]:
    """The table of calls of a journal, in the order of the methods' names."""
    calls: dict[str, int] = defaultdict(int)
    refusals: dict[str, dict[str, int]] = defaultdict(dict)
    for key, count in journal.calls.items():
        method, _, outcome = key.rpartition(" ")
        if outcome not in grpc.StatusCode.__members__:  # it went well; a space may be in the method's name
            method, outcome = key, ""
        calls[method] += count
        if outcome:
            refusals[method][outcome] = count
    for key, count in journal.refusals.items():
        method, _, status = key.partition(" ")
        refusals[method][status] = count
    return tuple(CallCount(method, calls[method], refusals.get(method, {})) for method in sorted(calls))


def _start(command: Sequence[str], environment: Mapping[str, str], output: IO[str] | None) -> Program:
    try:
        return Program(subprocess.Popen(command, env=environment, stdout=output))  # noqa: S603 - what the user asks for
    except OSError as error:
        raise ProgramError(f"{command[0]} cannot be started: {error.strerror}") from error
