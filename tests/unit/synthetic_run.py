"""A made-up run for tests of what people look at: a person is followed, shows a stop sign, and leaves."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from behaviors import (
    Cue,
    Engine,
    Governor,
    Memory,
    Point2,
    Posture,
    RobotState,
    Rule,
    SafetyLimits,
    SE2Pose,
    SE2Velocity,
    Sit,
    Stand,
    Stop,
    Walk,
)  # fmt: skip
from models import Box, Detection
from spot_agent.cameras import Frame, FrameTimes, Upright
from spot_agent.perception import Sighting, Track
from spot_agent.robot import Sent
from spot_agent.runtime.tick import Stages, Tick

PHOTOS = Path(__file__).parents[1] / "data" / "photos"
START = 1_700_000_000.0
PERIOD = 0.1

RULES: list[dict[str, Any]] = [
    {
        "name": "sit at the stop sign",
        "when": {"cue": "stop sign", "distance": "< 5 m"},
        "do": "sit",
        "priority": 20,
        "cooldown": "3 s",
    },
    {"name": "stand up again", "when": {"cue": "stop sign", "lost_for": "1 s"}, "do": "stand", "priority": 10},
    {
        "name": "follow the person",
        "when": {"cue": "person", "distance": "< 8 m"},
        "do": {"follow": {"distance": "1 m", "speed": "1.2 m/s"}},
        "priority": 5,
    },
    {"name": "look at the person", "when": {"cue": "person"}, "do": "turn to", "priority": 1},
]


def photo(name: str) -> NDArray[np.uint8]:
    return cv2.cvtColor(cv2.imread(str(PHOTOS / name), cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)


def person_position(time: float) -> Point2 | None:
    if not 3.0 <= time < 26.0:
        return None
    if time < 12.0:
        return Point2(4.5 + 0.25 * (time - 3), 2.0 - 0.45 * (time - 3))
    if time < 18.0:
        return Point2(6.75, -2.05)
    return Point2(6.75 + 0.3 * (time - 18), -2.05 + 0.6 * (time - 18))


def sign_position(time: float) -> Point2 | None:
    return Point2(6.5, -1.9) if 12.0 <= time < 17.0 else None


class SyntheticRun:
    """Ticks of a run, made with the real engine and governor and a robot that does at once what it is told."""

    def __init__(
        self, duration: float = 32.0, *, grey: bool = False, frames: bool = True, positions: bool = True,
        raw_rules: list[dict[str, Any]] | None = None, empty: bool = False, watching: str | None = None,
    ) -> None:  # fmt: skip
        self.duration, self.grey, self.frames, self.positions, self.empty = duration, grey, frames, positions, empty
        self.watching = watching
        self.engine = Engine([Rule.model_validate(rule) for rule in raw_rules or RULES])
        self.governor = Governor(SafetyLimits())
        self._pictures = [photo(f"pedestrians_{number}.jpg") for number in ("000", "120", "300", "500")]
        self._random = np.random.default_rng(4)

    def ticks(self) -> Iterator[Tick]:
        state = RobotState(START, posture=Posture.SITTING, powered=True, lease_held=True, estop_alive=True,
                           time_synced=True, battery=0.82)  # fmt: skip
        memory = Memory()
        for index in range(max(1, round(self.duration / PERIOD))):
            seconds = index * PERIOD
            now = START + seconds
            state = replace(state, time=now)
            frame = self._frame(seconds, now, state.pose) if self.frames else None
            tracks, detections = self._sights(seconds % 32.0, now, state.pose)
            cues = [self._cue(track, state.pose, now) for track in tracks]
            outcome = self.engine.decide(cues, state, now, memory)
            memory, decision = outcome.memory, outcome.decision
            if seconds < 2.5:
                decision = replace(decision, rule=None, command=Stand())
            governed = self.governor.govern(decision, cues, state, now)
            stages = Stages(now + 0.02, now + 0.06, now + 0.062, now + 0.063) if frame else None
            looked = ("objects",) if frame else ()
            yield Tick(
                now, frame, detections, tracks, cues, state, decision, governed, stages, self.watching, looked=looked
            )
            state = self._moved(state, governed.command, seconds)

    def sent(self, tick: Tick) -> Sent:
        cause = None if tick.frame is None else tick.frame.times.acquired
        return Sent(tick.governed.command or Stop(), tick.time + 0.065, tick.time + 0.08, cause, None)

    def _frame(self, seconds: float, now: float, body: SE2Pose) -> Frame:
        image = self._pictures[int(seconds / 4) % 4].copy()
        if sign_position(seconds % 32.0) is not None:
            angles = np.arange(8) * math.pi / 4 + math.pi / 8
            corners = np.stack([640 + 45 * np.cos(angles), 200 + 45 * np.sin(angles)], axis=1).astype(np.int32)
            cv2.fillPoly(image, [corners], (205, 30, 35))
            cv2.putText(image, "STOP", (603, 210), cv2.FONT_HERSHEY_SIMPLEX, 0.9, (255, 255, 255), 3)
        if self.grey:
            image = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
        camera = "frontleft" if round(seconds / PERIOD) % 2 else "frontright"
        times = FrameTimes(now - 0.04, now - 0.01, now)
        upright = Upright.by_roll(0.0, image.shape[1], image.shape[0])
        return Frame(camera, image, times, upright, body=body if self.positions else None)

    def _sights(self, seconds: float, now: float, pose: SE2Pose) -> tuple[list[Track], list[Detection]]:
        if self.empty:
            return [], []
        camera = "frontleft" if round(seconds / PERIOD) % 2 else "frontright"
        detections = [
            Detection("backpack", 0.31, Box(20, 380, 90, 470)),
            Detection("person", 0.22, Box(0, 90, 40, 190)),
        ]
        tracks = []
        for track_id, label, position, box, score in (
            (1, "person", person_position(seconds), Box(498, 155, 531, 234), 0.86),
            (2, "stop sign", sign_position(seconds), Box(592, 152, 688, 248), 0.93),
        ):
            if position is None:
                continue
            detections.append(Detection(label, score, box))
            jitter = self._random.normal(0, 0.05, 2)
            place = Point2(position.x + jitter[0], position.y + jitter[1]) if self.positions else None
            sighting = Sighting(camera, now - 0.04, track_id, "objects", label, score, box, place)
            tracks.append(Track(track_id, label, now - 1.0, sighting, place))
        return tracks, detections

    def _cue(self, track: Track, pose: SE2Pose, now: float) -> Cue:
        seen = None if track.position is None else pose.to_body(track.position)
        return Cue(
            track.label, track.track_id, track.latest.score, 1.0, 0.04,
            None if seen is None else math.hypot(seen.x, seen.y),
            None if seen is None else math.atan2(seen.y, seen.x), track.position, track.label == "person",
        )  # fmt: skip

    def _moved(self, state: RobotState, command: object, seconds: float) -> RobotState:
        velocity, posture = SE2Velocity(), state.posture
        match command:
            case Walk(wanted):
                velocity, posture = wanted, Posture.STEPPING
            case Sit():
                posture = Posture.SITTING if state.posture in (Posture.SITTING, Posture.CHANGING) else Posture.CHANGING
            case Stand():
                posture = Posture.CHANGING if seconds < 2.0 else Posture.STANDING
            case Stop():
                posture = Posture.STANDING if state.posture is Posture.STEPPING else state.posture
        velocity = SE2Velocity(
            0.7 * state.velocity.linear_x + 0.3 * velocity.linear_x, 0.0,
            0.7 * state.velocity.angular + 0.3 * velocity.angular,
        )  # fmt: skip
        if not self.positions:
            return replace(state, posture=posture)
        ahead = state.pose.from_body(Point2(velocity.linear_x * PERIOD, 0.0))
        pose = SE2Pose(ahead.x, ahead.y, state.pose.yaw + velocity.angular * PERIOD)
        return replace(state, pose=pose, velocity=velocity, posture=posture)
