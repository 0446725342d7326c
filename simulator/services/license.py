"""The robot's licence."""

from __future__ import annotations

import grpc
from bosdyn.api import license_pb2, license_service_pb2_grpc

from simulator.robot.clock import RobotClock
from simulator.robot.timestamps import to_timestamp
from simulator.services.robot_id import SERIAL_NUMBER

FEATURES = ("mobility", "autonomy")
"""Features that the fake licence covers (the names are undocumented)."""
_YEAR = 365 * 24 * 3600.0


class LicenseService(license_service_pb2_grpc.LicenseServiceServicer):  # type: ignore[misc]  # generated without types
    """GetLicenseInfo and GetFeatureEnabled: a licence that is always valid."""

    def __init__(self, clock: RobotClock) -> None:
        now = clock.now()
        self._license = license_pb2.LicenseInfo(
            status=license_pb2.LicenseInfo.STATUS_VALID,
            id="FAKE-LICENSE",
            robot_serial=SERIAL_NUMBER,
            not_valid_before=to_timestamp(now - _YEAR),
            not_valid_after=to_timestamp(now + _YEAR),
            licensed_features=FEATURES,
        )

    def GetLicenseInfo(  # noqa: N802 - the name of the RPC
        self, request: license_pb2.GetLicenseInfoRequest, context: grpc.ServicerContext
    ) -> license_pb2.GetLicenseInfoResponse:
        """The licence."""
        return license_pb2.GetLicenseInfoResponse(license=self._license)

    def GetFeatureEnabled(  # noqa: N802 - the name of the RPC
        self, request: license_pb2.GetFeatureEnabledRequest, context: grpc.ServicerContext
    ) -> license_pb2.GetFeatureEnabledResponse:
        """Whether the licence covers each of these features."""
        enabled = {code: code in FEATURES for code in request.feature_codes}
        return license_pb2.GetFeatureEnabledResponse(feature_enabled=enabled)
