"""``python -m benchmarks``: every benchmark, or those that are named."""

from __future__ import annotations
