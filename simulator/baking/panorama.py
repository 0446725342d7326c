"""Make a small panorama from a high dynamic range one: ``python -m simulator.baking.panorama SOURCE TARGET.jpg``.

SOURCE is an ``.exr`` file, or a JavaScript module that carries one in base64, as in the package ``@pmndrs/assets``.
Needs the package ``OpenEXR``, which the simulator itself does not.
"""

from __future__ import annotations

import argparse
import base64
import importlib
import re
import tempfile
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

_BRIGHTEST = 60.0
_MIDDLE_GREY = 0.18


def main() -> None:
    """Read the arguments and write the picture."""
    parser = argparse.ArgumentParser(description="Tone-map a panorama to a small JPEG.")
    parser.add_argument("source", type=Path)
    parser.add_argument("target", type=Path)
    arguments = parser.parse_args()
    picture = tone_map(_read(arguments.source))
    arguments.target.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(arguments.target), picture[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 92])


def tone_map(radiance: NDArray[np.floating]) -> NDArray[np.uint8]:
    """Bring radiance (H×W×3) to 8 bits after Reinhard (2002); pixels that are not finite count as bright or black."""
    clean = np.nan_to_num(radiance.astype(np.float32), nan=0.0, posinf=_BRIGHTEST, neginf=0.0)
    clean = np.clip(clean, 0.0, _BRIGHTEST)
    average = np.exp(np.mean(np.log(clean.mean(-1) + 1e-4)))
    exposed = clean * (_MIDDLE_GREY / average)
    mapped = np.clip(exposed / (1 + exposed) * 1.25, 0, 1)
    return np.asarray(mapped ** (1 / 2.2) * 255, np.uint8)


def _read(source: Path) -> NDArray[np.floating]:
    if source.suffix == ".js":
        match = re.search(r"base64,([A-Za-z0-9+/=]+)", source.read_text(encoding="utf-8"))
        if match is None:
            raise SystemExit(f"{source}: holds no base64 data")
        with tempfile.TemporaryDirectory() as folder:
            exr = Path(folder) / "panorama.exr"
            exr.write_bytes(base64.b64decode(match[1]))
            return _read(exr)
    open_exr = importlib.import_module("OpenEXR")
    with open_exr.File(str(source)) as file:
        channels = file.channels()
        names = list(channels)
        if len(names) == 1:
            pixels = channels[names[0]].pixels
        else:
            pixels = np.stack([channels[name].pixels for name in "RGB"], axis=-1)
    return np.array(pixels[..., :3])


if __name__ == "__main__":
    main()
