"""Gets the pictures that the network-compute bridge hands to a worker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import grpc
from bosdyn.api import image_pb2, network_compute_bridge_pb2

from simulator.errors import PictureError
from simulator.robot.robot import Robot
from simulator.services.forwarder import Forwarder
from simulator.services.image import ImageService

_OWN = "image"
_TYPE = "bosdyn.api.ImageService"


@dataclass(frozen=True, slots=True)
class PictureFetcher:
    """Asks the robot's own image service, or one that a client has registered."""

    robot: Robot
    images: ImageService
    forwarder: Forwarder

    def fetch(
        self, orders: Sequence[network_compute_bridge_pb2.ImageSourceAndService], context: grpc.ServicerContext
    ) -> list[image_pb2.ImageResponse]:
        """The pictures, in the order of ``orders``; those of one service are taken at once.

        Raises:
            PictureError: There is no such service or source, or it has no picture.
        """
        names = dict.fromkeys(order.image_service or _OWN for order in orders)
        found: dict[int, image_pb2.ImageResponse] = {}
        for name in names:
            places = [place for place, order in enumerate(orders) if (order.image_service or _OWN) == name]
            request = image_pb2.GetImageRequest(image_requests=[_request(orders[place]) for place in places])
            responses = self._ask(name, request, context).image_responses
            found.update(zip(places, responses, strict=False))
        for place, order in enumerate(orders):
            _check(found.get(place), order)
        return [found[place] for place in range(len(orders))]

    def _ask(
        self, name: str, request: image_pb2.GetImageRequest, context: grpc.ServicerContext
    ) -> image_pb2.GetImageResponse:
        if name == _OWN:
            return self.images.GetImage(request, context)
        with self.robot.lock:
            service = self.robot.registry.find(name)
        if service is None or service.entry.type != _TYPE:
            missing = network_compute_bridge_pb2.NETWORK_COMPUTE_STATUS_EXTERNAL_SERVICE_NOT_FOUND
            raise PictureError(missing, f"there is no image service {name!r}")
        path, data = f"/{_TYPE}/GetImage", request.SerializeToString()
        try:
            answer = self.forwarder.call(service, path, data, context.time_remaining())
        except grpc.RpcError as error:
            failed = network_compute_bridge_pb2.NETWORK_COMPUTE_STATUS_EXTERNAL_SERVER_ERROR
            raise PictureError(failed, f"image service {name!r}: {error.details()}") from error
        return image_pb2.GetImageResponse.FromString(answer)


def _request(order: network_compute_bridge_pb2.ImageSourceAndService) -> image_pb2.ImageRequest:
    if order.WhichOneof("request_data") == "image_request":
        return order.image_request
    return image_pb2.ImageRequest(image_source_name=order.image_source)


def _check(response: image_pb2.ImageResponse | None, order: network_compute_bridge_pb2.ImageSourceAndService) -> None:
    status = response.status if response is not None else image_pb2.ImageResponse.STATUS_UNKNOWN
    if status != image_pb2.ImageResponse.STATUS_OK:
        name = image_pb2.ImageResponse.Status.Name(status)
        failed = network_compute_bridge_pb2.NETWORK_COMPUTE_STATUS_EXTERNAL_SERVER_ERROR
        raise PictureError(failed, f"image source {_request(order).image_source_name!r}: {name}")
