"""The eyes of the fake Spot: a renderer that runs on the processor alone."""

from simulator.rendering.renderer import Picture, Renderer

__all__ = ["Picture", "Renderer"]
