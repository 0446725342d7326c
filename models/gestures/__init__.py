"""What people do with their bodies, told from key-points: still gestures, and waving over time."""

from __future__ import annotations

from models.gestures.definitions import GESTURES, Gesture, HeldGesture, gestures_of
from models.gestures.detector import PERSON, PeopleDetector
from models.gestures.figure import Figure, Side
from models.gestures.waving import Moment, WaveWatch, is_waving, waving_sides

__all__ = [
    "GESTURES",
    "PERSON",
    "Figure",
    "Gesture",
    "HeldGesture",
    "Moment",
    "PeopleDetector",
    "Side",
    "WaveWatch",
    "gestures_of",
    "is_waving",
    "waving_sides",
]
