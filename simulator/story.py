"""The scene's time, the samples taken in it, and the judgement at its end."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

from simulator.entries import EventEntry, PersonEntry, SampleEntry
from simulator.events import SceneEnded, SceneStarted, SimulatorEvent
from simulator.journal import Journal
from simulator.robot.robot import Robot
from simulator.scene import RobotSample, Scene, Verdict, judge
from simulator.truth import posture

SAMPLE_RATE = 20
"""Samples of the true robot a second."""


@dataclass(frozen=True, slots=True)
class _Sample:
    entry: SampleEntry
    robot: RobotSample


class Story:
    """Runs beside the robot's tick: starts the scene, samples the robot, ends and judges the scene.

    Args:
        scene: The scene; without one, time starts at launch and never ends.
        journal: Told of samples and events.
        emit: Told of the scene's start and end, from the thread that ticks.
    """

    def __init__(self, scene: Scene | None, journal: Journal, emit: Callable[[SimulatorEvent], None]) -> None:
        self.scene = scene
        self._journal = journal
        self._emit = emit
        self._started_at: float | None = None
        self._next_sample = 0
        self._samples: list[RobotSample] = []
        self._verdicts: tuple[Verdict, ...] | None = None
        self._lock = threading.Lock()

    def time_at(self, uptime: float) -> float | None:
        """Scene time in seconds at an uptime; ``None`` before the scene starts."""
        started = self._started_at
        return None if started is None else uptime - started

    def world_time_at(self, uptime: float) -> float:
        """The scene time that the cameras show: before the scene starts, its first moment."""
        return max(0.0, self.time_at(uptime) or 0.0)

    @property
    def verdicts(self) -> tuple[Verdict, ...] | None:
        """The judgement; ``None`` before the scene has ended."""
        return self._verdicts

    def judge_now(self) -> tuple[Verdict, ...]:
        """Judge by the samples so far."""
        if self.scene is None:
            return ()
        with self._lock:
            samples = list(self._samples)
        return tuple(judge(self.scene.expectations, self.scene, samples))

    def tick(self, robot: Robot) -> None:
        """Follow the robot's newest step."""
        uptime = robot.moment.uptime
        if self._started_at is None and self._shall_start(robot):
            self._started_at = uptime
            if self.scene is not None:
                self._tell(robot, "scene started", SceneStarted(self.scene.name))
        time = self.time_at(uptime)
        if time is None or time * SAMPLE_RATE < self._next_sample:
            return
        self._next_sample += 1
        if self._verdicts is None:
            self._sample(robot, time)
            if self.scene is not None and time >= self.scene.duration:
                self._verdicts = self.judge_now()
                self._tell(robot, "scene ended", SceneEnded(self.scene.name, self._verdicts))

    def _shall_start(self, robot: Robot) -> bool:
        return self.scene is None or self.scene.starts == "at launch" or robot.body.is_standing

    def _sample(self, robot: Robot, time: float) -> None:
        body = robot.body
        now = posture(robot)
        self._journal.add(
            SampleEntry(
                robot_time=robot.clock.at(robot.moment.uptime),
                time=round(time, 3),
                x=round(body.x, 4),
                y=round(body.y, 4),
                yaw=round(body.yaw, 4),
                height=round(body.height, 4),
                speed=round(body.velocity.speed, 4),
                turn_rate=round(body.velocity.turn, 4),
                posture=now,
                powered=robot.power.is_on,
                people=self._people(time),
            )
        )
        if self.scene is not None:
            with self._lock:
                self._samples.append(RobotSample(time, body.x, body.y, body.yaw, body.velocity.speed, now))

    def _people(self, time: float) -> tuple[PersonEntry, ...]:
        if self.scene is None:
            return ()
        names = (item.name for item in self.scene.objects if item.kind == "person")
        people = (self.scene.object_at(name, time) for name in names)
        return tuple(PersonEntry(item.name, round(item.x, 3), round(item.y, 3)) for item in people if item.visible)

    def _tell(self, robot: Robot, name: str, event: SimulatorEvent) -> None:
        started = self._started_at
        time = None if started is None else self._next_sample / SAMPLE_RATE
        self._journal.add(EventEntry(robot.clock.at(robot.moment.uptime), time, name))
        self._emit(event)
