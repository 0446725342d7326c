"""The table of refusals: what the fake Spot refuses, and the exception by which the official SDK tells of it.

``docs/simulator.md`` shows the same table; a test here compares them.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from bosdyn.api import (
    data_buffer_pb2,
    estop_pb2,
    image_pb2,
    payload_pb2,
    power_pb2,
    ray_cast_pb2,
    robot_id_pb2,
    robot_state_pb2,
    service_fault_pb2,
    time_sync_pb2,
)
from bosdyn.api.auto_return import auto_return_pb2
from bosdyn.api.docking import docking_pb2
from bosdyn.client import (
    auth,
    auto_return,
    directory,
    directory_registration,
    docking,
    estop,
    exceptions,
    fault,
    image,
    keepalive,
    lease,
    log_status,
    payload_registration,
    power,
    ray_cast,
    robot_command,
    time_sync,
)
from bosdyn.client.robot_command import RobotCommandBuilder
from refusal_bench import Bench

from simulator.robot.timestamps import to_timestamp
from simulator.testing import dial

Builder = RobotCommandBuilder
Step = Callable[[Bench], object]
FALL = robot_state_pb2.BehaviorFault.CAUSE_FALL
HARDWARE = robot_state_pb2.BehaviorFault.CAUSE_HARDWARE
PAGE = Path(__file__).parents[2] / "docs" / "simulator.md"
GUID, SECRET = "a-guid", "a secret"
STAND = Builder.synchro_stand_command()


def nothing(bench: Bench) -> None:
    """Nothing happens before the call."""


@dataclass(frozen=True)
class Refusal:
    """One line: an RPC, a condition, the SDK's exception; the call, and what happens before it."""

    rpc: str
    condition: str
    expected: type[Exception]
    call: Step
    given: Step = nothing

    def __str__(self) -> str:
        return f"{self.rpc}: {self.condition}"

    @property
    def line(self) -> str:
        """As docs/simulator.md shows it."""
        module = self.expected.__module__.rpartition(".")[2]
        return f"| `{self.rpc}` | {self.condition} | `{module}.{self.expected.__name__}` |"


# -- how a call is made, where a lambda would be too long ------------------------------------------------------------


def six_wrong_logins(bench: Bench) -> None:
    for _ in range(6):
        with pytest.raises(auth.InvalidLoginError):
            bench.robot.authenticate("user", "wrong", timeout=5)


def trip_without_clock(bench: Bench) -> object:
    now = to_timestamp(time.time())
    trip = time_sync_pb2.TimeSyncRoundTrip(client_tx=now, server_rx=now, server_tx=now, client_rx=now)
    return bench.robot.ensure_client(time_sync.TimeSyncClient.default_service_name).get_time_sync_update(
        trip, "", timeout=5
    )


def power_on(bench: Bench) -> object:
    return power.power_on_motors(bench.robot.ensure_client("power"), 5)


def clear(cause: int, *, clearable: bool) -> Step:
    def call(bench: Bench) -> object:
        number = bench.spot.raise_behavior_fault(cause, clearable=clearable)
        return bench.commands.clear_behavior_fault(number, timeout=5)

    return call


def register_endpoint(bench: Bench, config: str | None = None, *, timeout: float = 3.0) -> object:
    active = bench.estop.get_config(timeout=5).unique_id
    endpoint = estop.EstopEndpoint(bench.estop, "test", timeout)
    return bench.estop.register(config or active, endpoint, timeout=5)


def configured(bench: Bench) -> estop.EstopEndpoint:
    bench.motors_off()
    endpoint = bench.endpoint()
    endpoint.force_simple_setup()
    return endpoint


def wrong_answer(bench: Bench) -> object:
    endpoint = configured(bench)
    level = estop.StopLevel.ESTOP_LEVEL_NONE
    return bench.estop.check_in(level, endpoint, endpoint.get_challenge(), 0, timeout=5)


def registered_late(bench: Bench) -> object:
    configured(bench)
    return register_endpoint(bench, timeout=0.0)


def deregister_while_on(bench: Bench) -> object:
    endpoint = configured(bench)
    bench.spot.stand_up()
    return endpoint.deregister(timeout=5)


def service_fault(name: str) -> service_fault_pb2.ServiceFault:
    identity = service_fault_pb2.ServiceFaultId(fault_name=name, service_name="eyes")
    return service_fault_pb2.ServiceFault(fault_id=identity, severity=service_fault_pb2.ServiceFault.SEVERITY_WARN)


