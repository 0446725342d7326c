"""The fake Spot: gRPC services, robot, world and cameras."""
