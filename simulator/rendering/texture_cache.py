"""Textures made in code, kept on disk: painting them takes longer than reading them."""

from __future__ import annotations

import hashlib
import secrets
import shutil
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from simulator.cache import cache_folder

_PAINTERS = ("clothes.py", "materials.py", "pictures.py")

Picture = NDArray[np.uint8]


def remembered(name: str, paint: Callable[[], Picture]) -> Picture:
    """The picture of that name as it was painted before, or painted now and kept.

    What is kept counts only for the same source code of the painters and the same versions of OpenCV and NumPy. A
    cache that cannot be read or written is done without.

    Args:
        name: Says all that the picture depends on, besides the source code.
        paint: Makes the picture (uint8).
    """
    file = cache_folder() / "textures" / _version() / f"{hashlib.sha256(name.encode()).hexdigest()[:32]}.npy"
    try:
        picture = np.load(file)
    except (OSError, ValueError, EOFError):  # not there, or damaged
        picture = paint()
        _keep(file, picture)
    return np.asarray(picture, np.uint8)


@cache
def _version() -> str:
    digest = hashlib.sha256(f"{cv2.__version__} {np.__version__}".encode())
    for name in _PAINTERS:
        digest.update(Path(__file__).with_name(name).read_bytes())
    return digest.hexdigest()[:16]


def _keep(file: Path, picture: Picture) -> None:
    fresh = file.with_name(f"{file.stem}.{secrets.token_hex(4)}.tmp")
    try:
        if not file.parent.exists():
            shutil.rmtree(file.parent.parent, ignore_errors=True)  # those of other versions
            file.parent.mkdir(parents=True, exist_ok=True)
        with fresh.open("wb") as stream:
            np.save(stream, picture)
        fresh.replace(file)  # whole or not at all, also for other processes
    except OSError:
        with suppress(OSError):
            fresh.unlink()
