"""Sheets of paper with all sorts of things on them."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

HEIGHT = 160
"""Of a sheet in pixels."""

_LETTERS = tuple("ABCDEFGHKLMNPRSTUVWXYZabdefghkmnprst0123456789?!&#%")
_FONTS = (cv2.FONT_HERSHEY_SIMPLEX, cv2.FONT_HERSHEY_DUPLEX, cv2.FONT_HERSHEY_COMPLEX, cv2.FONT_HERSHEY_TRIPLEX)

Picture = NDArray[np.uint8]


def blank_sheet(random: np.random.Generator) -> Picture:
    """Give a sheet of paper (H×W×3), mostly A4 upright, mostly white, with or without a frame."""
    aspect = 210 / 297 if random.random() < 0.6 else random.uniform(0.5, 1.6)
    width = int(HEIGHT * aspect)
    colour = np.full(3, 255) if random.random() < 0.7 else random.integers(120, 256, 3)
    sheet = np.full((HEIGHT, width, 3), colour, np.uint8)
    if random.random() < 0.7:
        inset, thickness = int(random.integers(0, 10)), int(random.integers(2, 9))
        cv2.rectangle(sheet, (inset, inset), (width - 1 - inset, HEIGHT - 1 - inset), _ink(random), thickness)
    return sheet


def _ink(random: np.random.Generator) -> tuple[int, ...]:
    if random.random() < 0.7:
        return (int(random.integers(0, 50)),) * 3
    return tuple(int(value) for value in random.integers(0, 150, 3))


def _middle(sheet: Picture, random: np.random.Generator) -> NDArray[np.float64]:
    return np.array(sheet.shape[1::-1]) * random.uniform(0.42, 0.58, 2)


def _letters(sheet: Picture, random: np.random.Generator) -> None:
    text = "".join(random.choice(_LETTERS, int(random.integers(1, 4))))
    font, thickness = int(random.choice(_FONTS)), int(random.integers(4, 22))
    (width, height), _ = cv2.getTextSize(text, font, 1.0, 1)
    scale = min(sheet.shape[1] * 0.75 / width, sheet.shape[0] * 0.75 / height)
    x, y = _middle(sheet, random) + np.array([-scale * width, scale * height]) / 2
    cv2.putText(sheet, text, (int(x), int(y)), font, scale, _ink(random), thickness, cv2.LINE_AA)


def _arrow(sheet: Picture, random: np.random.Generator) -> None:
    """Straight arrows up, level and aslant; those that are cards are sorted out by ``LookAlikes``."""
    angle = np.deg2rad(random.choice([0, 45, 90, 135, 180, 225, 270, 315]) + random.uniform(-8, 8))
    reach = sheet.shape[1] * random.uniform(0.3, 0.42) * np.array([np.cos(angle), np.sin(angle)])
    middle = _middle(sheet, random)
    start, end = (middle - reach).astype(int).tolist(), (middle + reach).astype(int).tolist()
    thickness = int(random.integers(6, 26))
    cv2.arrowedLine(sheet, start, end, _ink(random), thickness, cv2.LINE_AA, tipLength=random.uniform(0.3, 0.6))


def _polygons(sheet: Picture, random: np.random.Generator) -> None:
    for _ in range(random.integers(1, 4)):
        corners = random.uniform(0.1, 0.9, (int(random.integers(3, 7)), 2)) * sheet.shape[1::-1]
        cv2.fillPoly(sheet, [corners.astype(np.int32)], _ink(random), cv2.LINE_AA)


def _lines(sheet: Picture, random: np.random.Generator) -> None:
    """Strokes, as of a pictogram or of handwriting with a thick pen."""
    for _ in range(random.integers(2, 6)):
        corners = random.uniform(0.1, 0.9, (int(random.integers(2, 4)), 2)) * sheet.shape[1::-1]
        cv2.polylines(sheet, [corners.astype(np.int32)], False, _ink(random), int(random.integers(5, 26)), cv2.LINE_AA)


def _rounds(sheet: Picture, random: np.random.Generator) -> None:
    """Discs, rings and arcs."""
    for _ in range(random.integers(1, 4)):
        middle = _middle(sheet, random).astype(int).tolist()
        radii = (sheet.shape[1] * random.uniform(0.08, 0.42, 2)).astype(int).tolist()
        arc = (0, 360) if random.random() < 0.6 else tuple(random.integers(0, 360, 2).tolist())
        thickness = -1 if random.random() < 0.3 else int(random.integers(6, 26))
        cv2.ellipse(sheet, middle, radii, 0, arc[0], arc[1], _ink(random), thickness, cv2.LINE_AA)


def _blocks(sheet: Picture, random: np.random.Generator) -> None:
    """A grid of squares, such as a code or a chessboard."""
    count = int(random.integers(3, 8))
    grid = (random.random((count, count)) < 0.5).astype(np.uint8)
    side = int(min(sheet.shape[:2]) * random.uniform(0.5, 0.85))
    squares = cv2.resize(grid, (side, side), interpolation=cv2.INTER_NEAREST)
    left, top = (sheet.shape[1] - side) // 2, (sheet.shape[0] - side) // 2
    sheet[top : top + side, left : left + side][squares == 1] = _ink(random)


def _writing(sheet: Picture, random: np.random.Generator) -> None:
    """Lines of small print."""
    ink, y = _ink(random), int(random.integers(15, 40))
    while y < sheet.shape[0] - 15:
        x = 12
        while x < sheet.shape[1] - 20:
            length = int(random.integers(5, 25))
            cv2.line(sheet, (x, y), (min(x + length, sheet.shape[1] - 14), y), ink, 2)
            x += length + 6
        y += int(random.integers(6, 14))


_SYMBOLS = (_letters, _letters, _arrow, _arrow, _polygons, _lines, _rounds, _blocks, _writing)


def draw_symbol(sheet: Picture, random: np.random.Generator) -> None:
    """Draw something on a sheet (H×W×3); in place."""
    _SYMBOLS[random.integers(len(_SYMBOLS))](sheet, random)
