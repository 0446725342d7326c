"""Reads an SE2 trajectory command."""

from __future__ import annotations

import itertools
import math

from bosdyn.api import basic_command_pb2, robot_command_pb2, trajectory_pb2

from simulator.robot.behaviours import FollowTrajectory, GoTo, PlanarPose
from simulator.robot.body_state import BodyState
from simulator.robot.frames import BODY_FRAMES, FIXED_FRAMES, FixedFrames, compose, footprint
from simulator.robot.mobility import CommandProblem, MobilitySettings
from simulator.robot.timestamps import to_seconds
from simulator.robot.trajectory import Knot, MovingTarget

_Response = robot_command_pb2.RobotCommandResponse
_INVALID = _Response.STATUS_INVALID_REQUEST


def read_trajectory(
    request: basic_command_pb2.SE2TrajectoryCommand.Request,
    settings: MobilitySettings,
    state: BodyState,
    frames: FixedFrames,
    now: float,
) -> GoTo | FollowTrajectory | CommandProblem:
    """Read the trajectory of a command; one of a single point is a goal, whatever its time.

    Args:
        request: As it came.
        settings: What came with it.
        state: The true body; points in frames that move with it are fixed where it is now.
        frames: Where the fixed frames lie.
        now: Robot time in seconds: the reference where the trajectory names none.

    Returns:
        What to do, or what is wrong with the trajectory.
    """
    frame = request.se2_frame_name
    if frame not in BODY_FRAMES + FIXED_FRAMES:
        return CommandProblem(_Response.STATUS_UNKNOWN_FRAME, f"trajectory in unknown frame {frame!r}")
    points = request.trajectory.points
    if not points:
        return CommandProblem(_INVALID, "the trajectory has no point")
    origin = footprint(state) if frame in BODY_FRAMES else frames.planar(frame)
    poses = [compose(origin, _pose(point)) for point in points if _is_finite(point)]
    if len(poses) < len(points):
        return CommandProblem(_INVALID, "the trajectory's points are not finite")
    if len(points) == 1:
        return GoTo(poses[0], settings.limits, settings.attitude)
    times = _times(request.trajectory)
    if isinstance(times, CommandProblem):
        return times
    knots = [Knot(time, pose.x, pose.y, pose.yaw) for time, pose in zip(times, poses, strict=True)]
    reference = to_seconds(request.trajectory.reference_time) if request.trajectory.HasField("reference_time") else now
    if now - reference < knots[0].time:  # it walks to the first point, and takes the time that there is
        knots.insert(0, Knot(now - reference, state.x, state.y, state.yaw))
    target = MovingTarget(reference, knots)
    if not math.isfinite(target.length):
        return CommandProblem(_INVALID, "the trajectory's points lie too far apart")
    return FollowTrajectory(target, settings.limits, settings.attitude)


def _times(trajectory: trajectory_pb2.SE2Trajectory) -> list[float] | CommandProblem:
    for index, point in enumerate(trajectory.points):
        if not point.HasField("time_since_reference"):
            return CommandProblem(_INVALID, f"point {index} of the trajectory has no time_since_reference")
    times = [to_seconds(point.time_since_reference) for point in trajectory.points]
    for index, (earlier, later) in enumerate(itertools.pairwise(times)):
        if not earlier < later:
            return CommandProblem(_INVALID, f"point {index + 1} of the trajectory is not later than the one before")
    return times


def _pose(point: trajectory_pb2.SE2TrajectoryPoint) -> PlanarPose:
    return PlanarPose(point.pose.position.x, point.pose.position.y, point.pose.angle)


def _is_finite(point: trajectory_pb2.SE2TrajectoryPoint) -> bool:
    return all(map(math.isfinite, (point.pose.position.x, point.pose.position.y, point.pose.angle)))
