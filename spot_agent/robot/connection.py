"""Connecting to a robot, real or fake: the same SDK calls, by hostname, port and certificate authority."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import bosdyn.client
from bosdyn.client.auth import AuthResponseError, InvalidLoginError, TemporarilyLockedOutError
from bosdyn.client.exceptions import Error as SdkError
from bosdyn.client.exceptions import RpcError
from bosdyn.client.robot import Robot
from bosdyn.client.time_sync import TimedOutError

from spot_agent.errors import ConnectionFailed, LoginFailed, RobotRefused
from spot_agent.robot.credentials import Credentials

CLIENT_NAME = "spot-agent"
RPC_TIMEOUT = 5.0  # s; for calls at the start and the end, where nothing waits for them
TIME_SYNC_TIMEOUT = 10.0  # s
DEFAULT_PORT = 443


@dataclass(frozen=True, slots=True)
class Address:
    """Where the robot is.

    Attributes:
        hostname: Its name or IP address.
        port: Its TLS port.
        ca_file: The certificate authority to trust instead of Boston Dynamics', as a fake Spot needs it.
    """

    hostname: str
    port: int = DEFAULT_PORT
    ca_file: Path | None = None


def connect(address: Address, credentials: Credentials) -> Robot:
    """Connect, log in and synchronise clocks.

    Args:
        address: Where the robot is.
        credentials: Whom to log in as.

    Returns:
        The SDK's robot, authenticated, with its time-sync thread running.

    Raises:
        ConnectionFailed: It cannot be reached, or its certificate is not trusted.
        LoginFailed: It refuses the login.
        RobotRefused: Its clock cannot be synchronised.
    """
    _quieten_sdk()
    robot = _create(address)
    where = f"{address.hostname}:{address.port}"
    try:
        robot.authenticate(credentials.username, credentials.password, timeout=RPC_TIMEOUT)
        robot.start_time_sync()
        robot.time_sync.wait_for_sync(timeout_sec=TIME_SYNC_TIMEOUT)
    except TemporarilyLockedOutError as error:
        raise LoginFailed(f"{where} has locked this account for a minute", hint="wait, then check the login") from error
    except InvalidLoginError as error:
        raise LoginFailed(
            f"{where} does not know this username and password", hint="check them with the robot's administrator"
        ) from error
    except AuthResponseError as error:
        raise LoginFailed(f"{where} refused the login: {error}", hint="check the account on the robot") from error
    except TimedOutError as error:
        raise RobotRefused(f"{where} gave no time sync", hint="try again when the robot has started up") from error
    except RpcError as error:
        raise ConnectionFailed(f"cannot reach a Spot at {where}: {_cause(error)}", hint=_hint(address)) from error
    return robot


def _create(address: Address) -> Robot:
    if address.ca_file is not None and not address.ca_file.is_file():
        raise ConnectionFailed(
            f"the certificate file {address.ca_file} does not exist",
            hint="a fake Spot prints its CA file when it starts; a real one needs none",
        )
    resources = None if address.ca_file is None else str(address.ca_file)
    try:
        sdk = bosdyn.client.create_standard_sdk(CLIENT_NAME, cert_resource_glob=resources)
        robot = sdk.create_robot(address.hostname)
    except (SdkError, OSError) as error:
        raise ConnectionFailed(
            f"the certificate file cannot be used: {error}", hint="pass another --ca file"
        ) from error
    robot.update_secure_channel_port(address.port)
    return robot


def _cause(error: RpcError) -> str:
    """What gRPC says of the failure, in one line."""
    details = getattr(getattr(error, "error", None), "details", None)
    text = details() if callable(details) else None
    return " ".join(str(text or type(error).__name__).split())[:200]


def _hint(address: Address) -> str:
    if address.ca_file is None and address.port != DEFAULT_PORT:
        return "is it running? A fake Spot also needs --ca with the file that it prints when it starts"
    return "is it on, and is this computer in its network? Check hostname, port and CA file"


@contextmanager
def refusals(doing: str, hint: str) -> Iterator[None]:
    """Turn what the SDK raises inside into an error for people.

    Raises:
        RobotRefused: The robot refused, or did not answer.
    """
    try:
        yield
    except SdkError as error:
        lines = str(error).strip().splitlines()
        raise RobotRefused(f"{doing}: {lines[0] if lines else type(error).__name__}", hint=hint) from error


def _quieten_sdk() -> None:
    """Keep the SDK's own log lines off the terminal: what matters of them is said by our errors."""
    logging.getLogger("bosdyn").setLevel(logging.CRITICAL)
