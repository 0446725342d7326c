"""Heads: how to read what networks give. One a file; ``HEADS`` has them by the names that cards use."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from models.heads.boxes import BoxesHead
from models.heads.center import CenterHead
from models.heads.head import Candidates, Head
from models.heads.nanodet import NanoDetHead
from models.heads.pose import PoseHead

HEADS: Mapping[str, Head] = MappingProxyType(
    {
        "boxes": BoxesHead(),
        "center": CenterHead(),
        "keras-hub": BoxesHead(),
        "movenet-multipose": PoseHead(),
        "nanodet": NanoDetHead(),
    }
)
"""Every head, by the name that a card's ``architecture`` gives it."""

__all__ = ["HEADS", "BoxesHead", "Candidates", "CenterHead", "Head", "NanoDetHead", "PoseHead"]
