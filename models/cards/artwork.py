"""Draw the shipped set of cue cards: ``python -m models.cards.artwork --out DIR``.

Writes one PNG for each card and ``cards.pdf`` with all of them, a page each, in A4. Black ink on white paper only:
some inks that look dark to people are bright to a camera that also sees infrared.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from models.cards.icons import ICONS, Point

PAPER = (210.0, 297.0)
"""Width and height of A4 in millimetres."""

PRINT_DPI = 300
PNG_DPI = 75
_MARGIN = 6.0
"""Millimetres around the frame that stay white; most printers cannot print there."""
_FRAME = 8.0
"""Thickness of the frame in millimetres. It shows where the card ends when the wall behind it is white too."""
_WRITING = 5.5
"""Size of the card's name, written into the frame for people; too small to be seen by the robot."""
_BLACK, _WHITE = 0, 255


class MillimetrePen:
    """Fills shapes on a picture of a card; see ``models.cards.icons.Pen``.

    Args:
        picture: A greyscale picture of a whole card.
    """

    def __init__(self, picture: Image.Image) -> None:
        self._draw = ImageDraw.Draw(picture)
        self._scale = picture.width / PAPER[0]

    def polygon(self, *corners: Point, white: bool = False) -> None:
        """Fill a polygon."""
        self._draw.polygon([self._pixel(corner) for corner in corners], fill=_WHITE if white else _BLACK)

    def disc(self, centre: Point, radius: float, *, white: bool = False) -> None:
        """Fill a disc."""
        x, y = centre
        box = [self._pixel((x - radius, y - radius)), self._pixel((x + radius, y + radius))]
        self._draw.ellipse(box, fill=_WHITE if white else _BLACK)

    def frame(self, name: str) -> None:
        """Draw the frame, with the card's name in its lower edge."""
        width, height = PAPER
        for inset, white in ((_MARGIN, False), (_MARGIN + _FRAME, True)):
            x, y = width / 2 - inset, height / 2 - inset
            self.polygon((-x, -y), (x, -y), (x, y), (-x, y), white=white)
        place = self._pixel((0, height / 2 - _MARGIN - _FRAME / 2))
        font = ImageFont.load_default(_WRITING * self._scale)
        self._draw.text(place, name.upper(), fill=_WHITE, font=font, anchor="mm")

    def _pixel(self, point: Point) -> Point:
        return (point[0] + PAPER[0] / 2) * self._scale, (point[1] + PAPER[1] / 2) * self._scale


def draw_card(label: str, dpi: int) -> Image.Image:
    """Draw a card.

    Args:
        label: One of ``ICONS``.
        dpi: Dots per inch.

    Returns:
        A greyscale picture of the whole sheet.
    """
    scale = dpi / 25.4
    picture = Image.new("L", (round(PAPER[0] * scale), round(PAPER[1] * scale)), _WHITE)
    pen = MillimetrePen(picture)
    pen.frame(label)
    ICONS[label](pen)
    return picture


def write_cards(out: Path) -> list[Path]:
    """Write every card.

    Args:
        out: The folder to write to; it is made if need be.

    Returns:
        The files: a PNG for each card, and the PDF of all.
    """
    out.mkdir(parents=True, exist_ok=True)
    sheets = [draw_card(label, PRINT_DPI) for label in ICONS]
    files = []
    for label, sheet in zip(ICONS, sheets, strict=True):
        small = sheet.resize((round(PAPER[0] / 25.4 * PNG_DPI), round(PAPER[1] / 25.4 * PNG_DPI)), Image.Resampling.BOX)
        files.append(out / f"{label}.png")
        small.save(files[-1], dpi=(PNG_DPI, PNG_DPI), optimize=True)
    files.append(out / "cards.pdf")
    pages = [sheet.convert("1", dither=Image.Dither.NONE) for sheet in sheets]
    pages[0].save(files[-1], save_all=True, append_images=pages[1:], resolution=PRINT_DPI, title="Cue cards")
    return files


def main() -> None:
    """Run it from the command line."""
    parser = argparse.ArgumentParser(prog="python -m models.cards.artwork", description="Draw the cue cards.")
    parser.add_argument("--out", type=Path, required=True, help="folder to write to")
    for path in write_cards(parser.parse_args().out):
        sys.stdout.write(f"{path}\n")


if __name__ == "__main__":
    main()
