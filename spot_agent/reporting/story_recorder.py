"""Remembers a run, so that one picture can tell it afterwards."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from behaviors import SE2Pose
from spot_agent.cameras import StreamCounts
from spot_agent.reporting.latency import LatencyMeter
from spot_agent.reporting.palette import Palette
from spot_agent.reporting.phrases import worded
from spot_agent.reporting.story import Moment, MomentKind, Story, TruePath
from spot_agent.reporting.story_moments import MomentKeeper
from spot_agent.reporting.story_sights import Sights
from spot_agent.reporting.story_slices import HOLDS, Slices
from spot_agent.reporting.story_tally import Tallies
from spot_agent.robot import Sent
from spot_agent.runtime.tick import Tick

FIRST_STEADY_PERIOD = 1.0  # s; a picture is kept that often even if nothing changes, and later less often
MAX_CUE_NAMES = 64


class StoryRecorder:
    """A listener that remembers a run in bounded memory: 28 MB of pictures at most, and 1024 slices of time.

    Args:
        title: Names the scene or the configuration.
    """

    def __init__(self, title: str) -> None:
        self._title = title
        self._lock = threading.Lock()
        self._slices, self._keeper, self._latency = Slices(), MomentKeeper(), LatencyMeter()
        self._acted, self._noted = Tallies(HOLDS), Tallies(HOLDS)
        self._palette = Palette()
        self._rules: tuple[str, ...] = ()
        self._seen: dict[str, None] = {}
        self._start: float | None = None
        self._newest: Tick | None = None
        self._sights = Sights(self._palette)
        self._frames = 0
        self._positions_known = False
        self._next_steady = FIRST_STEADY_PERIOD

    def on_tick(self, tick: Tick) -> None:
        """Remember one turn of the loop."""
        with self._lock:
            if self._start is None:
                self._start = tick.time
            time = max(0.0, tick.time - self._start)
            self._notice(tick)
            kind = self._kind(tick, time)
            if kind is not None and self._keeper.wants(time, kind):
                self._keep(tick, time, kind)
            self._seen |= dict.fromkeys(cue.name for cue in tick.cues if len(self._seen) < MAX_CUE_NAMES)
            self._slices.add(time, tick)
            self._acted.add(time, [] if tick.decision.rule is None else [tick.decision.rule])
            self._noted.add(time, map(worded, tick.governed.notes))
            self._newest = tick

    def on_sent(self, sent: Sent) -> None:
        """Remember how long the robot took to react."""
        self._latency.on_sent(sent)

    def on_end(self, counts: dict[str, StreamCounts]) -> None:
        """Nothing: the story ends with the newest turn of the loop."""

    def story(self, true_paths: Sequence[TruePath] = ()) -> Story:
        """What is remembered so far.

        Args:
            true_paths: Where things truly went, if a simulator tells.
        """
        with self._lock:
            newest, start = self._newest, self._start
            if newest is None or start is None:
                return Story(self._title, true_paths=tuple(true_paths))
            duration = max(0.0, newest.time - start)
            return Story(
                title=self._title, duration=duration, step=self._slices.step, slices=self._slices.all,
                rules=self._rules, cues=tuple(self._seen), moments=self._moments_to_end(newest, duration),
                rule_tallies=self._acted.all, note_tallies=self._noted.all, frames=self._frames,
                reaction=self._latency.reaction(), positions_known=self._positions_known,
                watching=newest.watching, true_paths=tuple(true_paths),
            )  # fmt: skip

    def picture(self, path: Path, true_paths: Sequence[TruePath] = ()) -> None:
        """Draw the story as one PNG picture.

        Args:
            path: Where to write it; its folder exists.
            true_paths: Where things truly went, if a simulator tells.

        Raises:
            OSError: It cannot be written.
        """
        # Matplotlib takes most of a second to load; a run that is never drawn does not pay for it.
        from spot_agent.reporting.story_picture import draw_story

        draw_story(self.story(true_paths), path, self._palette)

    def _notice(self, tick: Tick) -> None:
        if not self._rules:
            self._rules = tuple(report.rule for report in tick.decision.reports)
        self._sights.add(tick)
        if tick.frame is not None:
            self._frames += bool(tick.looked)
            self._positions_known |= tick.frame.body is not None
        self._positions_known |= tick.state.pose != SE2Pose(0.0, 0.0, 0.0)

    def _kind(self, tick: Tick, time: float) -> MomentKind | None:
        """Why this turn of the loop is worth a picture; ``None`` if it is not."""
        before = self._newest
        if before is None or not self._keeper.moments:
            return MomentKind.START
        if tick.decision.rule != before.decision.rule:
            return MomentKind.RULE_ENDED if tick.decision.rule is None else MomentKind.ACTS
        if type(tick.governed.command) is not type(before.governed.command):
            return MomentKind.COMMAND
        if any(cue.name not in self._seen for cue in tick.cues):
            return MomentKind.SEEN
        if time >= self._next_steady:
            self._next_steady = time * 1.25 + FIRST_STEADY_PERIOD
            return MomentKind.STEADY
        return None

    def _keep(self, tick: Tick, time: float, kind: MomentKind) -> None:
        moment = self._sights.moment(tick, self._newest, time, kind)
        if moment is not None:
            self._keeper.add(moment)

    def _moments_to_end(self, newest: Tick, duration: float) -> tuple[Moment, ...]:
        moments = self._keeper.moments
        end = self._sights.moment(newest, newest, duration, MomentKind.END)
        if end is None or (moments and moments[-1].time >= duration):
            return moments
        return (*moments, replace(end, caption=f"end: {end.caption}"))
