"""The robot behind the services: body, clock, commands, lease, E-Stop and power. Nothing here knows gRPC."""
