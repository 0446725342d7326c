from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.timeout(180)
def test_two_processes_may_start_with_an_empty_cache_at_once(tmp_path: Path) -> None:
    environment = os.environ | {"SPOT_AGENT_CACHE": str(tmp_path)}
    program = "import models, numpy; print(models.load_detector('objects').detect([numpy.zeros((9, 9), 'uint8')]))"
    starts = [
        subprocess.Popen([sys.executable, "-c", program], env=environment, cwd=ROOT, stdout=subprocess.PIPE)
        for _ in range(2)
    ]
    assert [start.communicate()[0] for start in starts] == [b"[[]]\n"] * 2
    exported = list((tmp_path / "models").iterdir())
    assert [path.suffix for path in exported] == [".tflite"]
