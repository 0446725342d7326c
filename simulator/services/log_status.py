"""Logs that clients ask the robot to gather."""

from __future__ import annotations

import grpc
from bosdyn.api.log_status import log_status_pb2, log_status_service_pb2_grpc

from simulator.robot.recordings import CONCURRENT_LOGS, RETRO_SECONDS, Log
from simulator.robot.robot import Robot
from simulator.robot.timestamps import to_seconds, to_timestamp
from simulator.services.gate import reject

_Log = log_status_pb2.LogStatus
_Get = log_status_pb2.GetLogStatusResponse
_Active = log_status_pb2.GetActiveLogStatusesResponse
_Retro = log_status_pb2.StartRetroLogResponse
_Experiment = log_status_pb2.StartExperimentLogResponse
_Concurrent = log_status_pb2.StartConcurrentLogResponse
_Update = log_status_pb2.UpdateExperimentLogResponse
_Terminate = log_status_pb2.TerminateLogResponse
_SHARED = (_Log.TYPE_RETRO, _Log.TYPE_CONCURRENT)


class LogStatusService(
    log_status_service_pb2_grpc.LogStatusServiceServicer  # type: ignore[misc]  # generated without types
):
    """Start, extend, end and look at logs. Nothing is written: only their states are true."""

    def __init__(self, robot: Robot) -> None:
        self._robot = robot

    def GetLogStatus(  # noqa: N802 - the name of the RPC
        self, request: log_status_pb2.GetLogStatusRequest, context: grpc.ServicerContext
    ) -> log_status_pb2.GetLogStatusResponse:
        """One log by its id."""
        with self._robot.lock:
            log = self._robot.logs.find(request.id)
            if log is None:
                return _Get(status=_Get.STATUS_ID_NOT_FOUND)
            return _Get(status=_Get.STATUS_OK, log_status=self._describe(log))

    def GetActiveLogStatuses(  # noqa: N802 - the name of the RPC
        self, request: log_status_pb2.GetActiveLogStatusesRequest, context: grpc.ServicerContext
    ) -> log_status_pb2.GetActiveLogStatusesResponse:
        """Every log that has not ended."""
        with self._robot.lock:
            logs = self._robot.logs.active(self._uptime)
            return _Active(status=_Active.STATUS_OK, log_statuses=[self._describe(log) for log in logs])

    def StartExperimentLog(  # noqa: N802 - the name of the RPC
        self, request: log_status_pb2.StartExperimentLogRequest, context: grpc.ServicerContext
    ) -> log_status_pb2.StartExperimentLogResponse:
        """Start the one experiment log that may run."""
        response = _Experiment()
        seconds = to_seconds(request.keep_alive)
        if seconds <= 0:
            reject(response, "keep_alive must be positive")
            return response
        with self._robot.lock:
            if self._robot.logs.active(self._uptime, _Log.TYPE_EXPERIMENT):
                response.status = _Experiment.STATUS_EXPERIMENT_LOG_RUNNING
                return response
            self._started(response, _Log.TYPE_EXPERIMENT, seconds)
        return response

    def StartRetroLog(  # noqa: N802 - the name of the RPC
        self, request: log_status_pb2.StartRetroLogRequest, context: grpc.ServicerContext
    ) -> log_status_pb2.StartRetroLogResponse:
        """Gather what has happened lately."""
        response = _Retro()
        with self._robot.lock:
            if self._robot.logs.active(self._uptime, _Log.TYPE_EXPERIMENT):
                response.status = _Retro.STATUS_EXPERIMENT_LOG_RUNNING
            elif len(self._robot.logs.active(self._uptime, *_SHARED)) >= CONCURRENT_LOGS:
                response.status = _Retro.STATUS_CONCURRENCY_LIMIT_REACHED
            else:
                self._started(response, _Log.TYPE_RETRO, RETRO_SECONDS)
        return response

    def StartConcurrentLog(  # noqa: N802 - the name of the RPC
        self, request: log_status_pb2.StartConcurrentLogRequest, context: grpc.ServicerContext
    ) -> log_status_pb2.StartConcurrentLogResponse:
        """Start a log for an event, beside others."""
        response = _Concurrent()
        seconds = to_seconds(request.keep_alive)
        if seconds <= 0:
            reject(response, "keep_alive must be positive")
            return response
        with self._robot.lock:
            if not request.event.type:
                response.status = _Concurrent.STATUS_NO_DATA_FOR_EVENT
            elif self._robot.logs.active(self._uptime, _Log.TYPE_EXPERIMENT):
                response.status = _Concurrent.STATUS_EXPERIMENT_LOG_RUNNING
            elif len(self._robot.logs.active(self._uptime, *_SHARED)) >= CONCURRENT_LOGS:
                response.status = _Concurrent.STATUS_CONCURRENCY_LIMIT_REACHED
            else:
                self._started(response, _Log.TYPE_CONCURRENT, seconds, request.event.id)
        return response

    def UpdateExperimentLog(  # noqa: N802 - the name of the RPC
        self, request: log_status_pb2.UpdateExperimentLogRequest, context: grpc.ServicerContext
    ) -> log_status_pb2.UpdateExperimentLogResponse:
        """Let a log go on for some seconds from now."""
        with self._robot.lock:
            log, uptime = self._robot.logs.find(request.id), self._uptime
            if log is None:
                return _Update(status=_Update.STATUS_ID_NOT_FOUND)
            if not log.is_active(uptime):
                return _Update(status=_Update.STATUS_LOG_TERMINATED, log_status=self._describe(log))
            log.ends_at = uptime + to_seconds(request.keep_alive)
            end = to_timestamp(self._robot.clock.at(log.ends_at))
            return _Update(status=_Update.STATUS_OK, log_status=self._describe(log), end_time=end)

    def TerminateLog(  # noqa: N802 - the name of the RPC
        self, request: log_status_pb2.TerminateLogRequest, context: grpc.ServicerContext
    ) -> log_status_pb2.TerminateLogResponse:
        """End a log; one that has ended stays as it is."""
        with self._robot.lock:
            log = self._robot.logs.find(request.id)
            if log is None:
                return _Terminate(status=_Terminate.STATUS_ID_NOT_FOUND)
            if log.is_active(self._uptime):
                log.terminated_at = self._uptime
            return _Terminate(status=_Terminate.STATUS_OK, log_status=self._describe(log))

    @property
    def _uptime(self) -> float:
        return self._robot.clock.uptime()

    def _started(
        self,
        response: log_status_pb2.StartExperimentLogResponse
        | log_status_pb2.StartRetroLogResponse
        | log_status_pb2.StartConcurrentLogResponse,
        kind: int,
        seconds: float,
        event_key: str = "",
    ) -> None:
        log = self._robot.logs.start(kind, self._uptime, seconds, event_key)
        response.status = response.STATUS_OK
        response.log_status.CopyFrom(self._describe(log))
        response.end_time.CopyFrom(response.log_status.end_time)

    def _describe(self, log: Log) -> log_status_pb2.LogStatus:
        return log.describe(self._uptime, self._robot.clock.at(0.0))
