"""The names of pictures, materials and panoramas that a scene file may use."""

from __future__ import annotations

MATERIALS = (
    "tiles",
    "concrete",
    "wood",
    "asphalt",
    "wall",
    "wall blue",
    "ceiling",
    "crate",
    "cardboard",
    "frame",
)
"""Materials of floors, walls and boxes; they repeat over a surface."""

PICTURES = ("poster mountains", "poster map", "poster abstract", "notice")
"""Pictures of boards and cut-outs."""

PANORAMAS = ("park", "lobby", "none")
"""What is seen beyond everything else."""
