"""The data buffer: what clients record on the robot."""

from __future__ import annotations

import grpc
from bosdyn.api import data_buffer_pb2, data_buffer_service_pb2_grpc

from simulator.robot.recordings import DataBuffer
from simulator.robot.robot import Robot
from simulator.services.gate import reject

_Blobs = data_buffer_pb2.RecordDataBlobsResponse
_Ticks = data_buffer_pb2.RecordSignalTicksResponse
_Events = data_buffer_pb2.RecordEventsResponse


class DataBufferService(
    data_buffer_service_pb2_grpc.DataBufferServiceServicer  # type: ignore[misc]  # generated without types
):
    """Comments, text messages, events, blobs and signals; the newest are kept in ``Robot.data_buffer``."""

    def __init__(self, robot: Robot) -> None:
        self._robot = robot

    def RecordOperatorComments(  # noqa: N802 - the name of the RPC
        self, request: data_buffer_pb2.RecordOperatorCommentsRequest, context: grpc.ServicerContext
    ) -> data_buffer_pb2.RecordOperatorCommentsResponse:
        """Take comments."""
        with self._robot.lock:
            self._buffer.comments.extend(request.operator_comments)
        return data_buffer_pb2.RecordOperatorCommentsResponse()

    def RecordTextMessages(  # noqa: N802 - the name of the RPC
        self, request: data_buffer_pb2.RecordTextMessagesRequest, context: grpc.ServicerContext
    ) -> data_buffer_pb2.RecordTextMessagesResponse:
        """Take text messages."""
        with self._robot.lock:
            self._buffer.texts.extend(request.text_messages)
        return data_buffer_pb2.RecordTextMessagesResponse()

    def RecordEvents(  # noqa: N802 - the name of the RPC
        self, request: data_buffer_pb2.RecordEventsRequest, context: grpc.ServicerContext
    ) -> data_buffer_pb2.RecordEventsResponse:
        """Take events; each needs a type, an id and a start."""
        response = _Events()
        with self._robot.lock:
            for index, event in enumerate(request.events):
                missing = [name for name in ("type", "id") if not getattr(event, name)]
                if missing:
                    text = f"the event has no {' and no '.join(missing)}"
                    response.errors.add(type=_Events.Error.CLIENT_ERROR, message=text, index=index)
                else:
                    self._buffer.events.append(event)
        return response

    def RecordDataBlobs(  # noqa: N802 - the name of the RPC
        self, request: data_buffer_pb2.RecordDataBlobsRequest, context: grpc.ServicerContext
    ) -> data_buffer_pb2.RecordDataBlobsResponse:
        """Take blobs; each needs a channel."""
        response = _Blobs()
        with self._robot.lock:
            blobs = self._buffer.blobs
            for index, blob in enumerate(request.blob_data):
                if blob.channel:
                    blobs[blob.channel] = blobs.get(blob.channel, 0) + 1
                else:
                    response.errors.add(type=_Blobs.Error.CLIENT_ERROR, message="the blob has no channel", index=index)
        return response

    def RegisterSignalSchema(  # noqa: N802 - the name of the RPC
        self, request: data_buffer_pb2.RegisterSignalSchemaRequest, context: grpc.ServicerContext
    ) -> data_buffer_pb2.RegisterSignalSchemaResponse:
        """Give a schema a number."""
        response = data_buffer_pb2.RegisterSignalSchemaResponse()
        if not request.schema.vars:
            reject(response, "the schema has no variables")
            return response
        with self._robot.lock:
            response.schema_id = self._buffer.register_schema(request.schema)
        return response

    def RecordSignalTicks(  # noqa: N802 - the name of the RPC
        self, request: data_buffer_pb2.RecordSignalTicksRequest, context: grpc.ServicerContext
    ) -> data_buffer_pb2.RecordSignalTicksResponse:
        """Take ticks of schemas that are registered."""
        response = _Ticks()
        with self._robot.lock:
            ticks = self._buffer.ticks
            for index, tick in enumerate(request.tick_data):
                if tick.schema_id in ticks:
                    ticks[tick.schema_id] += 1
                else:
                    text = f"there is no schema {tick.schema_id}"
                    response.errors.add(type=_Ticks.Error.INVALID_SCHEMA_ID, message=text, index=index)
        return response

    @property
    def _buffer(self) -> DataBuffer:
        return self._robot.data_buffer
