"""What in an answer is a refusal, for counting."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bosdyn.api import header_pb2, lease_pb2

Message = Any  # a message of the API; its fields are known only by its descriptor

_FINE = frozenset(
    {
        "STATUS_OK",
        "STATUS_SUCCESS",
        "STATUS_CLEARED",
        "STATUS_IN_PROGRESS",
        "STATUS_UNKNOWN",
        "STATUS_UNSPECIFIED",
        "STATUS_PROCESSING",
        "NETWORK_COMPUTE_STATUS_SUCCESS",
        "LIST_AVAILABLE_MODELS_STATUS_SUCCESS",
    }
)
"""Statuses of every service that say that all is well, or nothing at all."""
_UNSAID = (header_pb2.CommonError.CODE_UNSPECIFIED, header_pb2.CommonError.CODE_OK)
_LEASE_FINE = (lease_pb2.LeaseUseResult.STATUS_OK, lease_pb2.LeaseUseResult.STATUS_UNKNOWN)


def refusals(method: str, response: Message) -> tuple[str, ...]:
    """The statuses with which an answer refuses, by their names; empty when it does not.

    Feedback tells how something goes, so only what the hardware cannot do counts there.
    """
    return tuple(dict.fromkeys(_found(method, response)))


def _found(method: str, response: Message) -> Iterator[str]:
    code = response.header.error.code
    if code not in _UNSAID:
        yield header_pb2.CommonError.Code.Name(code)
    fields = response.DESCRIPTOR.fields_by_name
    if "lease_use_result" in fields and response.lease_use_result.status not in _LEASE_FINE:
        yield f"lease {lease_pb2.LeaseUseResult.Status.Name(response.lease_use_result.status)}"
        return  # the other status then says no more than "no"
    if method.endswith("CommandFeedback"):
        yield from _incompatible(response)
        return
    if "image_responses" in fields:
        for each in response.image_responses:
            yield from _status(each)
    yield from _status(response)


def _status(message: Message) -> Iterator[str]:
    field = message.DESCRIPTOR.fields_by_name.get("status")
    if field is None or field.enum_type is None:
        return
    value = field.enum_type.values_by_number.get(message.status)
    if value is not None and value.name not in _FINE:
        yield value.name


def _incompatible(response: Message) -> Iterator[str]:
    if "feedback" not in response.DESCRIPTOR.fields_by_name:
        return
    feedback = response.feedback
    if feedback.DESCRIPTOR.name != "RobotCommandFeedback" or not feedback.HasField("synchronized_feedback"):
        return
    for part in ("arm_command_feedback", "gripper_command_feedback"):
        if feedback.synchronized_feedback.HasField(part):
            yield from (each for each in _status(getattr(feedback.synchronized_feedback, part)) if "INCOMPAT" in each)
