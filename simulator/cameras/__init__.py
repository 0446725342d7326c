"""Where the robot's pictures come from: a painter behind Spot's five cameras, or recorded frames."""