def faults(bench: Bench) -> fault.FaultClient:
    return bench.robot.ensure_client("fault")


def services(bench: Bench) -> directory_registration.DirectoryRegistrationClient:
    return bench.robot.ensure_client("directory-registration")


def register_lamp(bench: Bench) -> object:
    return services(bench).register("lamp", "bosdyn.api.LampService", "lamp", "127.0.0.1", 50999)


def payloads(bench: Bench) -> payload_registration.PayloadRegistrationClient:
    return bench.robot.ensure_client("payload-registration")


def register_payload(bench: Bench) -> object:
    return payloads(bench).register_payload(payload_pb2.Payload(GUID=GUID, name="lamp"), SECRET, timeout=5)


def logs(bench: Bench) -> log_status.LogStatusClient:
    return bench.robot.ensure_client("log-status")


def start_log(bench: Bench) -> object:
    return logs(bench).start_experiment_log(60, timeout=5)


def ended_log(bench: Bench) -> object:
    number = logs(bench).start_experiment_log(60, timeout=5).log_status.id
    logs(bench).terminate_log(number, timeout=5)
    return logs(bench).update_experiment(number, 5, timeout=5)


def four_logs(bench: Bench) -> None:
    event = data_buffer_pb2.Event(type="bosdyn:test", id="7")
    for _ in range(4):
        logs(bench).start_concurrent_log(60, event, timeout=5)


def undock(bench: Bench) -> object:
    end = to_timestamp(bench.spot.robot.clock.now() + 10)
    clock = bench.robot.time_sync.endpoint.clock_identifier
    client = bench.robot.ensure_client(docking.DockingClient.default_service_name)
    return client.docking_command(0, clock, end, docking_pb2.PREP_POSE_UNDOCK, timeout=5)


def dock_feedback(bench: Bench) -> object:
    return bench.robot.ensure_client("docking").docking_command_feedback_full(999, timeout=5)


def policies(bench: Bench) -> keepalive.KeepaliveClient:
    return bench.robot.ensure_client("keepalive")


def policy_without_lease(bench: Bench) -> object:
    policy = keepalive.Policy()
    policy.add_controlled_motors_off_action(30.0)
    policy.add_associated_lease(bench.lease)
    return policies(bench).modify_policy(to_add=policy, timeout=5)


def cast(frame: str) -> Step:
    def call(bench: Bench) -> object:
        client = bench.robot.ensure_client(ray_cast.RayCastClient.default_service_name)
        ground = ray_cast_pb2.RayIntersection.TYPE_GROUND_PLANE
        return client.raycast((0, 0, 1), (0, 0, -1), [ground], frame_name=frame, timeout=5)

    return call


def without_token(bench: Bench) -> object:
    return dial(bench.spot).list_services()


def lease_lost(bench: Bench) -> None:
    bench.spot.take_lease("tablet")


LOGIN, COMMAND, CLEAR = "Auth.GetAuthToken", "RobotCommand.RobotCommand", "RobotCommand.ClearBehaviorFault"
GET_IMAGE, POWER, LOG = "Image.GetImage", "Power.PowerCommand", "LogStatus.StartExperimentLog"

