"""The folder of a trained model: its card, labels and sources."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML

from models.card import Defaults, InputSize, ModelCard
from models.cards.scoring import Score

if TYPE_CHECKING:
    from models.cards.training import Effort

# Spot's side cameras give 640x480; its front cameras, turned upright, 620x736. At this size all keep their pixels.
_INPUT = InputSize(height=768, width=640)
_OVERLAP = 0.5

_SOURCES = """\
# Where this model comes from

- **Trained** by `spot-agent train` on synthetic pictures of the cards in `{cards}`.
- **Trunk**: MobileNetV2, trained on ImageNet by torchvision's authors (BSD-3-Clause, Copyright 2016 Soumith Chintala);
  see `models/trunks/mobilenet_v2/SOURCES.md`.
- **Backgrounds**: photos and panoramas with open licences; see `models/cards/backgrounds/SOURCES.md`.
"""


@dataclass(frozen=True)
class TrainedModel:
    """What a training was asked for.

    Attributes:
        cards: Folder of the cards.
        licence: Of the model.
        seed: Of the training.
        effort: How much work it was.
        start: Folder of the model that it began with, if any.
    """

    cards: Path
    licence: str
    seed: int
    effort: Effort
    start: Path | None = None


def write_folder(
    out: Path, labels: Sequence[str], model: TrainedModel, score: Score, seconds: float, cpu_seconds: float
) -> None:
    """Write ``labels.txt``, ``card.yaml`` and ``SOURCES.md``.

    Args:
        out: The model's folder.
        labels: In the network's order.
        model: What was asked for.
        score: On the test split.
        seconds: Duration of the training.
        cpu_seconds: Time of all cores of the process together.
    """
    card = _card(out.name, labels, model, score, seconds, cpu_seconds)
    yaml, text = YAML(), StringIO()
    yaml.width = 110
    yaml.dump({key: _plain(value) for key, value in asdict(card).items() if value is not None}, text)
    (out / "card.yaml").write_text(text.getvalue(), encoding="utf-8")
    (out / "labels.txt").write_text("".join(f"{label}\n" for label in labels), encoding="utf-8")
    (out / "SOURCES.md").write_text(_SOURCES.format(cards=model.cards.name), encoding="utf-8")


def _plain(value: Any) -> Any:  # noqa: ANN401 - YAML is any of its types
    """Lists for tuples, which YAML does not know."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, (list, tuple)) else value


def _card(
    name: str, labels: Sequence[str], model: TrainedModel, score: Score, seconds: float, cpu_seconds: float
) -> ModelCard:
    effort = model.effort
    bound = f"--epochs {effort.epochs}" if effort.epochs is not None else f"--minutes {effort.minutes:g}"
    start = "imagenet" if model.start is None else model.start.name
    return ModelCard(
        title=f"Cue cards: {name}",
        summary=f"Finds printed cards in one picture: {', '.join(labels)}.",
        architecture="center",
        licence=model.licence,
        source="trained by spot-agent from pictures of the cards; trunk from torchvision's ImageNet weights",
        training_data="synthetic pictures of the cards on openly licensed photos and panoramas",
        conversion=f"spot-agent train {model.cards.name} --out {name} {bound} --seed {model.seed} --start {start}",
        input="RGB, 0 to 255; grey pictures with three equal channels",
        accuracy=f"mAP@0.5 {score.map50:.3f}, mAP@0.75 {score.map75:.3f} on synthetic pictures with unseen backgrounds",
        defaults=Defaults(input_size=_INPUT, precision="float32", threshold=score.threshold, overlap=_OVERLAP),
        intended_use="Cues that a person gives on purpose, by showing a printed card to the robot.",
        limits=(
            "Cards that are turned by more than 25 degrees, tilted by more than 55, or covered by more than a third.",
            "Cards of fewer than 18 pixels of height: with Spot's cameras A4 beyond about 4 m.",
            "It was trained and measured on synthetic pictures; look at real ones before you rely on it.",
        ),
        measured={"synthetic_pictures": _measured(model, score, seconds, cpu_seconds)},
    )


def _measured(model: TrainedModel, score: Score, seconds: float, cpu_seconds: float) -> dict[str, Any]:
    return {
        "how": f"{model.effort.test_pictures} pictures of 320x240, test backgrounds; threshold chosen on others",
        "map50": round(score.map50, 3),
        "map75": round(score.map75, 3),
        "precision": round(score.precision, 3),
        "recall": round(score.recall, 3),
        "recall_by_height": {
            f"{size.low} to {size.high} px": f"{size.found} of {size.cards}" for size in score.by_size if size.cards
        },
        "training_minutes": round(seconds / 60, 1),
        "training_cpu_minutes": round(cpu_seconds / 60, 1),
    }
