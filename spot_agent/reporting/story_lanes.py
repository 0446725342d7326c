"""The lanes of a story's time line: what was seen, which rule acted, where the governor stepped in."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from behaviors import Verdict
from spot_agent.reporting.palette import Palette
from spot_agent.reporting.phrases import is_refusal, shorten, worded
from spot_agent.reporting.sheet import FONT, GRID, INK, MUTED, NORMAL, PAPER, SMALL, Area, Sheet
from spot_agent.reporting.story import Slice, Story
from spot_agent.reporting.story_runs import Run, runs

MAX_RULES, MAX_CUES, MAX_KINDS = 20, 8, 4
SECTION_GAP = 0.45  # lanes
ACTING, OUTRANKED, COOLING = "#27364f", "#bcc6d8", "#8d97a8"
REFUSALS, REDUCTIONS = ("#d22f2f", "#8f1d4a"), ("#e9a100", "#b06f00", "#d9743a")


@dataclass(frozen=True, slots=True)
class Lanes:
    """Which lanes a story has.

    Attributes:
        cues: One lane each.
        rules: One lane each.
        left_out: Rules without a lane, since none of them ever wanted to act or there are too many.
        governed: Whether there is a lane for the governor.
    """

    cues: tuple[str, ...]
    rules: tuple[str, ...]
    left_out: int
    governed: bool

    @property
    def height(self) -> float:
        """In lanes, with the gaps between the sections."""
        sections = [len(self.cues), len(self.rules), 1 if self.governed else 0, 0.8 if self.left_out else 0]
        return sum(sections) + SECTION_GAP * max(0, sum(1 for size in sections[:3] if size) - 1)


def plan_lanes(story: Story) -> Lanes:
    """Choose the lanes: every cue that was seen, and the rules, those that never held first to go."""
    held = Counter(rule for part in story.slices if part for rule in part.rules)
    keep = sorted(story.rules, key=lambda rule: -min(1, held[rule]))[:MAX_RULES]
    rules = tuple(rule for rule in story.rules if rule in keep)
    governed = any(part.notes for part in story.slices if part)
    return Lanes(story.cues[:MAX_CUES], rules, len(story.rules) - len(rules), governed)


def draw_lanes(sheet: Sheet, story: Story, lanes: Lanes, area: Area, palette: Palette) -> tuple[Axes, list[Patch]]:
    """Draw every lane.

    Returns:
        The axes, and the legend's entries for the governor.
    """
    axes = sheet.axes(area)
    axes.set_ylim(max(lanes.height, 1.0), 0)
    axes.set_yticks([])
    axes.tick_params(axis="x", labelbottom=False, length=0)
    axes.grid(axis="x", color=GRID, linewidth=0.6)
    axes.set_axisbelow(True)
    pen = _LanePen(sheet, axes, area, story, max(lanes.height, 1.0))
    top = 0.0
    for cue in lanes.cues:
        pen.cue(cue, top, palette)
        top += 1
    top += SECTION_GAP if lanes.cues else 0
    for rule in lanes.rules:
        pen.rule(rule, top)
        top += 1
    top += SECTION_GAP if lanes.rules and lanes.governed else 0
    legend = pen.governor(top) if lanes.governed else []
    top += 1 if lanes.governed else 0
    if lanes.left_out:
        pen.label(f"and {lanes.left_out} rules more", top + 0.4, MUTED)
    axes.set_xlim(0, max(story.duration, story.step))
    return axes, legend


class _LanePen:
    def __init__(self, sheet: Sheet, axes: Axes, area: Area, story: Story, height: float) -> None:
        self._sheet, self._axes, self._area, self._story = sheet, axes, area, story
        self._lane = area.height / height  # pixels
        self._pixels_per_second = area.width / max(story.duration, story.step)

    def label(self, words: str, middle: float, colour: str, **style: Any) -> None:  # noqa: ANN401 - Matplotlib's own
        size = NORMAL if self._lane > 26 else SMALL
        y = self._area.top + middle * self._lane
        self._sheet.text(self._area.left - 14, y, words, size=size, color=colour, ha="right", va="center_baseline",
                         width=self._area.left - 50, **style)  # fmt: skip

    def cue(self, cue: str, top: float, palette: Palette) -> None:
        """Draw a cue's bar; its opacity is the confidence."""
        colour = palette[cue]
        self.label(cue, top + 0.5, colour.hex, weight="bold")
        seen = [0.0 if part is None else part.cues.get(cue, 0.0) for part in self._story.slices]
        strip = np.empty((1, len(seen), 4))
        strip[..., :3] = colour.unit
        strip[..., 3] = [confidence and 0.2 + 0.8 * confidence for confidence in seen]
        extent = (0.0, len(seen) * self._story.step, top + 0.84, top + 0.16)
        self._axes.imshow(strip, extent=extent, aspect="auto", interpolation="nearest", zorder=3)

    def rule(self, rule: str, top: float) -> None:
        """Draw a rule's bars, with the command where there is room for its word."""
        self._axes.axhline(top + 0.5, color=GRID, linewidth=0.6, zorder=1)
        found = runs(self._story, lambda part: part.rules.get(rule))
        self._bars(_of(found, Verdict.ACTING), top, facecolor=ACTING, linewidth=0)
        self._bars(_of(found, Verdict.OUTRANKED), top, facecolor=OUTRANKED, linewidth=0)
        self._bars(
            _of(found, Verdict.COOLING_DOWN), top, facecolor=PAPER, edgecolor=COOLING, linewidth=0.5, hatch="//////"
        )
        self._bars(_of(found, Verdict.SPENT), top + 0.32, height=0.08, facecolor=OUTRANKED, linewidth=0)
        acting = runs(self._story, lambda part: part.command if part.rules.get(rule) is Verdict.ACTING else None)
        self.label(rule, top + 0.5, INK if _of(found, Verdict.ACTING) else MUTED)
        for run in acting:
            if run.length * self._pixels_per_second > 14 + 9 * len(run.value) and self._lane > 17:
                start = run.start + 6 / self._pixels_per_second
                self._axes.text(
                    start,
                    top + 0.5,
                    run.value,
                    color=PAPER,
                    size=SMALL - 0.5,
                    va="center_baseline",
                    family=FONT,
                    zorder=4,
                )

    def governor(self, top: float) -> list[Patch]:
        """Draw a tick for each time that the governor stepped in, coloured by its reason."""
        self.label("governor", top + 0.5, MUTED, style="italic")
        self._axes.axhline(top + 0.5, color=GRID, linewidth=0.6, zorder=1)
        colours = _note_colours(self._story)
        for index, (words, colour) in enumerate(colours.items()):
            found = runs(self._story, functools.partial(_if_noted, words))
            height = 0.72 / len(colours)
            self._bars(found, top + index * height, height, facecolor=colour, linewidth=0.4, edgecolor=colour)
        seconds = {tally.name: tally.seconds for tally in self._story.note_tallies}
        return [
            Patch(color=colour, label=f"{shorten(words, 56)} ({seconds[words]:.1f} s)")
            for words, colour in colours.items()
        ]

    def _bars(self, found: Sequence[Run], top: float, height: float = 0.72, **style: Any) -> None:  # noqa: ANN401 - Matplotlib's own
        spans = [(run.start, run.length) for run in found]
        if spans:
            self._axes.broken_barh(spans, (top + 0.14, height), zorder=3, **style)


def _of(found: Iterable[Run], verdict: Verdict) -> list[Run]:
    return [run for run in found if run.value == verdict]


def _if_noted(words: str, part: Slice) -> str | None:
    return words if any(worded(note) == words for note in part.notes) else None


def _note_colours(story: Story) -> dict[str, str]:
    """A colour for each of the commonest reasons; refusals are red."""
    refusals, reductions = list(REFUSALS), list(REDUCTIONS)
    colours = {}
    for words in [tally.name for tally in story.note_tallies[:MAX_KINDS]]:
        shades = refusals if is_refusal(words) else reductions
        colours[words] = shades.pop(0) if shades else MUTED
    return colours
