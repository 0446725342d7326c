"""Speed of the fake Spot: ``python -m benchmarks.fake_spot [--quick]``.

Prints, with what is asked of it: how long it takes to start, how much faster than real time a stepped scene without
pictures runs, how much of a core ten cameras at 15 Hz use, and what eight clients at once get.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
from bosdyn.client import create_standard_sdk
from bosdyn.client.image import ImageClient, build_image_request
from bosdyn.client.robot import Robot
from bosdyn.client.robot_state import RobotStateClient

from simulator.calibration import CAMERA_NAMES
from simulator.fake_spot import FakeSpot
from simulator.robot.behaviours import Walk
from simulator.robot.body_state import Velocity
from simulator.robot.commands import Order

SOURCES = [f"{name}_{kind}" for name in CAMERA_NAMES for kind in ("fisheye_image", "depth")]
CLIENTS = 8
_SERVER = """
import json, sys
from simulator.fake_spot import FakeSpot
with FakeSpot(sys.argv[1]) as spot:
    print(json.dumps([spot.port, str(spot.ca_file)]), flush=True)
    spot.stand_up()
    sys.stdin.read()
"""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a fake Spot in another process listens, its process, and how long it took to start."""

    port: int
    ca_file: str
    process: psutil.Process
    start_seconds: float


def main() -> None:
    """Print a line for each figure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--scene", default="lobby")
    parser.add_argument("--quick", action="store_true", help="measure for 5 s in place of 20 s")
    arguments = parser.parse_args()
    seconds = 5.0 if arguments.quick else 20.0
    for speed in (0.0, 0.6):
        print(f"stepped, {stepped(arguments.scene, speed)}")
    with served(arguments.scene) as address:
        print(f"start-up: {address.start_seconds:.2f} s from the start of the process to the open port (wanted: < 2 s)")
        print(f"ten cameras at 15 Hz: {cameras(address, seconds)}")
        print(f"{CLIENTS} clients at once: {clients(address, seconds)}")


def stepped(scene: str, speed: float) -> str:
    """Run 60 s of a scene as fast as it goes, walking in a circle if the speed is not zero."""
    with FakeSpot(scene, clock="stepped") as spot:
        spot.stand_up()
        if speed:
            walk = Walk(Velocity(speed, 0.0, 0.5))
            spot.robot.runner.accept(Order("se2_velocity_request", behaviour=walk, end_time=spot.robot_time() + 100))
        begin = time.perf_counter()
        spot.step(60.0)
        taken = time.perf_counter() - begin
    return f"60 s at {speed:g} m/s: {taken:.2f} s, {60 / taken:.0f} times real time (wanted: 100)"


def cameras(address: Address, seconds: float) -> str:
    """Ask for five fisheye and five depth pictures 15 times a second."""
    images = connected(address, "cameras").ensure_client(ImageClient.default_service_name)
    requests = [build_image_request(name) for name in SOURCES]
    images.get_image(requests, timeout=20)
    cpu, begin, count = cpu_seconds(address.process), time.perf_counter(), 0
    while (now := time.perf_counter()) < begin + seconds:
        images.get_image(requests, timeout=20)
        count += 1
        time.sleep(max(0.0, begin + count / 15 - time.perf_counter()))
    share = (cpu_seconds(address.process) - cpu) / (now - begin)
    return f"{share:.2f} cores at {count / (now - begin):.1f} sets a second (wanted: < 1 core at 15)"


def clients(address: Address, seconds: float) -> str:
    """Let clients ask for the state ten times and for one picture five times a second."""
    late: list[float] = []
    stop = threading.Event()
    threads = [threading.Thread(target=_use, args=(address, index, stop, late)) for index in range(CLIENTS)]
    cpu, begin = cpu_seconds(address.process), time.perf_counter()
    for thread in threads:
        thread.start()
    time.sleep(seconds)
    stop.set()
    for thread in threads:
        thread.join()
    wall = time.perf_counter() - begin
    share = (cpu_seconds(address.process) - cpu) / wall
    late.sort()
    worst = late[int(len(late) * 0.99)]
    middle = statistics.median(late)
    return f"{len(late) / wall:.0f} calls a second, median {middle * 1e3:.1f} ms, 99 % in {worst * 1e3:.0f} ms, {share:.2f} cores"  # noqa: E501


def _use(address: Address, index: int, stop: threading.Event, late: list[float]) -> None:
    robot = connected(address, f"client-{index}")
    states = robot.ensure_client(RobotStateClient.default_service_name)
    images = robot.ensure_client(ImageClient.default_service_name)
    request = [build_image_request(SOURCES[index % len(SOURCES)])]
    beat = 0
    while not stop.wait(0.1):
        begin = time.perf_counter()
        states.get_robot_state(timeout=20)
        late.append(time.perf_counter() - begin)
        beat += 1
        if beat % 2:
            begin = time.perf_counter()
            images.get_image(request, timeout=20)
            late.append(time.perf_counter() - begin)


def cpu_seconds(process: psutil.Process) -> float:
    """User and system time of a process."""
    times = process.cpu_times()
    return float(times.user + times.system)


def connected(address: Address, name: str) -> Robot:
    """An SDK robot that has logged in."""
    sdk = create_standard_sdk(name, cert_resource_glob=address.ca_file)
    robot = sdk.create_robot("127.0.0.1", name)
    robot.update_secure_channel_port(address.port)
    robot.authenticate("user", "password", timeout=20)
    return robot


@contextmanager
def served(scene: str) -> Iterator[Address]:
    """A fake Spot in a process of its own, so that its CPU time is not mixed with the clients'."""
    command = [sys.executable, "-c", _SERVER, scene]
    root = Path(__file__).parents[1]
    begin = time.perf_counter()  # not by the process's own start time: that is only good to a second
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=root) as process:
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("the pipes to the fake Spot are missing")
        port, ca_file = json.loads(process.stdout.readline())
        yield Address(port, ca_file, psutil.Process(process.pid), time.perf_counter() - begin)
        process.stdin.close()


if __name__ == "__main__":
    main()
