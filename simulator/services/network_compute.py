"""The network-compute bridge: hands pictures to workers that clients have registered."""

from __future__ import annotations

import grpc
from bosdyn.api import image_pb2, network_compute_bridge_pb2, network_compute_bridge_service_pb2_grpc
from google.protobuf.message import DecodeError

from simulator.errors import PictureError
from simulator.robot.registry import RegisteredService
from simulator.robot.robot import Robot
from simulator.services.compute_answers import FINE, answered, converted, upright
from simulator.services.forwarder import Forwarder
from simulator.services.gate import reject
from simulator.services.picture_fetcher import PictureFetcher

_WORKER = "bosdyn.api.NetworkComputeBridgeWorker"
_Api = network_compute_bridge_pb2
_List = _Api.ListAvailableModelsResponse
_Response = _Api.NetworkComputeResponse


class NetworkComputeBridgeService(
    network_compute_bridge_service_pb2_grpc.NetworkComputeBridgeServicer  # type: ignore[misc]  # generated
):
    """ListAvailableModels and NetworkCompute, in the forms of before and since release 3.3.

    Which RPC of the worker is called follows the table in ``network_compute_bridge.proto``.

    Args:
        robot: Its registry knows the workers.
        pictures: Gets what they shall look at.
        forwarder: Calls them.
    """

    def __init__(self, robot: Robot, pictures: PictureFetcher, forwarder: Forwarder) -> None:
        self._robot = robot
        self._pictures = pictures
        self._forwarder = forwarder

    def ListAvailableModels(  # noqa: N802 - the name of the RPC
        self, request: network_compute_bridge_pb2.ListAvailableModelsRequest, context: grpc.ServicerContext
    ) -> network_compute_bridge_pb2.ListAvailableModelsResponse:
        """What a worker can compute."""
        worker = self._worker(request.server_config)
        if worker is None:
            return _List(status=_Api.LIST_AVAILABLE_MODELS_STATUS_EXTERNAL_SERVICE_NOT_FOUND)
        try:
            response = _List.FromString(self._call(worker, "ListAvailableModels", request.SerializeToString(), context))
        except (grpc.RpcError, DecodeError):
            return _List(status=_Api.LIST_AVAILABLE_MODELS_STATUS_EXTERNAL_SERVER_ERROR)
        failed = response.header.error.code not in FINE
        response.ClearField("header")
        if failed:
            response.status = _Api.LIST_AVAILABLE_MODELS_STATUS_EXTERNAL_SERVER_ERROR
        elif not response.status:
            response.status = _Api.LIST_AVAILABLE_MODELS_STATUS_SUCCESS
        return response

    def NetworkCompute(  # noqa: N802 - the name of the RPC
        self, request: network_compute_bridge_pb2.NetworkComputeRequest, context: grpc.ServicerContext
    ) -> network_compute_bridge_pb2.NetworkComputeResponse:
        """Let a worker compute on pictures that are taken now, or on one that came with the request."""
        worker, form = self._worker(request.server_config), request.WhichOneof("input")
        if worker is None:
            return _Response(status=_Api.NETWORK_COMPUTE_STATUS_EXTERNAL_SERVICE_NOT_FOUND)
        if form is None:
            response = _Response()
            reject(response, "the request has neither input_data nor input_data_bridge")
            return response
        try:
            if form == "input_data":
                return self._compute_one(worker, request, context)
            return self._compute_many(worker, request, context)
        except PictureError as error:
            response = _Response(status=error.status)
            response.header.error.message = str(error)
            return response
        except grpc.RpcError as error:
            response = _Response(status=_Api.NETWORK_COMPUTE_STATUS_EXTERNAL_SERVER_ERROR)
            response.header.error.message = f"{worker.entry.name}: {error.details()}"
            return response
        except DecodeError as error:
            response = _Response(status=_Api.NETWORK_COMPUTE_STATUS_EXTERNAL_SERVER_ERROR)
            response.header.error.message = f"{worker.entry.name} answers nonsense: {error}"
            return response

    def _compute_one(
        self,
        worker: RegisteredService,
        request: network_compute_bridge_pb2.NetworkComputeRequest,
        context: grpc.ServicerContext,
    ) -> network_compute_bridge_pb2.NetworkComputeResponse:
        """The form of before release 3.3: one picture, which may be turned upright for the worker."""
        sent = _Api.NetworkComputeRequest()
        sent.CopyFrom(request)
        picture, rotation = None, None
        if request.input_data.WhichOneof("input") == "image_source_and_service":
            picture = self._pictures.fetch([request.input_data.image_source_and_service], context)[0]
            rotation = upright(picture, request.input_data.rotate_image)
            turned = rotation.turn(picture.shot.image) if rotation else picture.shot.image
            if turned is None:
                raise PictureError(_Api.NETWORK_COMPUTE_STATUS_ROTATION_ERROR, "the picture cannot be read")
            sent.input_data.image.CopyFrom(turned)
        response = answered(
            _Response.FromString(self._call(worker, "NetworkCompute", sent.SerializeToString(), context))
        )
        if picture is not None:
            response.image_response.CopyFrom(picture)
        if rotation is not None:
            response.image_rotation_angle = rotation.angle
            for found in response.object_in_image:
                rotation.turn_back(found.image_properties.coordinates)
        return response

    def _compute_many(
        self,
        worker: RegisteredService,
        request: network_compute_bridge_pb2.NetworkComputeRequest,
        context: grpc.ServicerContext,
    ) -> network_compute_bridge_pb2.NetworkComputeResponse:
        """The form since release 3.3: any number of pictures."""
        data = request.input_data_bridge
        pictures = self._pictures.fetch(data.image_sources_and_services, context)
        sent = _Api.WorkerComputeRequest(header=request.header)
        sent.input_data.parameters.CopyFrom(data.parameters)
        for picture, order in zip(pictures, data.image_sources_and_services, strict=True):
            name = order.image_service or "image"
            sent.input_data.images.add(shot=picture.shot, source=picture.source, image_service=name)
        try:
            answer = self._call(worker, "WorkerCompute", sent.SerializeToString(), context)
        except grpc.RpcError as error:
            if error.code() is not grpc.StatusCode.UNIMPLEMENTED or len(pictures) != 1:
                raise
            response = self._as_before(worker, request, pictures[0], context)
        else:
            response = answered(converted(_Api.WorkerComputeResponse.FromString(answer)))
        response.image_responses.extend(sent.input_data.images)
        return response

    def _as_before(
        self,
        worker: RegisteredService,
        request: network_compute_bridge_pb2.NetworkComputeRequest,
        picture: image_pb2.ImageResponse,
        context: grpc.ServicerContext,
    ) -> network_compute_bridge_pb2.NetworkComputeResponse:
        """Ask a worker that knows the earlier form only, and put what it says into the later one."""
        parameters = request.input_data_bridge.parameters
        sent = _Api.NetworkComputeRequest(header=request.header, server_config=request.server_config)
        sent.input_data.image.CopyFrom(picture.shot.image)
        sent.input_data.model_name = parameters.model_name
        sent.input_data.other_data.CopyFrom(parameters.other_data)
        old = _Response.FromString(self._call(worker, "NetworkCompute", sent.SerializeToString(), context))
        response = answered(_Response(header=old.header, status=old.status, other_data=old.other_data))
        output = response.output_images[picture.source.name]
        output.image_response.CopyFrom(picture)
        output.object_in_image.extend(old.object_in_image)
        output.alert_data.CopyFrom(old.alert_data)
        for key, image in old.output_images.items():
            response.output_images[key].CopyFrom(image)
        return response

    def _worker(self, config: network_compute_bridge_pb2.NetworkComputeServerConfiguration) -> RegisteredService | None:
        with self._robot.lock:
            service = self._robot.registry.find(config.service_name)
        return service if service is not None and service.entry.type == _WORKER else None

    def _call(self, worker: RegisteredService, method: str, data: bytes, context: grpc.ServicerContext) -> bytes:
        return self._forwarder.call(worker, f"/{_WORKER}/{method}", data, context.time_remaining())
