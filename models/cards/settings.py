"""What synthetic pictures are like."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class SynthesisSettings:
    """What synthetic pictures are like.

    Attributes:
        height: Of a picture in pixels.
        width: Of a picture.
        smallest: Least height of a card in pixels. With Spot's cameras A4 has 76 / distance in metres.
        largest: Greatest height of a card in pixels; heights in between are equally likely on a logarithmic scale.
        small_share: Share of cards that are chosen from the lowest part of that range.
        most_cards: Most cards in a picture.
        most_look_alikes: Most things that look like cards.
        empty_share: Share of pictures without a card.
        grey_share: Share of pictures from a grey camera, as Spot's are.
        corner_share: Share of pictures with a black corner, as pictures of rolled cameras have once they are upright.
        visible: Share of a card that must be seen for it to count; below it, finding the card is neither right nor
            wrong.
    """

    height: int = 240
    width: int = 320
    smallest: float = 18.0
    largest: float = 170.0
    small_share: float = 0.0
    most_cards: int = 3
    most_look_alikes: int = 2
    empty_share: float = 0.12
    grey_share: float = 0.5
    corner_share: float = 0.1
    visible: float = 0.8


EVALUATION = SynthesisSettings()
"""Pictures that figures are given for: cards of 18 to 170 pixels, as A4 at 0.4 to 4.2 m."""
TRAINING = SynthesisSettings(
    height=256, smallest=14.0, largest=200.0, small_share=0.15, most_cards=5, most_look_alikes=3, visible=0.65
)
"""Pictures to learn from: more cards in each, and a wider range of heights. They are 256 pixels high, since the network
takes multiples of 64. With a greater share of small cards, large ones were missed: they are few, and one picture of a
large card leaves no room for others."""
