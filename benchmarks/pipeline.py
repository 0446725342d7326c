"""The agent against the fake Spot: how long a reaction takes, what becomes of frames, and what it costs.

    python -m benchmarks.pipeline [--json]

Two runs. In the first the agent follows somebody in a rendered scene, at the camera rates of config.yaml; its latencies
are those of a user. In the second a real street video arrives faster than it can be looked at; the loop's throughput is
then compared with that of the bare LiteRT interpreter on the same frames.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import cv2
import numpy as np
import psutil
from rich.console import Console
from rich.table import Table

from benchmarks.memory_robot import MemoryRobot
from models import model_card
from models.letterbox import letterbox
from models.litert.cache import exported_model
from models.litert.runner import LitertRunner
from models.registry import ZOO
from spot_agent.cameras import StreamCounts
from spot_agent.cli.simulator_process import ReadyAddress, SimulatorProcess
from spot_agent.config import AgentConfig, CameraConfig, load_config
from spot_agent.reporting import DecisionLog, Latencies, LatencyMeter, StoryRecorder
from spot_agent.robot import Address, Credentials, Sent
from spot_agent.runtime import Agent, Listener, Session, Tick, load_detectors

ROOT = Path(__file__).parents[1]
VIDEO = ROOT / "tests" / "data" / "videos" / "pedestrians.mp4"
SECONDS = 20.0
# Frames must come faster than they can be looked at, but not so fast that serving them takes the loop's processor.
OVERSUPPLY = 1.3


@dataclass(frozen=True)
class Cost:
    """Processor and memory of one process: share of one core, and resident megabytes at most."""

    process: str
    cores: float
    megabytes: float


@dataclass(frozen=True)
class Throughput:
    """Frames a second: of the bare interpreter, of the loop, and the ratio of the two.

    ``busy`` is the share of the time that the loop's detector was running. Where the ratio is lower than it, the
    interpreter itself was slower than when it had the machine to itself: on two processor cores the fake Spot, which
    serves the frames, and the decoding of the next one take their share of memory and cores.
    """

    source: str
    interpreter: float
    loop: float
    ratio: float
    busy: float
    frames: int
    dropped: int


@dataclass(frozen=True)
class Report:
    """Everything that was measured."""

    latencies: Latencies
    frames: dict[str, StreamCounts]
    outside_detection_ms: float
    costs: Sequence[Cost]
    throughput: Sequence[Throughput]


class _Timer:
    """Counts frames from the first one on, and how long ours took outside the detectors."""

    def __init__(self) -> None:
        self.first: float | None = None
        self.last = 0.0
        self.frames = 0
        self.outside: list[float] = []
        self.detecting = 0.0

    def on_tick(self, tick: Tick) -> None:
        if tick.frame is None or tick.stages is None:
            return
        self.first = self.first or tick.time
        self.last = tick.time
        self.frames += 1
        times, stages = tick.frame.times, tick.stages
        ours = (times.decoded - times.received) + (stages.decided - stages.detected)
        self.outside.append(ours * 1e3)
        self.detecting += stages.detected - stages.taken

    def throughput(self, source: str, bare: float, counts: StreamCounts) -> Throughput:
        elapsed = self.last - (self.first or 0.0)
        loop = (self.frames - 1) / elapsed
        return Throughput(source, bare, loop, loop / bare, self.detecting / elapsed, self.frames, counts.dropped)

    def on_sent(self, sent: Sent) -> None:
        pass

    def on_end(self, counts: dict[str, StreamCounts]) -> None:
        pass


class _Meter:
    """Samples what a process costs, from a thread."""

    def __init__(self, name: str, process: psutil.Process) -> None:
        self._name, self._process = name, process
        self._peak, self._end = 0, threading.Event()
        self._start, self._cpu = time.monotonic(), sum(process.cpu_times()[:2])
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while not self._end.wait(0.2):
            self._peak = max(self._peak, self._process.memory_info().rss)

    def stop(self) -> Cost:
        self._end.set()
        self._thread.join()
        used = sum(self._process.cpu_times()[:2]) - self._cpu
        return Cost(self._name, used / (time.monotonic() - self._start), self._peak / 1e6)


def bare_interpreter_rate(frames: Sequence[np.ndarray], threads: int) -> float:
    """Frames a second of the interpreter alone; the pictures are prepared beforehand."""
    defaults = model_card("objects").defaults
    path = exported_model(ZOO / "objects" / "model.keras", defaults.input_size, defaults.precision)
    runner = LitertRunner(path, threads=threads)
    _, height, width, _ = runner.input_shape
    prepared = [letterbox(frame, height, width).canvas[np.newaxis] for frame in frames]
    for picture in prepared[:5]:
        runner.run(picture)
    times = []
    for _ in range(3):
        for picture in prepared:
            start = time.perf_counter()
            runner.run(picture)
            times.append(time.perf_counter() - start)
    return 1.0 / float(np.median(times))


def video_frames(count: int = 60) -> list[np.ndarray]:
    """The first frames of the street video, RGB."""
    capture, frames = cv2.VideoCapture(str(VIDEO)), []
    while len(frames) < count:
        read, frame = capture.read()
        if not read:
            break
        frames.append(cv2.cvtColor(frame, cv2.COLOR_BGR2RGB))
    return frames


def measure_throughput(folder: Path) -> tuple[Throughput, Throughput]:
    """Let frames come faster than they can be looked at: from this process's memory, and from the fake Spot."""
    config = load_config(ROOT / "config.yaml")
    pictures = video_frames()
    threads = next(iter(config.detectors.values())).threads
    before = bare_interpreter_rate(pictures, threads)
    # The rate is beyond what config.yaml allows, since no robot gives it.
    rate = min(100.0, OVERSUPPLY * before)
    fast = config.model_copy(update={"cameras": {"frontleft": CameraConfig.model_construct(rate=rate, depth=False)}})
    memory, served = _Timer(), _Timer()
    agent = Agent(MemoryRobot(pictures), fast, load_detectors(fast), [memory, *_usual(folder)], moves=False)
    end = time.monotonic() + SECONDS
    agent.run(lambda: time.monotonic() > end)
    # A machine that others use, too, is not always as fast: the yardstick is the mean of before and after.
    bare = (before + bare_interpreter_rate(pictures, threads)) / 2
    with SimulatorProcess(["--frames", str(VIDEO), "--rate", str(rate)]) as simulator:
        frames = _run(fast, simulator.wait_until_ready(), [served, *_usual(folder)], watch_only=True)
    return (
        memory.throughput("from memory", bare, agent.counts["frontleft"]),
        served.throughput("from the fake Spot on the same computer", bare, frames["frontleft"]),
    )


