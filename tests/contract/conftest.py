"""What the tests of the fake Spot's services share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from refusal_bench import Bench, running_bench


@pytest.fixture
def bench() -> Iterator[Bench]:
    """A fake Spot that stands, and a client that holds its lease."""
    with running_bench() as bench:
        yield bench
