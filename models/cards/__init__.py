"""Cue cards: printed pictures that people show to the robot, and how a detector learns them.

>>> from pathlib import Path
>>> from models.cards.templates import read_templates
>>> [template.label for template in read_templates(Path("models/cards/printed"))][:2]
['back', 'come']

Nothing here loads TensorFlow but ``models.cards.network``, ``models.cards.loss`` and ``models.cards.fitting``, which
``models.cards.training.train`` imports when it is called.
"""
