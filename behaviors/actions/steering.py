"""The two proportional controllers that walking actions share."""

from __future__ import annotations

# Gains were chosen on the simulator, whose cameras, link and detector delay an observation by about 0.15 s: a
# proportional loop with that delay and a gain of 1.5 1/s keeps a phase margin of over 70 degrees.
TURN_GAIN = 1.5  # 1/s
SPEED_GAIN = 1.2  # 1/s
STILL_BEARING = 0.05  # rad; below it a turn would only make the robot fidget
STILL_DISTANCE = 0.10  # m


def _proportional(error: float, gain: float, limit: float, deadband: float) -> float:
    if abs(error) <= deadband:
        return 0.0
    return max(-limit, min(limit, gain * error))


def turn_rate_towards(bearing: float, limit: float) -> float:
    """Turn rate in rad/s, at most ``limit``, that brings a bearing in radians to zero."""
    return _proportional(bearing, TURN_GAIN, limit, STILL_BEARING)


def speed_over(distance: float, limit: float) -> float:
    """Speed in m/s, at most ``limit``, that covers a remaining distance in metres; never backwards."""
    return max(0.0, _proportional(distance, SPEED_GAIN, limit, STILL_DISTANCE))
