"""The loop: newest frames in, governed commands out."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from behaviors import Decision, Governor, Posture, Sit, Stop
from models import Detector
from spot_agent.cameras import CameraStream, StreamCounts
from spot_agent.config import WORLD_OBJECTS, AgentConfig
from spot_agent.errors import ConnectionFailed
from spot_agent.perception import ObstacleWatch, TagSpotter, Track, Tracker
from spot_agent.robot.tag_watch import TagSource
from spot_agent.runtime.decide import Decider
from spot_agent.runtime.detector_slots import DetectorSlots
from spot_agent.runtime.looking import Look, Looker, NewestFrames
from spot_agent.runtime.news import News, NewsListener
from spot_agent.runtime.robot_link import RobotLink
from spot_agent.runtime.schedule import LookSchedule
from spot_agent.runtime.tick import Listener, Stages, Tick

RENEW_PERIOD = 0.1  # s; without a new frame, a decision is renewed that often
SITTING_TIMEOUT = 6.0  # s


@dataclass(frozen=True, slots=True)
class _TagEye:
    """Fiducials that the robot itself reports, and what makes sightings of them."""

    source: TagSource
    spotter: TagSpotter


class Agent:
    """Looks, decides and commands until it is told to end.

    Args:
        spot: The robot.
        config: What to look for and what to do.
        detectors: The detectors by their names in config.yaml.
        listeners: Who sees what it does.
        moves: Whether it may move the robot.

    Attributes:
        slots: The detectors, where others can take their places while it runs.

    Raises:
        RobotRefused: The robot has none of the cameras of config.yaml, or no world objects where it asks for them.
    """

    def __init__(
        self,
        spot: RobotLink,
        config: AgentConfig,
        detectors: Mapping[str, Detector],
        listeners: Sequence[Listener],
        *,
        moves: bool,
    ) -> None:
        self._spot, self._listeners = spot, listeners
        self._tracker = Tracker(config)
        self._obstacles = ObstacleWatch()
        self._decider = Decider(config, stand_first=moves and config.robot.stand)
        self._governor = Governor(config.safety)
        self._tracks: Sequence[Track] = ()
        usable = spot.usable_cameras(config.cameras)
        self._frames = NewestFrames(
            lambda arrived: {
                camera: CameraStream(
                    camera,
                    spot.image_set(camera, config.cameras[camera]),
                    config.cameras[camera].rate,
                    spot.clock.now,
                    arrived,
                )
                for camera in usable
            }
        )
        self.slots = DetectorSlots(config, detectors, self.tell, spot.clock.now)
        self._looker = Looker(self._frames, self.slots, LookSchedule(config), spot.clock.now)
        self._tags = [
            _TagEye(spot.tag_source(config.look_rate(name, "")), TagSpotter(config, name))
            for name, detector in config.detectors.items()
            if detector.model == WORLD_OBJECTS
        ]

    def run(self, ended: Callable[[], bool]) -> None:
        """Run until ``ended`` says so, then stop and sit.

        Args:
            ended: Asked at every turn of the loop.

        Raises:
            ConnectionFailed: The robot has stopped answering.
        """
        for source in self._sources:
            source.start()
        self._looker.start()
        try:
            while not ended():
                if self._spot.lost:
                    raise ConnectionFailed("the robot has stopped answering", hint="check the network, then run again")
                self._spot.heartbeat()
                self._turn(self._looker.take(RENEW_PERIOD))
        finally:
            self._settle()
            self._looker.stop()
            for source in self._sources:
                source.stop()
            for listener in self._listeners:
                listener.on_end(self.counts)

    def tell(self, news: News) -> None:
        """Tell of what happens beside the loop's turns, from any thread."""
        for listener in self._listeners:
            if isinstance(listener, NewsListener):
                listener.on_news(news)

    @property
    def _sources(self) -> list[CameraStream | TagSource]:
        return [*self._frames.streams.values(), *(eye.source for eye in self._tags)]

    @property
    def counts(self) -> dict[str, StreamCounts]:
        """What became of each camera's frames."""
        return {camera: stream.counts for camera, stream in self._frames.streams.items()}

    def _turn(self, look: Look | None) -> None:
        now = self._spot.clock.now
        if look is not None:
            self._tracks = self._tracker.update(look.found, look.frame, look.looked, look.rejected)
            self._obstacles.look(look.frame)
        for eye in self._tags:
            self._tracks = self._tracker.take_in(eye.spotter.sightings(eye.source.take()))
        tracked = now()
        state = replace(self._spot.state, obstacle_ahead=self._obstacles.free_ahead(tracked))
        rejected = () if look is None else look.rejected
        verdict = self._decider.decide(self._tracks, state, tracked, rejected)
        decided = now()
        self._spot.send(verdict.governed, look.frame.times.acquired if look is not None and look.looked else None)
        tick = Tick(
            time=tracked,
            frame=None if look is None else look.frame,
            detections=() if look is None else look.detections,
            tracks=[track for track in self._tracks if track.believed is not None],
            cues=verdict.cues,
            state=state,
            decision=verdict.decision,
            governed=verdict.governed,
            stages=None if look is None else Stages(look.taken, look.detected, tracked, decided),
            watching=self._spot.watching,
            counts=self.counts,
            looked=() if look is None else look.looked,
            rejected=rejected,
            doubted=verdict.doubted,
        )
        for listener in self._listeners:
            listener.on_tick(tick)

    def _settle(self) -> None:
        """Stop and sit before the motors are powered off, by the same way as every other command."""
        deadline = time.monotonic() + SITTING_TIMEOUT
        for command, done in ((Stop(), {Posture.SITTING, Posture.STANDING}), (Sit(), {Posture.SITTING})):
            decision = Decision(self._spot.clock.now(), None, command, None, None, ())
            while time.monotonic() < deadline and not self._spot.lost:
                state = self._spot.state
                if not state.powered or not state.lease_held or state.posture in done:
                    break
                self._spot.heartbeat()
                self._spot.send(self._governor.govern(decision, (), state, decision.time), None)
                self._spot.wait_for_state()
