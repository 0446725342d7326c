"""The scene as solid shapes: what stops a body, what a ray hits, and the maps that a robot makes of it."""

from simulator.solid.solids import Solid
from simulator.solid.world import SolidWorld

__all__ = ["Solid", "SolidWorld"]
