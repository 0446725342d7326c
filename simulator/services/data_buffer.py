"""The data buffer: logs that clients send to the robot. They are taken and dropped."""

from __future__ import annotations

import grpc
from bosdyn.api import data_buffer_pb2, data_buffer_service_pb2_grpc


class DataBufferService(
    data_buffer_service_pb2_grpc.DataBufferServiceServicer  # type: ignore[misc]  # generated without types
):
    """Comments, text messages and events; published programs send them and expect an answer."""

    def RecordOperatorComments(  # noqa: N802 - the name of the RPC
        self, request: data_buffer_pb2.RecordOperatorCommentsRequest, context: grpc.ServicerContext
    ) -> data_buffer_pb2.RecordOperatorCommentsResponse:
        """Take comments."""
        return data_buffer_pb2.RecordOperatorCommentsResponse()

    def RecordTextMessages(  # noqa: N802 - the name of the RPC
        self, request: data_buffer_pb2.RecordTextMessagesRequest, context: grpc.ServicerContext
    ) -> data_buffer_pb2.RecordTextMessagesResponse:
        """Take text messages."""
        return data_buffer_pb2.RecordTextMessagesResponse()

    def RecordEvents(  # noqa: N802 - the name of the RPC
        self, request: data_buffer_pb2.RecordEventsRequest, context: grpc.ServicerContext
    ) -> data_buffer_pb2.RecordEventsResponse:
        """Take events."""
        return data_buffer_pb2.RecordEventsResponse()
