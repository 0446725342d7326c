"""What can go wrong in this room.

::

    BehaviorError
    └── QuantityError    a figure without a unit, with the wrong unit, or out of its range

Everything else that a rule can be wrong about is found by pydantic, which the reader of config.yaml translates.
"""

from __future__ import annotations


class BehaviorError(Exception):
    """Root of this room's errors."""


class QuantityError(BehaviorError, ValueError):
    """A figure could not be read. It is a ``ValueError`` so that pydantic reports it with its place."""
