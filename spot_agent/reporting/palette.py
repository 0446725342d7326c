"""The colours of what is shown, the same on boxes, time lines and maps."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Colour:
    """An sRGB colour; each part 0 to 255."""

    red: int
    green: int
    blue: int

    @classmethod
    def parse(cls, text: str) -> Colour:
        """Read ``"#2f6fde"``.

        Raises:
            ValueError: It is not six hexadecimal digits after a number sign.
        """
        if len(text) != 7 or text[0] != "#":
            raise ValueError(f"a colour is written as '#2f6fde', not {text!r}")
        return cls(int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16))

    @property
    def hex(self) -> str:
        """The colour as ``"#2f6fde"``."""
        return f"#{self.red:02x}{self.green:02x}{self.blue:02x}"

    @property
    def unit(self) -> tuple[float, float, float]:
        """Each part as 0 to 1."""
        return self.red / 255, self.green / 255, self.blue / 255

    def with_alpha(self, alpha: int) -> tuple[int, int, int, int]:
        """The colour with an opacity from 0 to 255."""
        return self.red, self.green, self.blue, alpha


# Distinct from each other with every common colour blindness in this order. Red is left to what is refused.
SERIES = tuple(
    Colour.parse(text)
    for text in ("#2f6fde", "#e8811a", "#12936f", "#a64fc4", "#0fa3c2", "#d1487f", "#8a6a3b", "#6b7f12")
)


class Palette:
    """Gives each name a colour and never changes it: the first name gets the first colour, and so on.

    After eight names the colours begin again.
    """

    def __init__(self) -> None:
        self._colours: dict[str, Colour] = {}

    def __getitem__(self, name: str) -> Colour:
        """The colour of a name."""
        if name not in self._colours:
            self._colours[name] = SERIES[len(self._colours) % len(SERIES)]
        return self._colours[name]