def _usual(folder: Path) -> list[Listener]:
    """What listens to every run of a user, so that its cost counts."""
    return [DecisionLog(folder, Path("config.yaml")), StoryRecorder("benchmark")]


def _run(
    config: AgentConfig, ready: ReadyAddress, listeners: Sequence[Listener], *, watch_only: bool
) -> dict[str, StreamCounts]:
    session = Session(config, load_detectors(config), listeners, watch_only=watch_only, progress=lambda _: None)
    end = time.monotonic() + SECONDS
    address = Address(ready.host, ready.port, ready.ca_file)
    return session.run(address, Credentials("bench", "bench"), lambda: time.monotonic() > end).frames


def measure(folder: Path) -> Report:
    """Make both runs."""
    throughput = measure_throughput(folder)
    config = load_config(ROOT / "config.yaml")
    meter, timer = LatencyMeter(), _Timer()
    with SimulatorProcess(["lobby"]) as simulator:
        ready = simulator.wait_until_ready()
        costs = [_Meter("agent", psutil.Process()), _Meter("fake Spot", psutil.Process(simulator.pid))]
        frames = _run(config, ready, [meter, timer, *_usual(folder)], watch_only=False)
        measured = [cost.stop() for cost in costs]
    return Report(meter.summary(), frames, float(np.median(timer.outside)), measured, throughput)


def show(report: Report, console: Console) -> None:
    """Print it for people."""
    table = Table(title="Milliseconds from the camera to the command (robot time)", title_justify="left")
    for column in ("stage", "p50", "p95", "p99", "values"):
        table.add_column(column, justify="left" if column == "stage" else "right")
    for stage, value in asdict(report.latencies).items():
        if value is not None:
            table.add_row(stage, *(f"{value[key]:.1f}" for key in ("p50", "p95", "p99")), str(value["count"]))
    console.print(table)
    console.print(f"ours outside detection, median: {report.outside_detection_ms:.1f} ms a frame")
    for camera, count in report.frames.items():
        console.print(f"{camera}: {count.received} frames, {count.dropped} dropped, {count.failed} failed")
    for cost in report.costs:
        console.print(f"{cost.process}: {cost.cores:.2f} of a core, {cost.megabytes:.0f} MB at most")
    for one in report.throughput:
        console.print(
            f"throughput with frames {one.source}: loop {one.loop:.1f} frames/s, "
            f"bare interpreter {one.interpreter:.1f}, ratio {one.ratio:.2f}; "
            f"detector busy {one.busy:.0%} of the time, "
            f"{one.frames} frames looked at, {one.dropped} replaced by newer ones"
        )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        report = measure(Path(folder))
    if arguments.json:
        sys.stdout.write(json.dumps(asdict(report), indent=2) + "\n")
    else:
        show(report, Console())


if __name__ == "__main__":
    main()
