"""The robot as this agent uses it: connection, lease, E-Stop, state, and the one way to send commands."""

from spot_agent.robot.connection import DEFAULT_PORT, Address
from spot_agent.robot.credentials import Credentials, find_credentials
from spot_agent.robot.sender import Sent
from spot_agent.robot.spot import Spot

__all__ = ["DEFAULT_PORT", "Address", "Credentials", "Sent", "Spot", "find_credentials"]
