"""Whether one model may take another's place: both see the same pictures, and what follows from that is compared."""

from spot_agent.certification.certify import Certificate, certify
from spot_agent.certification.comparison import CueComparison, RuleComparison, Tolerances
from spot_agent.certification.footage import Footage, open_footage

__all__ = ["Certificate", "CueComparison", "Footage", "RuleComparison", "Tolerances", "certify", "open_footage"]
