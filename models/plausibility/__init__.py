"""The second head: features beside the picture reject what cannot be.

A detector sees that something looks like a person. Distance and camera height say whether it can be one: nobody is
20 cm tall, and nobody hangs 3 m above the floor.

>>> from models import load_detector
>>> from models.plausibility import with_plausibility
>>> detector = with_plausibility("objects", load_detector("objects"))
>>> kept, rejections = detector.explain([image], [view])
>>> rejections[0].reason
'0.21 m tall at 1.4 m; a person has at least 0.40 m'
"""

from __future__ import annotations

from models.plausibility.beside import with_plausibility
from models.plausibility.detector import PlausibleDetector, Rejection
from models.plausibility.features import FEATURES, MetricSize, features, metric_size
from models.plausibility.head import NETWORK_FILE, PlausibilityHead
from models.plausibility.head_card import CARD_FILE, HeadCard, KnownLabel, read_head_card
from models.plausibility.judge import PASSED, Judge, Verdict
from models.plausibility.limits import POSSIBLE, Possible

__all__ = [
    "CARD_FILE",
    "FEATURES",
    "NETWORK_FILE",
    "PASSED",
    "POSSIBLE",
    "HeadCard",
    "Judge",
    "KnownLabel",
    "MetricSize",
    "PlausibilityHead",
    "PlausibleDetector",
    "Possible",
    "Rejection",
    "Verdict",
    "features",
    "metric_size",
    "read_head_card",
    "with_plausibility",
]
