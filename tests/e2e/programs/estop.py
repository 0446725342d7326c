"""An E-Stop button without a window: allow, stop, allow, and say what the robot reports."""

import argparse
import sys

import bosdyn.client
import bosdyn.client.util
from bosdyn.client.estop import EstopClient, EstopEndpoint, EstopKeepAlive
from bosdyn.client.robot_state import RobotStateClient


class EstopNoGui:
    def __init__(self, client, timeout_sec, name):
        endpoint = EstopEndpoint(client, name, timeout_sec)
        endpoint.force_simple_setup()
        self.estop_keep_alive = EstopKeepAlive(endpoint)
        self.estop_keep_alive.allow()

    def stop(self):
        self.estop_keep_alive.stop()

    def allow(self):
        self.estop_keep_alive.allow()

    def settle_then_cut(self):
        self.estop_keep_alive.settle_then_cut()


def main():
    parser = argparse.ArgumentParser()
    bosdyn.client.util.add_base_arguments(parser)
    parser.add_argument("-t", "--timeout", type=float, default=5)
    options = parser.parse_args()
    sdk = bosdyn.client.create_standard_sdk("estop_nogui")
    robot = sdk.create_robot(options.hostname)
    bosdyn.client.util.authenticate(robot)
    estop_client = robot.ensure_client(EstopClient.default_service_name)
    states = robot.ensure_client(RobotStateClient.default_service_name)
    button = EstopNoGui(estop_client, options.timeout, "Estop NoGUI")
    print("estopped:", robot.is_estopped())
    button.stop()
    print("estopped:", robot.is_estopped())
    print("software:", [s.state for s in states.get_robot_state().estop_states if s.name == "software_estop"])
    button.allow()
    print("estopped:", robot.is_estopped())
    button.estop_keep_alive.shutdown()
    return 0


if __name__ == "__main__":
    sys.exit(main())
