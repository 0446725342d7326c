"""Spot sees something and reacts."""

__version__ = "0.1.0"
