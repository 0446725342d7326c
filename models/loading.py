"""From a model's folder to a detector that is ready."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from models.card import CARD_FILE, InputSize, ModelCard, Precision, read_card
from models.detector import Detector
from models.errors import ModelError, ModelLoadError
from models.fiducials import FiducialDetector
from models.gestures.detector import PeopleDetector
from models.heads import HEADS, Head
from models.labels import LABELS_FILE, read_labels
from models.litert import LitertRunner, exported_model
from models.network_detector import NetworkDetector
from models.preset import PRESET_FOLDER
from models.registry import model_folder, network_folder
from models.source import MODEL_FILE, read_source

_ANY_THRESHOLD = 0.5


def load_detector(
    name: str,
    *,
    threads: int = 2,
    threshold: float | None = None,
    precision: Precision | None = None,
    input_size: InputSize | None = None,
) -> Detector:
    """Load a model, ready to detect.

    The first time, the model is exported for the machine that it runs on, which takes some seconds; the result is
    kept (see ``models.litert.cache``). After that neither Keras nor TensorFlow is loaded.

    Args:
        name: One of ``available_models()``, or the path of a model's folder: a name with a slash in it.
        threads: How many threads the network may use for one picture; at least 1.
        threshold: The lowest score of a detection, between 0 and 1; by default as the model's card says.
        precision: How the network keeps its weights; by default as the card says.
        input_size: The size that pictures are brought to, multiples of 32; by default as the card says.

    Returns:
        The detector. It may be used from several threads; they take turns.

    Raises:
        ModelNotFoundError: No model has that name.
        ModelCardError: Its card is damaged.
        ModelLoadError: The model is damaged or not allowed, or does not fit its card, its labels or its architecture.
        ModelError: ``threads`` or ``threshold`` is out of range.

    Example:
        >>> from models import load_detector
        >>> detector = load_detector("objects")
        >>> detector.labels[11]
        'stop sign'
    """
    if threads < 1:
        raise ModelError(f"threads must be at least 1, not {threads}")
    if threshold is not None and not 0 < threshold < 1:
        raise ModelError(f"threshold must lie between 0 and 1, not {threshold}")
    folder = model_folder(name)
    card = read_card(folder / CARD_FILE)
    labels = read_labels(network_folder(folder, card) / LABELS_FILE)
    known_as = folder.resolve().name
    lowest = card.defaults.threshold if threshold is None else threshold
    if card.architecture == "fiducials":
        return FiducialDetector(known_as, labels, threshold=lowest)
    head = HEADS[card.architecture]
    size = input_size or card.defaults.input_size
    _check_size(folder, card.architecture, size, head)
    exported = exported_model(model_source(folder, card), size, precision or card.defaults.precision)
    network = LitertRunner(exported, threads=threads)
    check_outputs(folder, card.architecture, network.output_shapes, head, labels)
    _try_out(folder, card.architecture, network, head)
    detector = NetworkDetector(known_as, labels, network, head, threshold=lowest, overlap=card.defaults.overlap)
    return PeopleDetector(detector, threshold=lowest) if card.architecture == "movenet-multipose" else detector


def check_model(name: str, *, plausibility: bool = True) -> None:
    """Look for everything in a model's folder that can be found without loading the model.

    Args:
        name: The model's name or the path of its folder.
        plausibility: Whether its second head, if it has one, is to be used too; that is small, and is read whole.

    Raises:
        ModelError: Something is missing, damaged or not allowed.
    """
    folder = model_folder(name)
    card = read_card(folder / CARD_FILE)
    read_labels(network_folder(folder, card) / LABELS_FILE)
    if card.architecture != "fiducials":
        read_source(model_source(folder, card)).check()
    if plausibility:
        from models.plausibility.beside import head_beside  # only here: it loads HDF5

        head_beside(network_folder(folder, card))


def model_source(folder: Path, card: ModelCard) -> Path:
    """Tell where a model's network is: its ``.keras`` file, or the folder of its KerasHub preset.

    Raises:
        ModelCardError: The card names the network of another model, which it may not.
    """
    return network_folder(folder, card) / (PRESET_FOLDER if card.architecture == "keras-hub" else MODEL_FILE)


def _check_size(folder: Path, architecture: str, size: InputSize, head: Head) -> None:
    """Make sure that pictures of a size can be given to a network of this architecture."""
    if size.height % head.multiple or size.width % head.multiple:
        height, width = (-(-side // head.multiple) * head.multiple for side in (size.height, size.width))
        raise ModelLoadError(
            f"{folder}: pictures of {size.height}x{size.width} (height x width) do not fit; the architecture "
            f"{architecture!r} takes multiples of {head.multiple}: {height}x{width} is near"
        )


def check_outputs(
    folder: Path, architecture: str, shapes: Mapping[str, tuple[int, ...]], head: Head, labels: Sequence[str]
) -> None:
    """Make sure that a network gives what its head reads.

    Args:
        folder: The model's folder, for messages.
        architecture: The name of the head, for messages.
        shapes: Shape of each output by its name.
        head: What is to read them.
        labels: The model's labels.

    Raises:
        ModelLoadError: An output is missing or has another shape; the message says what was expected and found.
    """
    wanted = head.outputs(len(labels))
    expected = ", ".join(f"{name} (1, ..., {size})" for name, size in wanted.items())
    expected = f"{folder}: the architecture {architecture!r} expects the outputs {expected}"
    found = ", ".join(f"{name} {shape}" for name, shape in shapes.items())
    missing = [name for name in wanted if name not in shapes]
    if missing:
        unnamed = any(name.startswith("output_") for name in shapes)
        hint = '; give them names: keras.Model(image, {"boxes": boxes, "scores": scores})' if unnamed else ""
        raise ModelLoadError(f"{expected}; the model gives {found}{hint}")
    for name, size in wanted.items():
        if len(shapes[name]) < 2 or shapes[name][-1] != size:
            why = f", for the {len(labels)} labels in {LABELS_FILE}" if size == len(labels) else ""
            raise ModelLoadError(
                f"{expected}; the model gives {name} {shapes[name]}, whose last axis should have {size} values{why}"
            )
    rows = {name: shapes[name][1:-1] for name in wanted}
    if architecture == "boxes" and (len(set(rows.values())) > 1 or len(shapes["boxes"]) != 3):
        raise ModelLoadError(f"{expected}, with as many boxes as scores; the model gives {found}")


def _try_out(folder: Path, architecture: str, network: LitertRunner, head: Head) -> None:
    """Let the head read outputs of these shapes once, so that maps of a wrong size are told now and not by a robot."""
    _, height, width, _ = network.input_shape
    nothing = {name: np.zeros(shape, np.float32) for name, shape in network.output_shapes.items()}
    try:
        head.decode(nothing, height, width, _ANY_THRESHOLD)
    except (ValueError, IndexError) as error:
        found = ", ".join(f"{name} {shape}" for name, shape in network.output_shapes.items())
        raise ModelLoadError(
            f"{folder}: the architecture {architecture!r} cannot read outputs of these sizes for pictures of "
            f"{height}x{width}: {found} ({error})"
        ) from error
