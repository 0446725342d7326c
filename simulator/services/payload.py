"""Payloads: what is mounted, and how it introduces itself."""

from __future__ import annotations

import grpc
from bosdyn.api import (
    payload_pb2,
    payload_registration_pb2,
    payload_registration_service_pb2_grpc,
    payload_service_pb2_grpc,
)

from simulator.robot.robot import Robot
from simulator.services.gate import reject
from simulator.services.tokens import TokenBook

_Register = payload_registration_pb2.RegisterPayloadResponse
_Version = payload_registration_pb2.UpdatePayloadVersionResponse
_Token = payload_registration_pb2.GetPayloadAuthTokenResponse
_Attached = payload_registration_pb2.UpdatePayloadAttachedResponse
_AttachRequest = payload_registration_pb2.UpdatePayloadAttachedRequest


class PayloadService(payload_service_pb2_grpc.PayloadServiceServicer):  # type: ignore[misc]  # generated without types
    """ListPayloads."""

    def __init__(self, robot: Robot) -> None:
        self._robot = robot

    def ListPayloads(  # noqa: N802 - the name of the RPC
        self, request: payload_pb2.ListPayloadsRequest, context: grpc.ServicerContext
    ) -> payload_pb2.ListPayloadsResponse:
        """Every payload that has registered."""
        with self._robot.lock:
            return payload_pb2.ListPayloadsResponse(payloads=self._robot.payloads.payloads)


class PayloadRegistrationService(
    payload_registration_service_pb2_grpc.PayloadRegistrationServiceServicer  # type: ignore[misc]  # generated
):
    """RegisterPayload, UpdatePayloadVersion, GetPayloadAuthToken and UpdatePayloadAttached. None needs a token."""

    def __init__(self, robot: Robot, tokens: TokenBook) -> None:
        self._robot = robot
        self._tokens = tokens

    def RegisterPayload(  # noqa: N802 - the name of the RPC
        self, request: payload_registration_pb2.RegisterPayloadRequest, context: grpc.ServicerContext
    ) -> payload_registration_pb2.RegisterPayloadResponse:
        """Make a payload known; an administrator must authorise it before it gets a token."""
        response = _Register()
        if not request.payload.GUID:
            reject(response, "the payload has no GUID")
        elif request.payload.is_authorized or request.payload.is_enabled:
            reject(response, "is_authorized and is_enabled must be false: only an administrator sets them")
        else:
            with self._robot.lock:
                added = self._robot.payloads.register(request.payload, request.payload_secret)
            response.status = _Register.STATUS_OK if added else _Register.STATUS_ALREADY_EXISTS
        return response

    def UpdatePayloadVersion(  # noqa: N802 - the name of the RPC
        self, request: payload_registration_pb2.UpdatePayloadVersionRequest, context: grpc.ServicerContext
    ) -> payload_registration_pb2.UpdatePayloadVersionResponse:
        """Change the version of a payload."""
        credentials = _credentials(request)
        with self._robot.lock:
            if self._robot.payloads.find(credentials.guid) is None:
                return _Version(status=_Version.STATUS_DOES_NOT_EXIST)
            known = self._robot.payloads.check(credentials)
            if known is None:
                return _Version(status=_Version.STATUS_INVALID_CREDENTIALS)
            known.payload.version.CopyFrom(request.updated_version)
            return _Version(status=_Version.STATUS_OK)

    def GetPayloadAuthToken(  # noqa: N802 - the name of the RPC
        self, request: payload_registration_pb2.GetPayloadAuthTokenRequest, context: grpc.ServicerContext
    ) -> payload_registration_pb2.GetPayloadAuthTokenResponse:
        """A token for a payload that an administrator has authorised."""
        with self._robot.lock:
            known = self._robot.payloads.check(_credentials(request))
            if known is None:
                return _Token(status=_Token.STATUS_INVALID_CREDENTIALS)
            if not known.payload.is_authorized:
                return _Token(status=_Token.STATUS_PAYLOAD_NOT_AUTHORIZED)
            payload, uptime = known.payload, self._robot.clock.uptime()
            token = self._tokens.issue(payload.name or payload.GUID, uptime, payload.GUID)
            return _Token(status=_Token.STATUS_OK, token=token)

    def UpdatePayloadAttached(  # noqa: N802 - the name of the RPC
        self, request: payload_registration_pb2.UpdatePayloadAttachedRequest, context: grpc.ServicerContext
    ) -> payload_registration_pb2.UpdatePayloadAttachedResponse:
        """Say that a payload is mounted, or that it is not."""
        response = _Attached()
        if request.request == _AttachRequest.REQUEST_UNKNOWN:
            reject(response, "the request says neither REQUEST_ATTACH nor REQUEST_DETACH")
            return response
        with self._robot.lock:
            known = self._robot.payloads.check(request.payload_credentials)
            if self._robot.payloads.find(request.payload_credentials.guid) is None:
                response.status = _Attached.STATUS_DOES_NOT_EXIST
            elif known is None:
                response.status = _Attached.STATUS_INVALID_CREDENTIALS
            elif not known.payload.is_authorized:
                response.status = _Attached.STATUS_PAYLOAD_NOT_AUTHORIZED
            else:
                known.payload.is_enabled = request.request == _AttachRequest.REQUEST_ATTACH
                response.status = _Attached.STATUS_OK
        return response


def _credentials(
    request: payload_registration_pb2.UpdatePayloadVersionRequest | payload_registration_pb2.GetPayloadAuthTokenRequest,
) -> payload_registration_pb2.PayloadCredentials:
    """The credentials, from the fields of before release 2.4 where only those are set."""
    if request.HasField("payload_credentials"):
        return request.payload_credentials
    return payload_registration_pb2.PayloadCredentials(guid=request.payload_guid, secret=request.payload_secret)
