"""Payloads, logs, the data buffer, the licence and the infrared emitters."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from bosdyn.api import data_buffer_pb2, ir_enable_disable_pb2, payload_pb2, robot_id_pb2
from bosdyn.api.log_status import log_status_pb2
from bosdyn.client.data_buffer import DataBufferClient, LoggingHandler
from bosdyn.client.directory_registration import DirectoryRegistrationClient
from bosdyn.client.exceptions import InvalidRequestError
from bosdyn.client.ir_enable_disable import IREnableDisableServiceClient
from bosdyn.client.license import LicenseClient
from bosdyn.client.log_status import (
    ConcurrencyLimitReachedError,
    ExperimentAlreadyRunningError,
    InactiveLogError,
    LogStatusClient,
    NoDataForEventError,
    RequestIdDoesNotExistError,
)
from bosdyn.client.payload import PayloadClient
from bosdyn.client.payload_registration import (
    InvalidPayloadCredentialsError,
    PayloadAlreadyExistsError,
    PayloadDoesNotExistError,
    PayloadNotAuthorizedError,
    PayloadRegistrationClient,
)
from bosdyn.client.robot import Robot

from simulator.fake_spot import FakeSpot
from simulator.robot.robot import RobotSettings
from simulator.testing import connect, dial

GUID, SECRET = "78b076a2-b4ba-491d-a099-738928c4410c", "very secret"
Log = log_status_pb2.LogStatus


@pytest.fixture
def spot() -> Iterator[FakeSpot]:
    with FakeSpot() as spot:
        yield spot


def registration(robot: Robot) -> PayloadRegistrationClient:
    return robot.ensure_client(PayloadRegistrationClient.default_service_name)


def test_payload_registers_is_authorised_and_logs_in(spot: FakeSpot) -> None:
    robot = dial(spot, "payload")  # it has no user
    client = registration(robot)
    payload = payload_pb2.Payload(GUID=GUID, name="lamp")
    client.register_payload(payload, SECRET, timeout=5)
    with pytest.raises(PayloadAlreadyExistsError):
        client.register_payload(payload, SECRET, timeout=5)
    with pytest.raises(PayloadNotAuthorizedError):
        client.get_payload_auth_token(GUID, SECRET, timeout=5)
    with pytest.raises(PayloadNotAuthorizedError):
        client.attach_payload(GUID, SECRET, timeout=5)
    assert spot.authorise_payload(GUID)
    assert not spot.authorise_payload("unknown")
    robot.authenticate_from_payload_credentials(GUID, SECRET, timeout=5)
    listed = robot.ensure_client(PayloadClient.default_service_name).list_payloads(timeout=5)
    assert [(each.name, each.is_authorized, each.is_enabled) for each in listed] == [("lamp", True, True)]
    services = robot.ensure_client(DirectoryRegistrationClient.default_service_name)
    services.register("lamp", "bosdyn.api.LampService", "lamp", "127.0.0.1", 1)
    entry = next(each for each in robot.list_services() if each.name == "lamp")
    assert entry.host_payload_guid == GUID


def test_payload_changes_itself_with_its_secret_only() -> None:
    with FakeSpot(settings=RobotSettings(authorise_payloads=True)) as spot:
        robot = connect(spot)
        client = registration(robot)
        client.register_payload(payload_pb2.Payload(GUID=GUID), SECRET, timeout=5)
        client.detach_payload(GUID, SECRET, timeout=5)
        client.update_payload_version(GUID, SECRET, robot_id_pb2.SoftwareVersion(major_version=3), timeout=5)
        listed = robot.ensure_client(PayloadClient.default_service_name).list_payloads(timeout=5)
        assert [(each.version.major_version, each.is_enabled) for each in listed] == [(3, False)]
        version = robot_id_pb2.SoftwareVersion()
        with pytest.raises(InvalidPayloadCredentialsError):
            client.update_payload_version(GUID, "wrong", version, timeout=5)
        with pytest.raises(PayloadDoesNotExistError):
            client.update_payload_version("nobody", SECRET, version, timeout=5)
        with pytest.raises(InvalidPayloadCredentialsError):
            client.attach_payload(GUID, "wrong", timeout=5)
        with pytest.raises(PayloadDoesNotExistError):
            client.attach_payload("nobody", SECRET, timeout=5)
        with pytest.raises(InvalidPayloadCredentialsError):
            client.get_payload_auth_token(GUID, "wrong", timeout=5)


@pytest.mark.parametrize("payload", [payload_pb2.Payload(), payload_pb2.Payload(GUID=GUID, is_authorized=True)])
def test_payload_that_cannot_be(spot: FakeSpot, payload: payload_pb2.Payload) -> None:
    with pytest.raises(InvalidRequestError):
        registration(dial(spot)).register_payload(payload, SECRET, timeout=5)


def test_experiment_log(spot: FakeSpot) -> None:
    client = connect(spot).ensure_client(LogStatusClient.default_service_name)
    started = client.start_experiment_log(60, timeout=5).log_status
    assert started.status == Log.STATUS_IN_PROGRESS
    assert started.type == Log.TYPE_EXPERIMENT
    with pytest.raises(ExperimentAlreadyRunningError):
        client.start_experiment_log(60, timeout=5)
    with pytest.raises(ExperimentAlreadyRunningError):
        client.start_retro_log(5, timeout=5)
    later = client.update_experiment(started.id, 120, timeout=5).end_time
    assert later.seconds - started.end_time.seconds == pytest.approx(60, abs=10)
    assert [each.id for each in client.get_active_log_statuses(timeout=5).log_statuses] == [started.id]
    assert client.terminate_log(started.id, timeout=5).log_status.status == Log.STATUS_TERMINATED
    assert not client.get_active_log_statuses(timeout=5).log_statuses
    with pytest.raises(InactiveLogError):
        client.update_experiment(started.id, 5, timeout=5)
    for call in (client.get_log_status, client.terminate_log):
        with pytest.raises(RequestIdDoesNotExistError):
            call("nobody", timeout=5)


def test_logs_beside_each_other(spot: FakeSpot) -> None:
    client = connect(spot).ensure_client(LogStatusClient.default_service_name)
    with pytest.raises(NoDataForEventError):
        client.start_concurrent_log(5, timeout=5)
    with pytest.raises(InvalidRequestError):
        client.start_experiment_log(0, timeout=5)
    event = data_buffer_pb2.Event(type="bosdyn:test", id="7")
    first = client.start_concurrent_log(60, event, timeout=5).log_status
    assert first.event_key == "7"
    for _ in range(3):
        client.start_concurrent_log(60, event, timeout=5)
    with pytest.raises(ConcurrencyLimitReachedError):
        client.start_retro_log(5, timeout=5)
    client.terminate_log(first.id, timeout=5)
    retro = client.start_retro_log(5, timeout=5).log_status
    spot.wait_for(lambda truth: client.get_log_status(retro.id, timeout=5).log_status.status == Log.STATUS_DONE)


def test_data_buffer_takes_what_makes_sense(spot: FakeSpot) -> None:
    robot = connect(spot)
    client = robot.ensure_client(DataBufferClient.default_service_name)
    buffer = spot.robot.data_buffer
    client.add_operator_comment("look", timeout=5)
    client.add_blob(b"123", "type", channel="cats", timeout=5)
    client.add_protobuf(robot_id_pb2.RobotId(species="spot"))
    errors = client.add_events([data_buffer_pb2.Event(type="t", id="1"), data_buffer_pb2.Event()], timeout=5).errors
    assert [error.index for error in errors] == [1]
    assert [comment.message for comment in buffer.comments] == ["look"]
    assert buffer.blobs == {"cats": 1, "bosdyn.api.RobotId": 1}
    assert len(buffer.events) == 1
    variable = data_buffer_pb2.SignalSchema.Variable(name="x", type=data_buffer_pb2.SignalSchema.Variable.TYPE_FLOAT64)
    schema = data_buffer_pb2.SignalSchema(vars=[variable], schema_name="speeds")
    number = client._stub.RegisterSignalSchema(
        data_buffer_pb2.RegisterSignalSchemaRequest(schema=schema), timeout=5
    ).schema_id
    ticks = [data_buffer_pb2.SignalTick(schema_id=number), data_buffer_pb2.SignalTick(schema_id=99)]
    answer = client._stub.RecordSignalTicks(data_buffer_pb2.RecordSignalTicksRequest(tick_data=ticks), timeout=5)
    assert [(error.index, error.type) for error in answer.errors] == [(1, 3)]
    assert buffer.ticks == {number: 1}


def test_log_handler_of_the_sdk(spot: FakeSpot) -> None:
    client = connect(spot).ensure_client(DataBufferClient.default_service_name)
    log = logging.getLogger("a program")
    handler = LoggingHandler("program", client)
    log.addHandler(handler)
    with handler:
        log.warning("battery %d", 12)
    log.removeHandler(handler)
    assert [text.message for text in spot.robot.data_buffer.texts] == ["battery 12"]


def test_licence_and_infrared(spot: FakeSpot) -> None:
    robot = connect(spot)
    client = robot.ensure_client(LicenseClient.default_service_name)
    info = client.get_license_info(timeout=5)
    assert info.status == info.STATUS_VALID
    assert info.robot_serial == robot.get_id().serial_number
    assert client.get_feature_enabled(["mobility", "flying"], timeout=5) == {"mobility": True, "flying": False}
    infrared = robot.ensure_client(IREnableDisableServiceClient.default_service_name)
    infrared.set_ir_enabled(False, timeout=5)
    assert not spot.robot.ir_emits
    infrared.set_ir_enabled(True, timeout=5)
    assert spot.robot.ir_emits
    answer = infrared._stub.IREnableDisable(ir_enable_disable_pb2.IREnableDisableRequest(), timeout=5)
    assert answer.header.error.code == answer.header.error.CODE_INVALID_REQUEST
