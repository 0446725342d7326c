"""``spot-agent train`` as people use it, on two cards and for a few steps."""

import os
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from models.card import read_card
from models.cards.errors import TrainingError
from models.cards.events import EpochDone, Event, Finished, Prepared, StepDone
from models.cards.training import Effort, TrainingStopped, train

ROOT = Path(__file__).parents[2]
TINY = Effort(epochs=1, steps=3, batch_size=2, validation_pictures=2, test_pictures=2)


@pytest.fixture
def cards(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three cards; two of them look much alike."""
    folder = tmp_path_factory.mktemp("cards")
    picture = np.full((140, 100, 3), 255, np.uint8)
    cv2.rectangle(picture, (10, 10), (90, 70), (0, 0, 0), -1)
    cv2.imwrite(str(folder / "up.png"), picture)
    cv2.circle(picture, (50, 40), 6, (255, 255, 255), -1)
    cv2.imwrite(str(folder / "hole.png"), picture)
    cv2.imwrite(str(folder / "down.png"), picture[::-1])
    return folder


def test_a_folder_of_cards_becomes_a_model(
    cards: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TF_CPP_MIN_LOG_LEVEL", "3")
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    events: list[Event] = []
    out = tmp_path / "mine"
    score = train(cards, out, effort=TINY, seed=5, on_progress=events.append)
    assert [type(event) for event in events] == [Prepared, StepDone, StepDone, StepDone, EpochDone, Finished]
    prepared, epoch, finished = events[0], events[-2], events[-1]
    assert isinstance(prepared, Prepared) and isinstance(epoch, EpochDone) and isinstance(finished, Finished)
    assert prepared.labels == ("down", "hole", "up") and "CPU" in prepared.device
    assert ("hole", "up") in {(pair.first, pair.second) for pair in prepared.alike}
    assert cv2.imread(str(epoch.picture)) is not None
    assert finished.score == score
    card = read_card(out / "card.yaml")
    assert card.architecture == "center" and card.measured["synthetic_pictures"]["map50"] == round(score.map50, 3)
    assert (out / "labels.txt").read_text() == "down\nhole\nup\n" and (out / "SOURCES.md").is_file()
    _check_network(out / "model.keras")
    with pytest.raises(TrainingError, match="there is a model here already"):
        train(cards, out, effort=TINY)
    with pytest.raises(TrainingError, match="no model here to begin with"):
        train(cards, tmp_path / "other", effort=TINY, start=tmp_path)
    with pytest.raises(TrainingStopped):  # two cards instead of three: what tells them apart is new
        (cards / "up.png").unlink()
        train(cards, tmp_path / "stopped", effort=TINY, start=out, should_stop=lambda: True)
    assert not (tmp_path / "stopped" / "model.keras").exists()


def _check_network(path: Path) -> None:
    """It loads without this project's code and takes any size that is a multiple of 64."""
    import keras

    model = keras.models.load_model(path, safe_mode=True, compile=False)
    outputs = model(np.zeros((1, 128, 64, 3), np.float32))
    assert {name: tuple(tensor.shape) for name, tensor in outputs.items()} == {
        "heat": (1, 168, 3),
        "box": (1, 168, 4),
    }
    assert path.stat().st_size < 20e6


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["missing", "--out", "model"], "missing: there is no such folder"),
        (["{cards}", "--out", "model", "--epochs", "1", "--minutes", "1"], "--epochs and --minutes were both given"),
        (["{cards}", "--out", "model", "--backgrounds", "nowhere"], "nowhere: there is no picture here"),
    ],
)
def test_mistakes_are_told_at_once(cards: Path, tmp_path: Path, arguments: list[str], message: str) -> None:
    command = [sys.executable, "-m", "spot_agent", "train", *(part.format(cards=cards) for part in arguments)]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=environment, timeout=60)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "model").exists()
