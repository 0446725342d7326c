"""``spot-agent simulate --clock stepped``: whoever writes its standard input moves its world."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

TIMEOUT = 90
COMMAND = [sys.executable, "-m", "spot_agent", "simulate", "--port", "0", "--json", "--clock", "stepped"]


def simulate(lines: str, *arguments: str) -> tuple[int, list[dict[str, Any]], str]:
    done = subprocess.run(
        [*COMMAND, *arguments], input=lines, capture_output=True, text=True, timeout=TIMEOUT, check=False
    )
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()], done.stderr


def test_each_line_is_a_step_and_the_end_of_input_ends_it(tmp_path: Path) -> None:
    scene = tmp_path / "short.yaml"
    scene.write_text("name: short\nduration: 50 s\nexpectations: [{expect: never faster, speed: 1 m/s}]\n")
    journals = []
    for index in range(2):
        record = tmp_path / f"{index}.jsonl"
        status, events, _ = simulate("0.5\n\n 60\n", str(scene), "--seed", "7", "--record", str(record))
        assert status == 0
        steps = [(event["seconds"], event["uptime"]) for event in events if event["event"] == "stepped"]
        assert steps == [(0.5, 0.5), (60.0, 60.5)]
        assert [event["event"] for event in events if "scene" in event] == ["scene started", "scene ended"]
        assert events[-1]["seconds"] == 60.5
        journals.append(record.read_bytes())
    assert journals[0] == journals[1]
    assert b'"sample"' in journals[0]


@pytest.mark.parametrize("line", ["soon", "-1", "nan", "inf", "1,5"])
def test_a_line_that_is_no_number_is_told_and_ends_it(line: str) -> None:
    status, events, errors = simulate(f"0.1\n{line}\n0.1\n")
    assert status == 2
    assert [event["seconds"] for event in events if event["event"] == "stepped"] == [0.1]
    assert "line 2" in events[-1]["message"]
    assert repr(line) in events[-1]["message"]
    assert "Traceback" not in errors


def test_it_ends_in_good_order_while_it_waits_for_a_line() -> None:
    running = subprocess.Popen(
        COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert running.stdin is not None
        assert running.stdout is not None
        running.stdin.write("0.5\n")
        running.stdin.flush()
        assert next(line for line in running.stdout if json.loads(line)["event"] == "stepped")
        running.send_signal(signal.SIGINT)
        assert running.wait(TIMEOUT) == 0
        assert running.stderr is not None
        assert running.stderr.read() == ""
    finally:
        running.kill()
        running.communicate()


def test_a_program_that_is_run_cannot_have_a_stepped_clock() -> None:
    status, _, errors = simulate("", "--exec", "--", "true")
    assert status == 2
    assert "not for --exec" in " ".join(errors.replace("│", " ").split())
