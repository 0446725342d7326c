"""Scripts that made the files under ``simulator/data``; the simulator itself does not need them."""
