"""Puts what a worker says into the network-compute bridge's own words."""

from __future__ import annotations

from bosdyn.api import header_pb2, image_pb2, network_compute_bridge_pb2

from simulator.cameras.rotation import Rotation, rotation_upright
from simulator.errors import PictureError

FINE = (header_pb2.CommonError.CODE_UNSPECIFIED, header_pb2.CommonError.CODE_OK)
"""Codes in a worker's header that mean no error."""
_Api = network_compute_bridge_pb2
_Response = _Api.NetworkComputeResponse
_Input = _Api.NetworkComputeInputData
_REFERENCES = {_Input.ROTATE_IMAGE_ALIGN_HORIZONTAL: "odom", _Input.ROTATE_IMAGE_ALIGN_WITH_BODY: "body"}


def upright(picture: image_pb2.ImageResponse, wanted: int) -> Rotation | None:
    """How to turn a picture as a ``RotateImage`` wants it; ``None`` when it wants nothing.

    Raises:
        PictureError: The picture does not say how its camera lies.
    """
    reference = _REFERENCES.get(wanted)
    if reference is None:
        return None
    rotation = rotation_upright(picture.shot, reference)
    if rotation is None:
        raise PictureError(
            _Api.NETWORK_COMPUTE_STATUS_ROTATION_ERROR, f"the picture does not know the frame {reference}"
        )
    return rotation


def converted(
    answer: network_compute_bridge_pb2.WorkerComputeResponse,
) -> network_compute_bridge_pb2.NetworkComputeResponse:
    """The answer of a worker since release 3.3 as the bridge's."""
    response = _Response(header=answer.header, status=answer.status)
    if answer.HasField("other_data"):
        response.other_data.CopyFrom(answer.other_data)
    if answer.HasField("custom_param_error"):
        response.custom_param_error.CopyFrom(answer.custom_param_error)
    for key, image in answer.output_images.items():
        response.output_images[key].CopyFrom(image)
    return response


def answered(
    response: network_compute_bridge_pb2.NetworkComputeResponse,
) -> network_compute_bridge_pb2.NetworkComputeResponse:
    """The worker's answer as the robot's: with a header of the robot's own, and always with a status."""
    if response.header.error.code not in FINE:
        response.status = _Api.NETWORK_COMPUTE_STATUS_EXTERNAL_SERVER_ERROR
    elif not response.status:
        response.status = _Api.NETWORK_COMPUTE_STATUS_SUCCESS
    response.ClearField("header")
    return response
