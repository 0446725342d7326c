"""Scenes: what stands and walks around the robot, and what is expected of the robot."""

from simulator.errors import SceneError
from simulator.scene.judge import RobotSample, Verdict, judge
from simulator.scene.scene import Scene
from simulator.scene.world import WorldObject, WorldState

__all__ = ["RobotSample", "Scene", "SceneError", "Verdict", "WorldObject", "WorldState", "judge"]
