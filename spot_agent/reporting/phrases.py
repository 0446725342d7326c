"""Commands, frames and the governor's notes in a few words, the same wherever they are shown."""

from __future__ import annotations

import math
import re

from behaviors import Command, Cue, PoseBody, Sit, Stand, Stop, Walk, WalkTo
from spot_agent.runtime.news import News

_IDENTITY = re.compile(r" #\d+")
_FIGURE = re.compile(r"-?\d+(\.\d+)?")


def verb(command: Command | None) -> str:
    """The kind of a command in a word or two: ``"walk to"``; ``"nothing"`` for none."""
    match command:
        case None:
            return "nothing"
        case Stop():
            return "stop"
        case Sit():
            return "sit"
        case Stand():
            return "stand"
        case Walk():
            return "walk"
        case WalkTo():
            return "walk to"
        case PoseBody():
            return "pose"


def phrase(command: Command | None) -> str:
    """A command with its figures: ``"walk 0.40 m/s, turn +12 deg/s"``."""
    match command:
        case Walk(velocity):
            return f"walk {velocity.speed:.2f} m/s, turn {math.degrees(velocity.angular):+.0f} deg/s"
        case WalkTo(goal, max_speed, _):
            return f"walk to ({goal.x:.1f}, {goal.y:.1f}) m at {max_speed:.2f} m/s"
        case PoseBody(roll, pitch, yaw, height):
            angles = zip(("roll", "pitch", "yaw"), (roll, pitch, yaw), strict=True)
            parts = [f"{name} {math.degrees(angle):+.0f} deg" for name, angle in angles if abs(angle) > 0.005]
            parts += [f"height {height:+.2f} m"] if abs(height) > 0.005 else []
            return f"pose {', '.join(parts) or 'level'}"
        case _:
            return verb(command)


def place(cue: Cue) -> str:
    """Where a cue is as seen from the body: ``"4.2 m, 12 deg left"``; empty when nothing is known."""
    parts = [] if cue.distance is None else [f"{cue.distance:.1f} m"]
    if cue.bearing is not None:
        degrees = round(math.degrees(cue.bearing))
        parts.append("ahead" if degrees == 0 else f"{abs(degrees)} deg {'left' if degrees > 0 else 'right'}")
    return ", ".join(parts)


def is_refusal(note: str) -> bool:
    """Whether a note of the governor says that nothing is left of the command."""
    return note.startswith("refused")


def kind_of(note: str) -> str:
    """A governor's note without identities and figures, so that equal reasons can be counted together.

    Example:
        >>> kind_of("person #1 is 2.1 m away")
        'person is … m away'
    """
    return _FIGURE.sub("…", _IDENTITY.sub("", note.removeprefix("refused: ")))


def worded(note: str) -> str:
    """A governor's note without its figures, and whether it refused or reduced."""
    return f"{'refused' if is_refusal(note) else 'reduced'}: {kind_of(note)}"


def worded_news(news: News) -> str:
    """News in a line: ``"SWAPPED: detector 'objects', model 'cards': ..."``."""
    who = [] if news.detector is None else [f"detector '{news.detector}'"]
    who += [] if news.model is None else [f"model '{news.model}'"]
    return ": ".join(filter(None, [news.kind.value.upper(), ", ".join(who), news.reason]))


def shorten(text: str, length: int) -> str:
    """Cut a text to a length, with an ellipsis where something is missing."""
    return text if len(text) <= length else text[: max(0, length - 1)].rstrip() + "…"
