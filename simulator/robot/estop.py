"""The software E-Stop: endpoints that must answer challenges, or the motors lose their power."""

from __future__ import annotations

import random
from dataclasses import dataclass

from bosdyn.api import estop_pb2

from simulator.robot.randomness import hex_name, random_source
from simulator.robot.timestamps import to_seconds

CUT = estop_pb2.ESTOP_LEVEL_CUT
SETTLE_THEN_CUT = estop_pb2.ESTOP_LEVEL_SETTLE_THEN_CUT
NONE = estop_pb2.ESTOP_LEVEL_NONE

_DEFAULT_CUT_DELAY = 4.0
"""Seconds from an endpoint's timeout to CUT where it names none (undocumented)."""
_ALL_ONES = (1 << 64) - 1


@dataclass(slots=True)
class Endpoint:
    """A registered endpoint.

    Attributes:
        proto: As it was registered, with the id that the robot gave it.
        challenge: To be answered with its bitwise complement; ``None`` before the first check-in.
        level: The stop level that it asked for last.
        answered_at: Uptime in seconds of the last right answer; ``None`` before the first.
    """

    proto: estop_pb2.EstopEndpoint
    challenge: int | None = None
    level: int = CUT
    answered_at: float | None = None

    def stop_level(self, uptime: float) -> int:
        """The level that it causes: what it asked for, or worse when it has fallen silent."""
        if self.answered_at is None:
            return int(CUT)
        timeout = to_seconds(self.proto.timeout)
        cut_after = to_seconds(self.proto.cut_power_timeout) or timeout + _DEFAULT_CUT_DELAY
        silent = uptime - self.answered_at
        if silent > cut_after:
            return int(CUT)
        return int(min(self.level, SETTLE_THEN_CUT)) if silent > timeout else self.level


class EstopSystem:
    """Configuration and endpoints. Not locked: its owner holds the lock.

    Args:
        source: Where names and challenges come from; the system's random numbers, if not given.
    """

    def __init__(self, source: random.Random | None = None) -> None:
        self._random = source or random_source(None, "estop")
        self.config = estop_pb2.EstopConfig(unique_id=hex_name(self._random))
        self.pressed = False
        """Whether the hardware E-Stop is pressed."""
        self._endpoints: dict[str, Endpoint] = {}

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """Every registered endpoint."""
        return tuple(self._endpoints.values())

    def level(self, uptime: float) -> int:
        """The most restrictive level that anything asks for."""
        return int(CUT) if self.pressed else self.software_level(uptime)

    def software_level(self, uptime: float) -> int:
        """The most restrictive level of all endpoints of the configuration; an unregistered one means CUT."""
        levels = [int(NONE)]
        for slot in self.config.endpoints:
            endpoint = self._endpoints.get(slot.role)
            levels.append(endpoint.stop_level(uptime) if endpoint else int(CUT))
        return min(levels)

    def configure(self, config: estop_pb2.EstopConfig) -> None:
        """Replace the configuration; every endpoint must register again."""
        self.config = estop_pb2.EstopConfig()
        self.config.CopyFrom(config)
        self.config.unique_id = hex_name(self._random)
        for endpoint in self.config.endpoints:
            endpoint.unique_id = hex_name(self._random)
        self._endpoints.clear()

    def restart(self) -> None:
        """Forget the configuration and every endpoint, as a reboot does."""
        self.configure(estop_pb2.EstopConfig())

    def has_slot(self, role: str) -> bool:
        """Whether the configuration asks for an endpoint of that role."""
        return any(slot.role == role for slot in self.config.endpoints)

    def register(self, proto: estop_pb2.EstopEndpoint) -> estop_pb2.EstopEndpoint:
        """Register an endpoint in place of any other of its role."""
        registered = estop_pb2.EstopEndpoint()
        registered.CopyFrom(proto)
        registered.unique_id = hex_name(self._random)
        self._endpoints[registered.role] = Endpoint(registered)
        return registered

    def find(self, proto: estop_pb2.EstopEndpoint) -> Endpoint | None:
        """The registered endpoint that this names by role and id."""
        endpoint = self._endpoints.get(proto.role)
        return endpoint if endpoint and endpoint.proto.unique_id == proto.unique_id else None

    def deregister(self, endpoint: Endpoint) -> None:
        """Forget an endpoint; its role then counts as CUT."""
        self._endpoints.pop(endpoint.proto.role, None)

    def check_in(self, endpoint: Endpoint, request: estop_pb2.EstopCheckInRequest, uptime: float) -> bool:
        """Take an answer and set a new challenge. False when the answer is wrong.

        A wrong answer can make the level more restrictive, never less.
        """
        right = (
            endpoint.challenge is not None
            and request.challenge == endpoint.challenge
            and request.response == endpoint.challenge ^ _ALL_ONES
        )
        endpoint.challenge = self._random.getrandbits(64)
        if right:
            endpoint.answered_at = uptime
            endpoint.level = int(request.stop_level) or int(CUT)
        elif request.stop_level:
            endpoint.level = min(endpoint.level, int(request.stop_level))
        return right
