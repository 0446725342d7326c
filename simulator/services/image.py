"""Pictures of the robot's cameras."""

from __future__ import annotations

import threading
from collections.abc import Mapping

import grpc
from bosdyn.api import image_pb2, image_service_pb2_grpc

from simulator.cameras.camera_faults import CameraFaults, corrupted
from simulator.cameras.encoding import DEFAULT_QUALITY, Encoder, Encoding
from simulator.cameras.picture_source import PictureSource, Shot, Source
from simulator.errors import FramesError
from simulator.robot.frames import snapshot
from simulator.robot.robot import Robot
from simulator.robot.timestamps import to_duration, to_timestamp
from simulator.services.camera_models import describe

_Image = image_pb2.Image
_Response = image_pb2.ImageResponse
_EXPOSURE = 0.005  # s: indoor light (undocumented)


class ImageService(image_service_pb2_grpc.ImageServiceServicer):  # type: ignore[misc]  # generated without types
    """ListImageSources and GetImage.

    Args:
        robot: Tells where the cameras are.
        pictures: What they see.
    """

    def __init__(self, robot: Robot, pictures: PictureSource) -> None:
        self._robot = robot
        self._pictures = pictures
        self._sources = {source.name: source for source in pictures.sources}
        self._described = {source.name: describe(source) for source in pictures.sources}
        self._encoder = Encoder()
        self._broken: frozenset[str] = frozenset()
        self.faults = CameraFaults()
        self._lock = threading.Lock()

    def break_sources(self, names: frozenset[str]) -> None:
        """From now on these sources, and only these, answer STATUS_IMAGE_DATA_ERROR."""
        with self._lock:
            self._broken = names

    def ListImageSources(  # noqa: N802 - the name of the RPC
        self, request: image_pb2.ListImageSourcesRequest, context: grpc.ServicerContext
    ) -> image_pb2.ListImageSourcesResponse:
        """Every source, and where its sensor is."""
        edges = [edge for source in self._sources.values() for edge in source.edges]
        return image_pb2.ListImageSourcesResponse(
            image_sources=self._described.values(),
            transforms_snapshot=snapshot(self._robot.body, self._robot.frames, edges),
        )

    def GetImage(  # noqa: N802 - the name of the RPC
        self, request: image_pb2.GetImageRequest, context: grpc.ServicerContext
    ) -> image_pb2.GetImageResponse:
        """The newest picture of each source that is asked for, all of the same moment."""
        with self._lock:
            broken = self._broken
        wanted = {each.image_source_name: self._status(each, broken) for each in request.image_requests}
        sources = [self._sources[name] for name, status in wanted.items() if status == _Response.STATUS_OK]
        try:
            shots = self.faults.spoil(self._pictures.shoot(sources, self._robot.exposure))
        except FramesError:
            shots = {}
        self.faults.wait(list(shots))
        return image_pb2.GetImageResponse(
            image_responses=[self._respond(each, broken, shots) for each in request.image_requests]
        )

    def _respond(
        self, request: image_pb2.ImageRequest, broken: frozenset[str], shots: Mapping[str, Shot]
    ) -> image_pb2.ImageResponse:
        name = request.image_source_name
        status = self._status(request, broken)
        if status == _Response.STATUS_OK and name not in shots:
            status = _Response.STATUS_IMAGE_DATA_ERROR
        if status != _Response.STATUS_OK:
            return _Response(status=status, source=self._described.get(name))
        source, shot = self._sources[name], shots[name]
        response = _Response(status=status, source=self._described[name])
        response.source.rows, response.source.cols = shot.pixels.shape[:2]
        response.shot.acquisition_time.CopyFrom(to_timestamp(shot.taken.time))
        response.shot.transforms_snapshot.CopyFrom(snapshot(shot.taken.body, self._robot.frames, source.edges))
        response.shot.frame_name_image_sensor = source.sensor_frame
        response.shot.image.CopyFrom(self._encoder.encode(source, shot, _encoding(request, source)))
        if self.faults.hits("corrupt", name):
            response.shot.image.data = corrupted(response.shot.image.data)
        response.shot.capture_params.exposure_duration.CopyFrom(to_duration(_EXPOSURE))
        response.shot.capture_params.gain = 1.0
        return response

    def _status(self, request: image_pb2.ImageRequest, broken: frozenset[str]) -> int:
        source = self._sources.get(request.image_source_name)
        if source is None:
            return int(_Response.STATUS_UNKNOWN_CAMERA)
        described = self._described[source.name]
        if request.resize_ratio not in (0.0, 1.0):
            return int(_Response.STATUS_UNSUPPORTED_RESIZE_RATIO_REQUESTED)
        if request.image_format and request.image_format not in described.image_formats:
            return int(_Response.STATUS_UNSUPPORTED_IMAGE_FORMAT_REQUESTED)
        if _pixel_format(request, described) is None:
            return int(_Response.STATUS_UNSUPPORTED_PIXEL_FORMAT_REQUESTED)
        if self.faults.hits("dropped", source.name):
            return int(_Response.STATUS_SOURCE_DATA_ERROR)
        if source.name in broken:
            return int(_Response.STATUS_IMAGE_DATA_ERROR)
        return int(_Response.STATUS_OK)


def _encoding(request: image_pb2.ImageRequest, source: Source) -> Encoding:
    described = describe(source)
    image_format = request.image_format or described.image_formats[0]
    quality = round(min(100.0, max(0.0, request.quality_percent))) or DEFAULT_QUALITY
    return Encoding(_pixel_format(request, described) or described.pixel_formats[0], image_format, quality)


def _pixel_format(request: image_pb2.ImageRequest, described: image_pb2.ImageSource) -> int | None:
    """The format to send: what is asked for, else the first fallback that there is, else the source's own."""
    if request.pixel_format == _Image.PIXEL_FORMAT_UNKNOWN:
        return int(described.pixel_formats[0])
    choices = (request.pixel_format, *request.fallback_formats)
    return next((int(choice) for choice in choices if choice in described.pixel_formats), None)
