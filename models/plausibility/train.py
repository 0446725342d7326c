"""Train a second head that tells what can be from what cannot.

    python -m models.plausibility.train TABLE.npz --out FOLDER [--seed 1]

``TABLE.npz`` is a ``models.plausibility.table.Table``. The head is written as ``plausibility.keras`` and
``plausibility.yaml`` into FOLDER, beside the model whose detections it judges. The table's test split is not looked at.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray
from ruamel.yaml import YAML

from models.plausibility.features import FEATURES, SCORES, metric_size
from models.plausibility.head import NETWORK_FILE, inputs
from models.plausibility.head_card import CARD_FILE
from models.plausibility.limits import POSSIBLE, is_far_too_small, is_whole, oddity
from models.plausibility.table import TRUE, UNJUDGED, Table
from models.view import BoxMeasurements

KEPT = {"person": 0.996}
"""The share of true detections that must pass: missing a real person is worse than seeing one too many. It is a little
more than the 0.995 that is promised."""
KEPT_OTHERS = 0.99
KEPT_CROPS = 0.98
"""The share of their crops that must pass as well; a crop stands for somebody hidden in part, or mostly."""

UNITS, DROPOUT = 64, 0.2
EPOCHS, BATCH = 40, 512
COPIES = 3
"""Each row is seen whole and in this many copies with measurements left out or a floor at another height."""
FOLDS = 5
PICTURES_A_BLOCK = 20
"""Neighbouring pictures show the same room, so they go into the same fold."""


@dataclass(frozen=True, eq=False)
class Examples:
    """What a network learns from.

    Attributes:
        values: N×inputs.
        targets: N of 0 or 1.
        row: N rows of the table.
        copied: N bool: whether it is a copy with measurements changed.
    """

    values: NDArray[np.float32]
    targets: NDArray[np.float32]
    row: NDArray[np.intp]
    copied: NDArray[np.bool_]

    def __getitem__(self, chosen: NDArray[np.bool_]) -> Examples:
        return Examples(self.values[chosen], self.targets[chosen], self.row[chosen], self.copied[chosen])


def build_network(labels: int) -> keras.Model:
    """Build an untrained network: two hidden layers of 64 units and a plausibility from 0 to 1."""
    decay = keras.regularizers.L2(1e-4)
    return keras.Sequential(
        [
            keras.Input((len(FEATURES) + labels,), name="features"),
            keras.layers.Dense(UNITS, activation="relu", kernel_regularizer=decay),
            keras.layers.Dropout(DROPOUT),
            keras.layers.Dense(UNITS, activation="relu", kernel_regularizer=decay),
            keras.layers.Dropout(DROPOUT),
            keras.layers.Dense(1, activation="sigmoid"),
        ],
        name="plausibility",
    )


def examples(table: Table, labels: Sequence[str], source: np.random.Generator) -> Examples:
    """Make examples of all judged rows of which a size is known, but for those of the test split."""
    rows = np.flatnonzero((table.split != "test") & (table.truth != UNJUDGED) & np.isin(table.label, labels))
    made = []
    for row in rows.tolist():
        detection, measured, (height, width) = table.detection(row), table.measurements(row), table.size[row].tolist()
        true = bool(table.truth[row] == TRUE)
        for copy in range(COPIES + 1):
            seen = _changed(measured, source, true=true) if copy else measured
            if metric_size(seen).known:
                made.append((inputs(detection, seen, height, width, labels), true, row, copy > 0))
    values, targets, row_of, copied = zip(*made, strict=True)
    return Examples(np.stack(values), np.array(targets, np.float32), np.array(row_of), np.array(copied))


def _changed(measured: BoxMeasurements, source: np.random.Generator, *, true: bool) -> BoxMeasurements:
    """Leave out measurements, so that none is relied on; and move a true thing's floor, as on stairs and ramps."""
    if source.random() < 0.3:
        measured = replace(measured, distance=None)
    if source.random() < 0.1:
        measured = replace(measured, camera_height=None)
    if true and measured.camera_height is not None and source.random() < 0.3:
        height = max(0.05, measured.camera_height + float(source.uniform(-0.5, 0.9)))
        measured = replace(measured, camera_height=height)
    return measured


