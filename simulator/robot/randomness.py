"""Random numbers that a seed makes repeatable."""

from __future__ import annotations

import random


def random_source(seed: int | None, purpose: str) -> random.Random:
    """A source of random numbers of its own for each purpose, so that the order of other draws does not matter.

    Args:
        seed: The same seed and purpose give the same numbers in every process; ``None`` takes the system's.
        purpose: Such as ``"lease"``.
    """
    if seed is None:
        return random.SystemRandom()
    return random.Random(f"{seed} {purpose}")  # noqa: S311 - a simulator keeps no secret; repeatability is wanted


def hex_name(source: random.Random, size: int = 8) -> str:
    """A random name: two hexadecimal digits for each of ``size`` bytes."""
    return f"{source.getrandbits(8 * size):0{2 * size}x}"
