"""Read files of unknown origin: plain files only, and never more than they may hold."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from models.errors import ModelError, ModelLoadError

MEBIBYTE = 1 << 20


def read_bounded(path: Path, most: int, what: str, error: type[ModelError] = ModelLoadError) -> bytes:
    """Read a file, unless it is something else or too large.

    Args:
        path: The file; a link to one will do.
        most: How many bytes it may hold.
        what: What it is, for messages, e.g. ``"the model"``.
        error: What is raised.

    Returns:
        Its content, at least one byte.

    Raises:
        ModelError: It is missing, a folder, a device, empty or too large, or cannot be read; of the type ``error``.
    """
    try:
        # Not blocking, so that a pipe with nobody at its other end cannot hold the start up.
        with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:  # noqa: PTH123
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise error(f"{path}: {what} cannot be read (it is no plain file)")
            # The size is not asked for, but found by reading: a file can grow meanwhile.
            content = file.read(most + 1)
    except IsADirectoryError as failure:
        raise error(f"{path}: {what} cannot be read (it is a folder, not a file)") from failure
    except OSError as failure:
        raise error(f"{path}: {what} cannot be read ({failure.strerror})") from failure
    if not content:
        raise error(f"{path}: {what} cannot be read (the file is empty)")
    if len(content) > most:
        raise error(f"{path}: {what} is larger than {_size(most)}, the most that is allowed")
    return content


def _size(count: int) -> str:
    return f"{count // MEBIBYTE} MiB" if count >= MEBIBYTE else f"{count // 1024} KiB"
