"""The command line as people and programs meet it: help, mistakes in words, and exit statuses."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from spot_agent.cli.app import app
from spot_agent.cli.run import EndTest
from spot_agent.cli.signals import ending_on_signals

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "config.yaml"
BROKEN = """\
cues:
  person: {label: persn, confidence: 0.45}
rules:
  - name: follow
    when: {cue: person, distanse: < 8 m}
    do: folow
"""
OPTIONS = {
    "demo": ("--scene", "--config", "--runs", "--json"),
    "run": ("--hostname", "--port", "--ca", "--config", "--watch", "--duration", "--yes", "--runs", "--json"),
    "simulate": (
        "--port", "--host", "--frames", "--rate", "--once", "--camera", "--clock-skew", "--grey", "--clock",
        "--seed", "--journal", "--record", "--json",
    ),
    "check": ("--json",),
}  # fmt: skip


def call(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments), env={"COLUMNS": "200", "TERM": "dumb"})


def process(*arguments: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """``python -m spot_agent`` with nobody at its terminal."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BOSDYN_")}
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    return subprocess.run(
        [sys.executable, "-m", "spot_agent", *arguments],
        cwd=folder, env={**kept, "PYTHONPATH": path, "COLUMNS": "200", **environment},
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def plain(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def events(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


@pytest.mark.parametrize(("command", "options"), list(OPTIONS.items()))
def test_help_tells_every_option(command: str, options: tuple[str, ...]) -> None:
    result = call(command, "--help")
    assert result.exit_code == 0
    for option in options:
        assert option in plain(result.output), option


def test_it_runs_as_a_module_and_lists_its_commands_and_exit_statuses(tmp_path: Path) -> None:
    done = process("--help", folder=tmp_path)
    assert done.returncode == 0
    assert all(command in done.stdout for command in OPTIONS)
    assert "Exit status" in done.stdout
    assert done.stderr == ""


def test_without_a_command_it_shows_its_help() -> None:
    result = call()
    assert "simulate" in plain(result.output)


@pytest.mark.parametrize(
    "arguments", [["frobnicate"], ["run"], ["run", "--hostname", "x", "--port", "0"], ["check", "--frobnicate"]]
)
def test_a_command_line_that_makes_no_sense(arguments: list[str]) -> None:
    result = call(*arguments)
    assert result.exit_code == 2
    assert "Error" in plain(result.output)


def test_the_shipped_configuration_is_valid() -> None:
    result = call("check", str(SHIPPED))
    assert result.exit_code == 0
    assert "is valid: 5 rules, 2 cues, 2 cameras" in result.output


def test_a_valid_configuration_for_programs() -> None:
    result = call("check", str(SHIPPED), "--json")
    assert result.exit_code == 0
    (event,) = events(result.stdout)
    assert (event["event"], event["warnings"]) == ("valid", [])
    assert event["cues"] == ["person", "stop sign"]
    assert "follow the visitor" in event["rules"]


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    path = tmp_path / "broken.yaml"
    path.write_text(BROKEN)
    return path


def test_every_mistake_is_told_with_its_line_and_what_to_write_instead(broken: Path) -> None:
    done = process("check", broken.name, folder=broken.parent)
    assert done.returncode == 2
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    for place, suggestion in (
        ("broken.yaml:2:", "did you mean 'person'?"),
        ("broken.yaml:5:", "did you mean 'distance'?"),
        ("broken.yaml:6:", "did you mean 'follow'?"),
    ):
        line = next(line for line in done.stderr.splitlines() if place in line)
        assert suggestion in line


def test_every_mistake_for_programs(broken: Path) -> None:
    result = call("check", str(broken), "--json")
    assert result.exit_code == 2
    (event,) = events(result.stdout)
    assert event["event"] == "error"
    assert [problem["line"] for problem in event["problems"]] == [2, 5, 6]
    assert all(problem["file"] == str(broken) and problem["message"] for problem in event["problems"])


@pytest.mark.parametrize("command", [["check"], ["run", "--hostname", "x", "--config"], ["demo", "--config"]])
def test_a_configuration_that_is_not_there(command: list[str], tmp_path: Path) -> None:
    result = call(*command, str(tmp_path / "nowhere.yaml"))
    assert result.exit_code == 2
    assert "there is no such file" in result.stderr
    assert "Traceback" not in result.output


@pytest.mark.parametrize("command", [["simulate", "lobbi", "--port", "0"], ["demo", "--scene", "lobbi"]])
def test_a_scene_that_does_not_exist(command: list[str], tmp_path: Path) -> None:
    if command[0] == "demo":
        command = [*command, "--config", str(SHIPPED), "--runs", str(tmp_path / "runs")]
    result = call(*command)
    assert result.exit_code == 2
    assert "did you mean 'lobby'?" in result.stderr
    assert not (tmp_path / "runs").exists(), "nothing was begun"


def test_a_scene_that_does_not_exist_for_programs() -> None:
    result = call("simulate", "lobbi", "--port", "0", "--json")
    assert result.exit_code == 2
    (event,) = events(result.stdout)
    assert event["event"] == "error"
    assert "lobby" in event["message"]


def test_a_port_that_is_taken(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = process("simulate", "--port", str(port), folder=tmp_path)
    assert done.returncode == 2
    assert done.stderr.strip() == f"error: cannot listen on 127.0.0.1:{port}; is it taken? Give another port, or 0"


def test_frames_that_are_not_there_and_a_scene_beside_frames(tmp_path: Path) -> None:
    missing = call("simulate", "--frames", str(tmp_path / "nowhere"), "--port", "0")
    assert (missing.exit_code, "there is no such folder or video" in missing.stderr) == (2, True)
    both = call("simulate", "empty", "--frames", str(tmp_path), "--port", "0")
    assert (both.exit_code, "not both" in plain(both.output)) == (2, True)


def test_no_login_and_nobody_to_ask(tmp_path: Path) -> None:
    done = process(
        "run", "--hostname", "127.0.0.1", "--config", str(SHIPPED), "--runs", str(tmp_path / "runs"), folder=tmp_path
    )
    assert done.returncode == 4
    assert "no login was given" in done.stderr
    assert "BOSDYN_CLIENT_USERNAME" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "runs").exists()


def test_a_robot_is_simulated_until_it_is_told_to_stop(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "spot_agent", "simulate", "--port", "0", "--json"]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT, text=True)
    try:
        assert running.stdout is not None
        ready = json.loads(running.stdout.readline())
        assert (ready["event"], ready["host"]) == ("ready", "127.0.0.1")
        assert Path(ready["ca"]).is_file()
        running.send_signal(signal.SIGINT)
        (stopped,) = events(running.stdout.read())
        assert stopped["event"] == "stopped"
        assert running.wait(10.0) == 0
    finally:
        running.kill()
        running.wait()


def test_ctrl_c_ends_a_run_in_good_order_however_often_it_is_pressed() -> None:
    before = signal.getsignal(signal.SIGINT)
    with ending_on_signals() as ended:
        forever = EndTest(ended, None)
        assert not forever()
        for _ in range(2):
            signal.raise_signal(signal.SIGINT)
        assert forever()
    assert signal.getsignal(signal.SIGINT) is before


@pytest.mark.parametrize(("duration", "over"), [(0.0, True), (60.0, False), (None, False)])
def test_a_run_ends_by_its_time(duration: float | None, over: bool) -> None:
    with ending_on_signals() as ended:
        assert EndTest(ended, duration)() is over
