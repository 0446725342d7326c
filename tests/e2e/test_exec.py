"""Unmodified SDK programs run against the fake Spot, and can reach nothing else."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from simulator.exec_program import SDK_PORT

PROGRAMS = Path(__file__).parent / "programs"
TAG_SCENE = """
name: tag
duration: 60 s
objects:
  - {kind: apriltag, name: tag, id: 7, position: [3, 0, 0.6], yaw: 180 deg, size: 0.3}
"""
TIMEOUT = 90


@dataclass
class Run:
    """What ``simulate --exec`` left behind."""

    status: int
    output: str
    events: list[dict[str, object]]

    @property
    def calls(self) -> dict[str, dict[str, object]]:
        ended = next(event for event in self.events if event["event"] == "program ended")
        return {row["method"]: row for row in ended["calls"]}  # type: ignore[attr-defined]

    def refusals(self, method: str) -> object:
        return self.calls[method]["refusals"]


def command(*arguments: str, program: tuple[str, ...]) -> list[str]:
    return [sys.executable, "-m", "spot_agent", "simulate", *arguments, "--json", "--exec", "--", *program]


def execute(*arguments: str, program: tuple[str, ...], environment: dict[str, str] | None = None) -> Run:
    """Run a program; its output goes to standard error, as standard output carries JSON lines."""
    result = subprocess.run(
        command(*arguments, program=program),
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=TIMEOUT,
        env={**os.environ, **(environment or {})},
    )
    return Run(result.returncode, result.stderr, [json.loads(line) for line in result.stdout.splitlines()])


def run_example(name: str, *arguments: str, address: str = "127.0.0.1") -> Run:
    return execute("--port", "0", *arguments, program=(sys.executable, str(PROGRAMS / name), address))


def inline(code: str) -> tuple[str, ...]:
    return (sys.executable, "-c", code)


@pytest.mark.parametrize("address", ["127.0.0.1", "localhost"])
def test_the_quick_start_stands_and_powers_off(address: str) -> None:
    run = run_example("hello_spot.py", address=address)
    assert run.status == 0, run.output
    assert run.calls["RobotCommandService/RobotCommand"]["calls"] == 4
    assert run.refusals("RobotCommandService/RobotCommand") == {}
    assert run.calls["DataBufferService/RecordOperatorComments"]["calls"] == 1


def test_the_image_viewer_decodes_pictures() -> None:
    run = run_example("image_viewer.py")
    assert run.status == 0, run.output
    assert run.output.count("frontleft_fisheye_image (640, 480)") == 10
    assert run.refusals("ImageService/GetImage") == {"STATUS_UNKNOWN_CAMERA": 1}


def test_a_fiducial_is_followed(tmp_path: Path) -> None:
    scene = tmp_path / "tag.yaml"
    scene.write_text(TAG_SCENE)
    run = run_example("fiducial_follow.py", str(scene))
    assert run.status == 0, run.output
    assert "arrived" in run.output
    stopped = next(event for event in run.events if event["event"] == "stopped")
    assert isinstance(stopped["distance"], float)
    assert 1.5 < stopped["distance"] < 3.0


def test_the_estop_button_works() -> None:
    run = run_example("estop.py")
    assert run.status == 0, run.output
    answers = [line for line in run.output.splitlines() if line.startswith(("estopped", "software"))]
    assert answers == ["estopped: False", "estopped: True", "software: [1]", "estopped: False"]


def test_an_arm_command_finds_no_arm_and_the_exit_status_is_passed_through() -> None:
    run = run_example("arm_stow.py")
    assert run.status == 3, run.output
    assert "has an arm: False" in run.output
    assert "STATUS_INCOMPATIBLE_HARDWARE" in run.refusals("RobotCommandService/RobotCommandFeedback")  # type: ignore[operator]


def test_a_robot_docks_and_undocks(tmp_path: Path) -> None:
    scene = tmp_path / "dock.yaml"
    scene.write_text(TAG_SCENE.replace("id: 7, position: [3, 0, 0.6]", "id: 520, position: [2.4, 0, 0.4]"))
    program = (sys.executable, str(PROGRAMS / "dock_robot.py"), "--dock-id", "520", "127.0.0.1")
    run = execute("--port", "0", str(scene), program=program)
    assert run.status == 0, run.output
    told = [line for line in run.output.splitlines() if line.startswith("docked")]
    assert told == ["docked at 520", "docked at None"]


def test_an_image_service_is_found_and_looked_through_by_way_of_the_robot() -> None:
    run = run_example("image_service.py")
    assert run.status == 0, run.output
    assert "picture: (48, 64, 3)" in run.output
    method = "ImageService/GetImage of test-card-image-service"
    assert run.calls[method]["calls"] == 1
    assert run.refusals(method) == {}


def test_a_network_compute_worker_is_asked_by_way_of_the_robot() -> None:
    run = run_example("network_compute_worker.py")
    assert run.status == 0, run.output
    told = [line for line in run.output.splitlines() if line.startswith(("models", "found", "moments"))]
    assert told == [
        "models: ['brightest-spot']",
        "found: frontleft_fisheye_image bright 4 True",
        "found: frontright_fisheye_image bright 4 True",
        "moments: 1",
    ]
    assert run.refusals("NetworkComputeBridge/NetworkCompute") == {}


def test_two_clients_want_the_lease() -> None:
    run = run_example("two_leases.py")
    assert run.status == 0, run.output
    assert run.refusals("LeaseService/AcquireLease") == {"STATUS_RESOURCE_ALREADY_CLAIMED": 1}
    assert run.refusals("RobotCommandService/RobotCommand") == {"lease STATUS_OLDER": 1}


def test_the_sdk_s_own_port_needs_no_change_of_arguments() -> None:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", SDK_PORT))
        except OSError as error:
            pytest.skip(f"port {SDK_PORT} cannot be listened on here: {error}")
    code = (
        "import sys; from bosdyn.client import create_standard_sdk; "
        "print(create_standard_sdk('x').create_robot('127.0.0.1').get_id().species)"
    )
    run = execute(program=inline(code))
    assert run.status == 0, run.output
    assert "spot" in run.output.splitlines()


def test_only_the_fake_spot_is_trusted_also_by_children(tmp_path: Path) -> None:
    code = (
        "import os, subprocess, sys; print(os.environ['BOSDYN_CLIENT_USERNAME'], os.environ['BOSDYN_CLIENT_PASSWORD']);"
        "sys.exit(subprocess.call([sys.executable, '-c', 'from bosdyn.client import create_standard_sdk as c; "
        'from cryptography import x509; print(x509.load_pem_x509_certificate(c("x").cert).issuer.rfc4514_string())\']))'
    )
    real = {"BOSDYN_CLIENT_USERNAME": "admin", "BOSDYN_CLIENT_PASSWORD": "the real one", "http_proxy": "http://proxy:1"}
    run = execute("--port", "0", program=inline(code), environment=real)
    assert run.status == 0, run.output
    assert "user password" in run.output
    assert "CN=spot-agent fake Spot CA" in run.output


@pytest.mark.parametrize(
    ("program", "words"),
    [
        ((sys.executable, "-I", "-c", "pass"), "does not heed PYTHONPATH"),
        (("no-such-program-anywhere",), "there is no program"),
        ((), "name a program after --exec"),
    ],
)
def test_a_program_that_cannot_be_kept_from_a_robot_is_not_started(program: tuple[str, ...], words: str) -> None:
    run = execute("--port", "0", program=program)
    assert run.status == 2
    told = " ".join((run.output + json.dumps(run.events)).replace("│", " ").split())
    assert words in told
    assert "Traceback" not in run.output


def test_a_program_that_is_no_python_program_is_run_too() -> None:
    assert execute("--port", "0", program=("sh", "-c", "exit 7")).status == 7
    assert execute("--port", "0", program=("sh", "-c", "kill -9 $$")).status == 128 + signal.SIGKILL


WAITS = (
    "import signal, sys, time\n"
    # Whoever starts the tests in the background leaves this signal ignored.
    "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
    "try:\n    print('waiting', flush=True)\n    time.sleep(60)\n"
    "except KeyboardInterrupt:\n    print('interrupted', flush=True)\n    sys.exit(9)\n"
)


def test_ctrl_c_reaches_the_program_once_and_its_exit_status_is_kept() -> None:
    process = subprocess.Popen(
        command("--port", "0", program=inline(WAITS)),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    try:
        assert next(line for line in process.stderr if "waiting" in line)
        process.send_signal(signal.SIGINT)
        rest = process.stderr.read()
        assert process.wait(TIMEOUT) == 9
        assert rest.count("interrupted") == 1
    finally:
        process.kill()
        process.wait()
        process.stderr.close()