TABLE = [
    Refusal("every service", "without a token", exceptions.UnauthenticatedError, without_token),
    Refusal(
        "every service",
        "the token has expired",
        exceptions.UnauthenticatedError,
        lambda b: b.images.list_image_sources(timeout=5),
        lambda b: b.spot.expire_tokens(),
    ),
    Refusal(LOGIN, "wrong password", auth.InvalidLoginError, lambda b: b.robot.authenticate("user", "no", timeout=5)),
    Refusal(LOGIN, "wrong user", auth.InvalidLoginError, lambda b: b.robot.authenticate("me", "password", timeout=5)),
    Refusal(LOGIN, "neither", auth.InvalidLoginError, lambda b: b.robot.authenticate("", "", timeout=5)),
    Refusal(
        LOGIN,
        "six wrong passwords before",
        auth.TemporarilyLockedOutError,
        lambda b: b.robot.authenticate("user", "password", timeout=5),
        six_wrong_logins,
    ),
    Refusal(
        LOGIN,
        "unknown token",
        auth.InvalidTokenError,
        lambda b: b.robot.authenticate_with_token("made up", timeout=5),
    ),
    Refusal(
        "Directory.GetServiceEntry",
        "unknown service",
        directory.NonexistentServiceError,
        lambda b: b.robot.ensure_client("directory").get_entry("tail", timeout=5),
    ),
    Refusal(
        "TimeSync.TimeSyncUpdate",
        "round trip without a clock identifier",
        exceptions.InvalidRequestError,
        trip_without_clock,
    ),
    Refusal(
        "Lease.AcquireLease",
        "somebody holds it",
        lease.ResourceAlreadyClaimedError,
        lambda b: b.leases.acquire(timeout=5),
    ),
    Refusal(
        "Lease.AcquireLease",
        "unknown resource",
        lease.InvalidResourceError,
        lambda b: b.leases.acquire("tail", timeout=5),
    ),
    Refusal(
        "Lease.TakeLease", "unknown resource", lease.InvalidResourceError, lambda b: b.leases.take("tail", timeout=5)
    ),
    Refusal(
        "Lease.ReturnLease",
        "it was taken away",
        lease.NotActiveLeaseError,
        lambda b: b.leases.return_lease(b.lease, timeout=5),
        lease_lost,
    ),
    Refusal(
        "Lease.RetainLease",
        "it was taken away",
        exceptions.LeaseUseError,
        lambda b: b.leases.retain_lease(b.lease, timeout=5),
        lease_lost,
    ),
    Refusal(
        "Estop.SetEstopConfig", "the motors are on", estop.MotorsOnError, lambda b: b.endpoint().force_simple_setup()
    ),
    Refusal(
        "Estop.SetEstopConfig",
        "not the active configuration",
        estop.InvalidIdError,
        lambda b: b.estop.set_config(estop_pb2.EstopConfig(), "another", timeout=5),
    ),
    Refusal(
        "Estop.RegisterEstopEndpoint",
        "not the active configuration",
        estop.ConfigMismatchError,
        lambda b: register_endpoint(b, "another"),
    ),
    Refusal(
        "Estop.RegisterEstopEndpoint",
        "the configuration has no such role",
        estop.EndpointMismatchError,
        register_endpoint,
    ),
    Refusal("Estop.RegisterEstopEndpoint", "no timeout", estop.InvalidEndpointError, registered_late),
    Refusal("Estop.DeregisterEstopEndpoint", "the motors are on", estop.MotorsOnError, deregister_while_on),
    Refusal("Estop.EstopCheckIn", "wrong answer", estop.IncorrectChallengeResponseError, wrong_answer),
    Refusal(
        "Estop.EstopCheckIn",
        "not registered",
        estop.EndpointUnknownError,
        lambda b: b.estop.check_in(estop.StopLevel.ESTOP_LEVEL_NONE, b.endpoint(), 1, 2, timeout=5),
    ),
    Refusal(POWER, "the E-Stop is pressed", power.EstoppedError, power_on, lambda b: b.press_estop()),
    Refusal(POWER, "the charger is plugged in", power.ShorePowerConnectedError, power_on, lambda b: b.charge()),
    Refusal(POWER, "there is no battery", power.BatteryMissingError, power_on, lambda b: b.take_battery_out()),
    Refusal(
        POWER,
        "there is a behavior fault",
        power.FaultedError,
        power_on,
        lambda b: (b.motors_off(), b.spot.raise_behavior_fault(HARDWARE)),
    ),
    Refusal(
        POWER,
        "the lease was taken away",
        exceptions.LeaseUseError,
        lambda b: b.robot.ensure_client("power").power_command(
            power_pb2.PowerCommandRequest.REQUEST_ON, b.lease.lease_proto, timeout=5
        ),
        lease_lost,
    ),
    Refusal(
        "Power.PowerCommandFeedback",
        "unknown number",
        exceptions.InvalidRequestError,
        lambda b: b.robot.ensure_client("power").power_command_feedback(999, timeout=5),
    ),
    Refusal(COMMAND, "the end time is over", robot_command.ExpiredError, lambda b: b.walk(-1.0)),
    Refusal(COMMAND, "the end time is an hour away", robot_command.TooDistantError, lambda b: b.walk(3600.0)),
    Refusal(COMMAND, "unknown frame", robot_command.UnknownFrameError, lambda b: b.walk(frame="moon")),
    Refusal(
        COMMAND,
        "unknown clock",
        robot_command.NoTimeSyncError,
        lambda b: b.walk(),
        lambda b: b.spot.forget_clocks(),
    ),
    Refusal(
        COMMAND, "the motors are off", robot_command.NotPoweredOnError, lambda b: b.walk(), lambda b: b.motors_off()
    ),
    Refusal(
        COMMAND, "the E-Stop is pressed", robot_command.NotPoweredOnError, lambda b: b.walk(), lambda b: b.press_estop()
    ),
    Refusal(
        COMMAND,
        "there is a behavior fault",
        robot_command.BehaviorFaultError,
        lambda b: b.walk(),
        lambda b: b.spot.raise_behavior_fault(FALL),
    ),
    Refusal(COMMAND, "the robot is docked", robot_command.DockedError, lambda b: b.walk(), lambda b: b.dock()),
    Refusal(
        COMMAND,
        "a kind that is not simulated",
        robot_command.UnsupportedError,
        lambda b: b.commands.robot_command(Builder.battery_change_pose_command(), timeout=5),
    ),
    Refusal(COMMAND, "the lease was taken away", exceptions.LeaseUseError, lambda b: b.walk(), lease_lost),
    Refusal(
        COMMAND,
        "the lease is of another boot",
        exceptions.LeaseUseError,
        lambda b: b.walk(),
        lambda b: b.spot.restart_service("lease"),
    ),
    Refusal(
        COMMAND,
        "no lease (the SDK itself)",
        lease.NoSuchLease,
        lambda b: b.walk(),
        lambda b: b.leases.return_lease(b.lease, timeout=5),
    ),
    Refusal(
        "RobotCommand.RobotCommandFeedback",
        "unknown number",
        exceptions.InvalidRequestError,
        lambda b: b.commands.robot_command_feedback(12345, timeout=5),
    ),
    Refusal(CLEAR, "it cannot be cleared", robot_command.NotClearedError, clear(HARDWARE, clearable=False)),
    Refusal(
        GET_IMAGE,
        "unknown camera",
        image.UnknownImageSourceError,
        lambda b: b.images.get_image_from_sources(["third_eye"], timeout=5),
    ),
    Refusal(
        GET_IMAGE,
        "depth as JPEG",
        image.UnsupportedImageFormatRequestedError,
        lambda b: b.shoot("left_depth", image_format=image_pb2.Image.FORMAT_JPEG),
    ),
    Refusal(
        GET_IMAGE,
        "depth in colour",
        image.UnsupportedPixelFormatRequestedError,
        lambda b: b.shoot("left_depth", pixel_format=image_pb2.Image.PIXEL_FORMAT_RGB_U8),
    ),
    Refusal(
        GET_IMAGE,
        "another size",
        image.UnsupportedResizeRatioRequestedError,
        lambda b: b.shoot("left_fisheye_image", resize_ratio=0.5),
    ),
    Refusal(
        GET_IMAGE,
        "a broken picture",
        image.ImageDataError,
        lambda b: b.shoot("left_fisheye_image"),
        lambda b: b.spot.break_sources("left_fisheye_image"),
    ),
    Refusal(
        GET_IMAGE,
        "a dropped picture",
        image.SourceDataError,
        lambda b: b.shoot("left_fisheye_image"),
        lambda b: b.spot.fail_cameras("dropped"),
    ),
    Refusal(
        "Fault.TriggerServiceFault",
        "it is active",
        fault.ServiceFaultAlreadyExistsError,
        lambda b: faults(b).trigger_service_fault(service_fault("hot"), timeout=5),
        lambda b: faults(b).trigger_service_fault(service_fault("hot"), timeout=5),
    ),
    Refusal(
        "Fault.ClearServiceFault",
        "it is not active",
        fault.ServiceFaultDoesNotExistError,
        lambda b: faults(b).clear_service_fault(service_fault("hot").fault_id, timeout=5),
    ),
    Refusal(
        "DirectoryRegistration.RegisterService",
        "the name is taken",
        directory_registration.ServiceAlreadyExistsError,
        register_lamp,
        register_lamp,
    ),
    Refusal(
        "DirectoryRegistration.UnregisterService",
        "unknown service",
        directory_registration.ServiceDoesNotExistError,
        lambda b: services(b).unregister("lamp", timeout=5),
    ),
    Refusal(
        "PayloadRegistration.RegisterPayload",
        "the GUID is taken",
        payload_registration.PayloadAlreadyExistsError,
        register_payload,
        register_payload,
    ),
    Refusal(
        "PayloadRegistration.RegisterPayload",
        "no GUID",
        exceptions.InvalidRequestError,
        lambda b: payloads(b).register_payload(payload_pb2.Payload(), SECRET, timeout=5),
    ),
    Refusal(
        "PayloadRegistration.GetPayloadAuthToken",
        "nobody has authorised it",
        payload_registration.PayloadNotAuthorizedError,
        lambda b: payloads(b).get_payload_auth_token(GUID, SECRET, timeout=5),
        register_payload,
    ),
    Refusal(
        "PayloadRegistration.GetPayloadAuthToken",
        "wrong secret",
        payload_registration.InvalidPayloadCredentialsError,
        lambda b: payloads(b).get_payload_auth_token(GUID, "wrong", timeout=5),
        register_payload,
    ),
    Refusal(
        "PayloadRegistration.UpdatePayloadVersion",
        "unknown payload",
        payload_registration.PayloadDoesNotExistError,
        lambda b: payloads(b).update_payload_version("nobody", SECRET, robot_id_pb2.SoftwareVersion(), timeout=5),
    ),
    Refusal(LOG, "one runs", log_status.ExperimentAlreadyRunningError, start_log, start_log),
    Refusal(
        LOG,
        "no duration",
        exceptions.InvalidRequestError,
        lambda b: logs(b).start_experiment_log(0, timeout=5),
    ),
    Refusal(
        "LogStatus.StartRetroLog",
        "four logs run",
        log_status.ConcurrencyLimitReachedError,
        lambda b: logs(b).start_retro_log(5, timeout=5),
        four_logs,
    ),
    Refusal(
        "LogStatus.GetLogStatus",
        "unknown log",
        log_status.RequestIdDoesNotExistError,
        lambda b: logs(b).get_log_status("nobody", timeout=5),
    ),
    Refusal("LogStatus.UpdateExperiment", "it has ended", log_status.InactiveLogError, ended_log),
    Refusal("Docking.DockingCommand", "undock what is not docked", exceptions.ResponseError, undock),
    Refusal("Docking.DockingCommandFeedback", "unknown number", exceptions.InvalidRequestError, dock_feedback),
    Refusal(
        "Keepalive.ModifyPolicy",
        "an empty policy",
        exceptions.InvalidRequestError,
        lambda b: policies(b).modify_policy(to_add=keepalive.Policy(), timeout=5),
    ),
    Refusal(
        "Keepalive.ModifyPolicy",
        "its lease was taken away",
        keepalive.InvalidLeaseError,
        policy_without_lease,
        lease_lost,
    ),
    Refusal(
        "Keepalive.ModifyPolicy",
        "unknown policy",
        keepalive.InvalidPolicyError,
        lambda b: policies(b).modify_policy(policy_ids_to_remove=[77], timeout=5),
    ),
    Refusal(
        "Keepalive.CheckIn",
        "unknown policy",
        keepalive.InvalidPolicyError,
        lambda b: policies(b).check_in(77, timeout=5),
    ),
    Refusal(
        "AutoReturn.ConfigureAutoReturn",
        "no displacement",
        auto_return.InvalidParameterError,
        lambda b: b.robot.ensure_client("auto-return").configure(auto_return_pb2.Params(), [], timeout=5),
    ),
    Refusal(
        "RayCast.Raycast",
        "unknown frame",
        ray_cast.UnknownFrameError,
        cast("moon"),
    ),
]


@pytest.mark.parametrize("refusal", TABLE, ids=str)
def test_refusal(bench: Bench, refusal: Refusal) -> None:
    refusal.given(bench)
    with pytest.raises(refusal.expected):
        refusal.call(bench)


def test_every_line_is_there_once_and_the_documentation_shows_the_same_table() -> None:
    lines = [refusal.line for refusal in TABLE]
    assert len({str(refusal) for refusal in TABLE}) == len(TABLE)
    head = "| RPC | Condition | Exception of the SDK |"
    assert head in PAGE.read_text(), "docs/simulator.md has no table of refusals"
    after = PAGE.read_text().split(head)[1].splitlines()[2:]
    shown = after[: next(number for number, line in enumerate(after) if not line.startswith("|"))]
    assert shown == lines
