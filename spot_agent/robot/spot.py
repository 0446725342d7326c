"""A Spot that this agent is connected to: what it reports, its cameras, and the one way to command it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from bosdyn.api import image_pb2
from bosdyn.client.exceptions import Error as SdkError
from bosdyn.client.image import ImageClient, ImageResponseError, build_image_request
from bosdyn.client.robot import Robot
from bosdyn.client.world_object import WorldObjectClient

from behaviors import GovernedCommand, RobotState
from spot_agent.cameras.stream import ImageSet
from spot_agent.config import CameraConfig
from spot_agent.errors import RobotRefused
from spot_agent.robot.connection import RPC_TIMEOUT, Address, connect, refusals
from spot_agent.robot.credentials import Credentials
from spot_agent.robot.estop import EstopGuard
from spot_agent.robot.lease import LeaseGuard
from spot_agent.robot.robot_clock import SyncedClock
from spot_agent.robot.sender import CommandSender, Sent
from spot_agent.robot.state_monitor import StateMonitor
from spot_agent.robot.tag_watch import TagWatch

IMAGE_TIMEOUT = 1.0  # s
VISUAL_SUFFIX = "_fisheye_image"
JPEG_QUALITY = 80  # percent; at 75, the SDK's default, small signs lose their letters
WATCHDOG = 2.0  # s without a sign of life of the loop after which the E-Stop is let go


class Spot:
    """A connected robot.

    Args:
        address: Where it is.
        credentials: Whom to log in as.
        on_sent: Called after each command, from another thread.

    Raises:
        AgentError: It cannot be reached, or refuses.
    """

    def __init__(self, address: Address, credentials: Credentials, on_sent: Callable[[Sent], None]) -> None:
        self._robot: Robot = connect(address, credentials)
        self.clock = SyncedClock(self._robot)
        with refusals("the robot does not answer", "try again when it has started up"):
            self._images: ImageClient = self._robot.ensure_client(ImageClient.default_service_name)
            self._monitor = StateMonitor(self._robot)
            sources = self._images.list_image_sources(timeout=RPC_TIMEOUT)
        self._sources = {s.name: s for s in sources if s.image_type == image_pb2.ImageSource.IMAGE_TYPE_VISUAL}
        self._depth_sources = {s.name for s in sources if s.image_type == image_pb2.ImageSource.IMAGE_TYPE_DEPTH}
        self._on_sent = on_sent
        self._lease: LeaseGuard | None = None
        self._estop: EstopGuard | None = None
        self._sender: CommandSender | None = None
        self._beat = time.monotonic()
        self._armed = threading.Event()
        self.watching: str | None = "it has not been asked to move"

    # -- what it reports ---------------------------------------------------------------------------------------

    @property
    def state(self) -> RobotState:
        """The newest state, with what only this program knows: lease, E-Stop and time sync."""
        reported = self._monitor.state
        return replace(
            reported,
            lease_held=self._lease is not None and self._lease.held,
            estop_alive=reported.estop_alive and self._estop is not None and self._estop.alive,
            time_synced=self.clock.synced,
        )

    @property
    def lost(self) -> bool:
        """Whether the robot has stopped answering."""
        return self._monitor.lost

    @property
    def lease_holder(self) -> str | None:
        """Who holds the lease instead of us; ``None`` while it is ours or was not asked for."""
        return None if self._lease is None else self._lease.holder

    @property
    def cameras(self) -> list[str]:
        """Names of the robot's visual cameras: Spot's own without their suffix, others as they are."""
        return sorted(name.removesuffix(VISUAL_SUFFIX) for name in self._sources)

    def wait_for_state(self) -> None:
        """Wait until the robot has told its state once more, or for half a second."""
        self._monitor.wait_for_next(0.5)

    def usable_cameras(self, wanted: Iterable[str]) -> list[str]:
        """Those of the wanted cameras that the robot has.

        Raises:
            RobotRefused: It has none of them.
        """
        usable = [camera for camera in wanted if camera in self.cameras]
        if not usable:
            raise RobotRefused(
                f"the robot has none of the cameras in config.yaml; it has: {', '.join(self.cameras) or 'none'}",
                hint="name one of these under 'cameras' in config.yaml",
            )
        return usable

    def image_set(self, camera: str, settings: CameraConfig) -> ImageSet:
        """A function that fetches one camera's pictures, with depth if it is wanted and there is any."""
        visual = f"{camera}{VISUAL_SUFFIX}" if f"{camera}{VISUAL_SUFFIX}" in self._sources else camera
        rgb, grey = image_pb2.Image.PIXEL_FORMAT_RGB_U8, image_pb2.Image.PIXEL_FORMAT_GREYSCALE_U8
        # Older robots see grey only; asked for colour, they would refuse.
        pixel_format = rgb if rgb in self._sources[visual].pixel_formats else grey
        requests = [build_image_request(visual, quality_percent=JPEG_QUALITY, pixel_format=pixel_format)]
        if settings.depth and f"{camera}_depth_in_visual_frame" in self._depth_sources:
            raw = image_pb2.Image.FORMAT_RAW
            requests.append(build_image_request(f"{camera}_depth_in_visual_frame", image_format=raw))

        def fetch() -> Sequence[image_pb2.ImageResponse]:
            responses: Sequence[image_pb2.ImageResponse]
            try:
                responses = self._images.get_image(requests, timeout=IMAGE_TIMEOUT)
            except ImageResponseError as error:
                # A depth camera that fails makes nobody blind: the picture beside it is good.
                responses = error.response.image_responses
                if not responses or responses[0].status != image_pb2.ImageResponse.STATUS_OK:
                    raise
            return responses

        return fetch

    def tag_source(self, rate: float, robot_now: Callable[[], float] | None = None) -> TagWatch:
        """What asks the robot, ``rate`` times a second, for the fiducials that it sees by itself.

        Args:
            rate: Requests per second, once it is started.
            robot_now: Gives robot time in seconds, where something else than ``clock`` tells it.

        Raises:
            RobotRefused: It has no list of world objects.
        """
        with refusals("the robot has no world objects", "remove the detector of that model from config.yaml"):
            client = self._robot.ensure_client(WorldObjectClient.default_service_name)
        return TagWatch(client, rate, robot_now or self.clock.now)

    # -- moving it ---------------------------------------------------------------------------------------------

    def arm(self) -> None:
        """Ask for the lease, set up the E-Stop and power the motors on. It moves nothing.

        When somebody else holds the lease nothing is taken: the agent then only watches, and says why.

        Raises:
            RobotRefused: The robot refuses E-Stop or power.
        """
        self._lease = LeaseGuard(self._robot)
        if not self._lease.held:
            self.watching = f"the lease is held by {self._lease.holder}"
            return
        self.heartbeat()
        self._estop = EstopGuard(self._robot, self._alive)
        with refusals("the motors could not be powered on", "is an E-Stop pressed, or the battery empty?"):
            self._robot.power_on(timeout_sec=20.0, update_frequency=5.0, timeout=RPC_TIMEOUT)
        self._sender = CommandSender(self._robot, self.clock.now, self._lease.give_up, self._on_sent)
        self.watching = None
        self._armed.set()

    def send(self, governed: GovernedCommand, cause: float | None) -> None:
        """Send what the governor passed. A robot that is not armed, or whose lease is not ours, gets nothing."""
        if self._sender is None or self._lease is None:
            return
        if not self._lease.held:
            self.watching = f"the lease was taken by {self._lease.holder}"
            return
        self._sender.submit(governed, cause)

    def heartbeat(self) -> None:
        """Sign of life of the loop. Without it the E-Stop endpoint stops checking in, and the robot settles."""
        self._beat = time.monotonic()

    def _alive(self) -> bool:
        # Before the loop runs and after it has ended, this object's own blocking calls bound the time.
        return not self._armed.is_set() or time.monotonic() - self._beat < WATCHDOG

    # -- the end -----------------------------------------------------------------------------------------------

    def shutdown(self) -> list[str]:
        """Power off safely, which sits first, and return the lease.

        Returns:
            What could not be done, in words; empty when everything was.
        """
        problems: list[str] = []
        self._armed.clear()
        if self._sender is not None:
            self._sender.shutdown()
        if self._sender is not None and self._lease is not None and self._lease.held and not self.lost:
            problems += self._power_off()
        if self._lease is not None:
            self._lease.shutdown()
        if self._estop is not None:
            self._estop.shutdown()
        self._monitor.shutdown()
        self._robot.time_sync.stop()
        return problems

    def _power_off(self) -> list[str]:
        try:
            if self._monitor.state.powered:
                self._robot.power_off(
                    cut_immediately=False, timeout_sec=20.0, update_frequency=5.0, timeout=RPC_TIMEOUT
                )
        except SdkError as error:
            return [f"the motors were not powered off: {error}"]
        return []
