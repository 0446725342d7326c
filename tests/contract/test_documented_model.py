"""The documentation's model works as it says there."""

from __future__ import annotations

from pathlib import Path

import pytest
from own_models import documented_programs, make_lamp, run


@pytest.mark.timeout(180)
def test_the_example_of_the_documentation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPOT_AGENT_CACHE", str(tmp_path / "cache"))
    make_lamp(tmp_path)
    printed = run(documented_programs()[1], tmp_path)
    assert "label='lamp'" in printed
    assert "red lamp" not in printed
