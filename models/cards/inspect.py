"""Look at synthetic pictures: ``python -m models.cards.inspect CARDS_DIR --seed 7 --out sheet.png``.

Green boxes are cards, grey ones are hidden too much to count. What has no box is a look-alike.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import cv2

from models.cards.backgrounds import Backgrounds
from models.cards.pictures import Tile, contact_sheet
from models.cards.settings import EVALUATION, TRAINING
from models.cards.synthesis import Synthesizer
from models.cards.templates import read_templates
from models.errors import ModelError


def main() -> None:
    """Run it from the command line."""
    parser = argparse.ArgumentParser(prog="python -m models.cards.inspect", description="Look at synthetic pictures.")
    parser.add_argument("cards", type=Path, help="folder with a picture of each card")
    parser.add_argument("--out", type=Path, required=True, help="PNG file to write")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--first", type=int, default=0, help="number of the first picture")
    parser.add_argument("--count", type=int, default=24)
    parser.add_argument("--evaluation", action="store_true", help="pictures of the test split, not of the training")
    options = parser.parse_args()
    try:
        templates, backgrounds = read_templates(options.cards), Backgrounds.read()
    except ModelError as error:
        parser.error(str(error))
    settings, photos = (EVALUATION, backgrounds.test) if options.evaluation else (TRAINING, backgrounds.train)
    synthesizer = Synthesizer(templates, photos, settings, seed=options.seed)
    start = time.process_time()
    pictures = [synthesizer.picture(options.first + number) for number in range(options.count)]
    rate = options.count / (time.process_time() - start)
    sheet = contact_sheet([Tile(picture.image, picture.things) for picture in pictures])
    cv2.imwrite(str(options.out), sheet[..., ::-1])
    sys.stdout.write(f"{options.out}: {options.count} pictures, {rate:.0f} a second on one core\n")


if __name__ == "__main__":
    main()
