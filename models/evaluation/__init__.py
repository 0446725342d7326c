"""How good a detector is: its detections against pictures in which every thing is labelled.

>>> from models.evaluation import evaluate, read_pictures
>>> evaluation = evaluate(load_detector("objects", threshold=0.05), read_pictures(folder), threshold=0.3)
>>> evaluation.average_precision.ap50
"""

from __future__ import annotations

from models.evaluation.average_precision import AveragePrecision, LabelPrecision, average_precision
from models.evaluation.matching import Comparison, LabelledThing, compare, intersection_over_union, read_truth
from models.evaluation.pictures import LabelledPicture, read_pictures
from models.evaluation.report import Evaluation, LabelResult, evaluate
from models.evaluation.views import FRONT_CAMERA_ROLLS, as_camera_frame, as_grey

__all__ = [
    "FRONT_CAMERA_ROLLS",
    "AveragePrecision",
    "Comparison",
    "Evaluation",
    "LabelPrecision",
    "LabelResult",
    "LabelledPicture",
    "LabelledThing",
    "as_camera_frame",
    "as_grey",
    "average_precision",
    "compare",
    "evaluate",
    "intersection_over_union",
    "read_pictures",
    "read_truth",
]
