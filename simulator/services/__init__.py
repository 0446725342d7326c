"""The gRPC services of the robot, on the generated servicers of ``bosdyn.api``."""
