"""Payloads that are mounted on the robot, as far as they have introduced themselves."""

from __future__ import annotations

from dataclasses import dataclass

from bosdyn.api import payload_pb2, payload_registration_pb2


@dataclass(slots=True)
class RegisteredPayload:
    """A payload.

    Attributes:
        payload: As it described itself; authorised and attached by an administrator.
        secret: By which it proves who it is.
    """

    payload: payload_pb2.Payload
    secret: str


class PayloadBook:
    """Every payload that has registered. Not locked: its owner holds the lock.

    Args:
        authorise_at_once: Whether a payload needs no administrator who authorises it.
    """

    def __init__(self, *, authorise_at_once: bool) -> None:
        self._authorise_at_once = authorise_at_once
        self._payloads: dict[str, RegisteredPayload] = {}

    @property
    def payloads(self) -> tuple[payload_pb2.Payload, ...]:
        """Every payload, without its secret."""
        return tuple(each.payload for each in self._payloads.values())

    def find(self, guid: str) -> RegisteredPayload | None:
        """A payload by its GUID."""
        return self._payloads.get(guid)

    def register(self, payload: payload_pb2.Payload, secret: str) -> bool:
        """Add a payload, which nobody has authorised yet. False when its GUID is known already."""
        if payload.GUID in self._payloads:
            return False
        stored = payload_pb2.Payload()
        stored.CopyFrom(payload)
        stored.is_authorized = stored.is_enabled = self._authorise_at_once
        self._payloads[payload.GUID] = RegisteredPayload(stored, secret)
        return True

    def authorise(self, guid: str) -> bool:
        """What an administrator does on the robot's own web page. False when the payload is unknown."""
        known = self._payloads.get(guid)
        if known is None:
            return False
        known.payload.is_authorized = known.payload.is_enabled = True
        return True

    def check(self, credentials: payload_registration_pb2.PayloadCredentials) -> RegisteredPayload | None:
        """The payload whose GUID and secret these are."""
        known = self._payloads.get(credentials.guid)
        return known if known and known.secret and known.secret == credentials.secret else None