def fit(learn: Examples, labels: int, seed: int) -> keras.Model:
    """Train a network; the same seed and examples give the same network on one machine."""
    keras.utils.set_random_seed(seed)
    model = build_network(labels)
    steps = EPOCHS * -(-len(learn.values) // BATCH)
    optimizer = keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(4e-3, steps))
    model.compile(optimizer, keras.losses.BinaryCrossentropy(label_smoothing=0.02), steps_per_execution=16)
    weights = np.where(learn.targets > 0, 2.0, 1.0)  # to be wrong about a true thing is worse
    model.fit(learn.values, learn.targets, sample_weight=weights, batch_size=BATCH, epochs=EPOCHS, verbose=0)
    return model


def cross_validated(learn: Examples, table: Table, labels: int, seed: int) -> NDArray[np.float32]:
    """Judge each example by a network that has seen no picture of its room."""
    fold = table.picture[learn.row] // PICTURES_A_BLOCK % FOLDS
    plausibility = np.zeros(len(learn.values), np.float32)
    for held_out in range(FOLDS):
        model = fit(learn[fold != held_out], labels, seed + held_out)
        plausibility[fold == held_out] = model.predict(learn.values[fold == held_out], verbose=0)[:, 0]
    return plausibility


def with_limits(label: str, plausibility: NDArray[np.float32], learn: Examples, table: Table) -> NDArray[np.float32]:
    """What the whole head says of a label's examples: 1 within the limits, 0 far beyond them, else the network's."""
    if label not in POSSIBLE:
        return plausibility
    possible, said = POSSIBLE[label], plausibility.copy()
    for index in np.flatnonzero(table.label[learn.row] == label).tolist():
        row = int(learn.row[index])
        detection, size = table.detection(row), metric_size(table.measurements(row))
        whole = is_whole(detection.box, *table.size[row].tolist())
        if oddity(label, size, possible, whole=whole) is None:
            said[index] = 1.0
        elif whole and is_far_too_small(size, possible):
            said[index] = 0.0
    return said


def cutoff(
    label: str, plausibility: NDArray[np.float32], learn: Examples, table: Table
) -> tuple[float, dict[str, Any]]:
    """Find the plausibility that the promised share of a label's true detections reaches.

    Returns:
        The cutoff, and what share of true and false detections passes it.
    """
    row = learn.row
    plausibility = with_limits(label, plausibility, learn, table)
    own = ~learn.copied & (table.label[row] == label) & (table.score[row] >= SCORES[0])
    whole, crops = own & (table.best[row]), own & (table.truth[row] == TRUE) & table.made[row]
    false = own & (learn.targets == 0)
    limits = [
        np.sort(plausibility[chosen])[int((1 - kept) * chosen.sum())]
        for chosen, kept in ((whole, KEPT.get(label, KEPT_OTHERS)), (crops, KEPT_CROPS))
        if chosen.any()
    ]
    limit = round(min(0.98 * float(min(limits)), 0.9), 4)  # a little lower, so that no rounding is decisive
    shares = {
        f"{name}_pass": f"{(plausibility[chosen] >= limit).sum()} of {chosen.sum()}"
        for name, chosen in (("true", whole), ("crops_of_true", crops), ("false", false))
    }
    return limit, shares


def main() -> None:
    """Train a head and write it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("table", type=Path)
    parser.add_argument("--out", type=Path, required=True, help="the folder of the model whose detections it judges")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    table = Table.load(options.table)
    labels = sorted({str(label) for label in table.label[table.truth == TRUE]})
    learn = examples(table, labels, np.random.default_rng(options.seed))
    plausibility = cross_validated(learn, table, len(labels), options.seed)
    fit(learn, len(labels), options.seed).save(options.out / NETWORK_FILE)
    known: dict[str, dict[str, Any]] = {}
    measured: dict[str, Any] = {"how": f"{FOLDS}-fold cross-validation by room, scores from {SCORES[0]} on, size known"}
    for label in labels:
        limit, measured[label] = cutoff(label, plausibility, learn, table)
        known[label] = {"cutoff": limit}
        if label in POSSIBLE:
            known[label]["possible"] = asdict(POSSIBLE[label])
    whole = learn[~learn.copied]
    true, count = int(whole.targets.sum()), len(whole.targets)
    training = f"python -m models.plausibility.train, seed {options.seed}; {true} true, {count - true} false detections"
    with (options.out / CARD_FILE).open("w", encoding="utf-8") as file:
        YAML().dump({"labels": known, "training": training, "measured": {"cross_validation": measured}}, file)


if __name__ == "__main__":
    main()
