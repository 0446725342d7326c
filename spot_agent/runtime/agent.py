"""The loop: newest frames in, governed commands out."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence

from behaviors import Decision, GovernedCommand, Governor, Posture, Sit, Stop
from models import Detection, Detector
from spot_agent.cameras import CameraStream, Frame, StreamCounts
from spot_agent.config import AgentConfig
from spot_agent.errors import ConnectionFailed
from spot_agent.perception import Track, Tracker
from spot_agent.robot import Spot
from spot_agent.runtime.decide import Decider
from spot_agent.runtime.tick import Listener, Stages, Tick

RENEW_PERIOD = 0.1  # s; without a new frame, a decision is renewed that often
SITTING_TIMEOUT = 6.0  # s


class Agent:
    """Looks, decides and commands until it is told to end.

    Args:
        spot: A connected robot.
        config: What to look for and what to do.
        detectors: The detectors by their names in config.yaml.
        listeners: Who sees what it does.
        moves: Whether it may move the robot.
    """

    def __init__(
        self,
        spot: Spot,
        config: AgentConfig,
        detectors: Mapping[str, Detector],
        listeners: Sequence[Listener],
        *,
        moves: bool,
    ) -> None:
        self._spot, self._config, self._detectors, self._listeners = spot, config, detectors, listeners
        self._wanted = {(cue.detector, cue.label) for cue in config.cues.values()}
        self._arrived = threading.Condition()
        self._news = 0
        self._tracker = Tracker(config)
        self._decider = Decider(config, stand_first=moves and config.robot.stand)
        self._governor = Governor(config.safety)
        self._tracks: Sequence[Track] = ()
        self._streams = {
            camera: CameraStream(
                camera,
                spot.image_set(camera, config.cameras[camera]),
                config.cameras[camera].rate,
                spot.clock.now,
                self._wake,
            )
            for camera in spot.usable_cameras(config.cameras)
        }
        self._last_looked_at = dict.fromkeys(self._streams, 0.0)

    def run(self, ended: Callable[[], bool]) -> None:
        """Run until ``ended`` says so, then stop and sit.

        Args:
            ended: Asked at every turn of the loop.

        Raises:
            ConnectionFailed: The robot has stopped answering.
        """
        for stream in self._streams.values():
            stream.start()
        try:
            while not ended():
                if self._spot.lost:
                    raise ConnectionFailed("the robot has stopped answering", hint="check the network, then run again")
                self._spot.heartbeat()
                self._turn(self._next_frame())
        finally:
            for stream in self._streams.values():
                stream.stop()
            self._settle()
            for listener in self._listeners:
                listener.on_end(self.counts)

    @property
    def counts(self) -> dict[str, StreamCounts]:
        """What became of each camera's frames."""
        return {camera: stream.counts for camera, stream in self._streams.items()}

    @property
    def failures(self) -> dict[str, str]:
        """Why each camera fails that does."""
        return {camera: stream.failure for camera, stream in self._streams.items() if stream.failure is not None}

    def _wake(self) -> None:
        with self._arrived:
            self._news += 1
            self._arrived.notify()

    def _next_frame(self) -> Frame | None:
        """The newest frame of the camera that was looked at least recently; ``None`` if none comes in time."""
        deadline = time.monotonic() + RENEW_PERIOD
        while True:
            with self._arrived:
                news = self._news
            for camera in sorted(self._streams, key=self._last_looked_at.__getitem__):
                frame = self._streams[camera].take()
                if frame is not None:
                    self._last_looked_at[camera] = time.monotonic()
                    return frame
            left = deadline - time.monotonic()
            with self._arrived:
                if self._news == news and left > 0:
                    self._arrived.wait(left)
                elif self._news == news:
                    return None

    def _turn(self, frame: Frame | None) -> None:
        now = self._spot.clock.now
        taken = now()
        detections = [] if frame is None else self._detect(frame)
        detected = now()
        if frame is not None:
            self._tracks = self._tracker.update(detections, frame)
        state, tracked = self._spot.state, now()
        verdict = self._decider.decide(self._tracks, state, tracked)
        decided = now()
        self._spot.send(verdict.governed, None if frame is None else frame.times.acquired)
        tick = Tick(
            time=tracked, frame=frame, detections=detections, tracks=self._tracks, cues=verdict.cues, state=state,
            decision=verdict.decision, governed=verdict.governed,
            stages=None if frame is None else Stages(taken, detected, tracked, decided),
            watching=self._spot.watching,
        )  # fmt: skip
        for listener in self._listeners:
            listener.on_tick(tick)

    def _detect(self, frame: Frame) -> list[Detection]:
        return [
            found
            for name, detector in self._detectors.items()
            for found in detector.detect([frame.image])[0]
            if (name, found.label) in self._wanted
        ]

    def _settle(self) -> None:
        """Stop and sit before the motors are powered off, by the same way as every other command."""
        deadline = time.monotonic() + SITTING_TIMEOUT
        for command in (Stop(), Sit()):
            state = self._spot.state
            if not state.powered or not state.lease_held:
                return
            decision = Decision(self._spot.clock.now(), None, command, None, None, ())
            governed: GovernedCommand = self._governor.govern(decision, (), state, decision.time)
            done = {Posture.SITTING} if isinstance(command, Sit) else {Posture.SITTING, Posture.STANDING}
            while self._spot.state.posture not in done and time.monotonic() < deadline and not self._spot.lost:
                self._spot.heartbeat()
                self._spot.send(governed, None)
                self._spot.wait_for_state()
