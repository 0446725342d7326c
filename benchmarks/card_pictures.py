"""Average precision on synthetic pictures with the backgrounds of the test split."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models import InputSize, model_card
from models.cards.backgrounds import Backgrounds
from models.cards.scoring import Score, detect, score
from models.cards.settings import EVALUATION
from models.cards.synthesis import Synthesizer
from models.cards.templates import read_templates
from models.litert import LitertRunner, exported_model
from models.registry import model_folder

PRINTED = Path(__file__).parents[1] / "models" / "cards" / "printed"
"""Pictures of the shipped cards."""
PICTURES = 1000
SEED = 20_261_123
"""Not that of the pictures which a training reports on."""
_SIZE = InputSize(256, 320)


def score_pictures(model: str, cards: Path | None, threshold: float | None) -> Score:
    """Score the exported model.

    Args:
        model: Its name or folder.
        cards: Folder of the cards' pictures; ``None`` is the shipped ones.
        threshold: Score from which on a detection counts for precision and recall; by default as the model's card says.
    """
    templates = read_templates(cards or PRINTED)
    synthesizer = Synthesizer(templates, Backgrounds.read().test, EVALUATION, seed=SEED)
    pictures = [synthesizer.picture(number) for number in range(PICTURES)]
    defaults = model_card(model).defaults
    runner = LitertRunner(exported_model(model_folder(model) / "model.keras", _SIZE, defaults.precision), threads=2)

    def predict(images: NDArray[np.uint8]) -> Mapping[str, NDArray[np.float32]]:
        outputs = [runner.run(image[np.newaxis]) for image in images]
        return {name: np.concatenate([one[name] for one in outputs]) for name in outputs[0]}

    found = detect(predict, [one.image for one in pictures], synthesizer.labels)
    return score(found, pictures, threshold or defaults.threshold)
