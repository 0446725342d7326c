"""The labels of a model: ``labels.txt``, one a line."""

from __future__ import annotations

from pathlib import Path

from models.bounded_file import read_bounded
from models.errors import ModelLoadError

LABELS_FILE = "labels.txt"
MOST_LABELS = 10_000
MOST_CHARACTERS = 100
"""How long a label may be."""

_MOST_BYTES = 1 << 20


def read_labels(path: Path) -> tuple[str, ...]:
    """Read the labels of a model.

    Args:
        path: A text file in UTF-8 with one label a line, in the network's order.

    Returns:
        The labels; all are distinct, and none is empty.

    Raises:
        ModelLoadError: The file cannot be read, is no text, or holds something that is no label.
    """
    content = read_bounded(path, _MOST_BYTES, "the list of labels")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ModelLoadError(f"{path}: the labels are no text in UTF-8") from error
    lines = [line.removesuffix("\r") for line in text.split("\n")]
    if not lines[-1]:
        lines.pop()
    if len(lines) > MOST_LABELS:
        raise ModelLoadError(f"{path}: there are more than {MOST_LABELS:,} labels")
    first: dict[str, int] = {}
    for number, line in enumerate(lines, start=1):
        problem = _problem(line)
        if line in first:
            problem = f"{line!r} stands in line {first[line]} already; every label must differ"
        if problem:
            raise ModelLoadError(f"{path}:{number}: {problem}")
        first[line] = number
    return tuple(lines)


def _problem(line: str) -> str:
    if not line.strip():
        return "this line is empty; write one label a line, and nothing else"
    if len(line) > MOST_CHARACTERS:
        return f"this label is longer than {MOST_CHARACTERS} characters"
    if not line.isprintable():
        return "this label holds a character that cannot be printed"
    if line != line.strip():
        return f"{line.strip()!r} has spaces around it; remove them"
    return ""
