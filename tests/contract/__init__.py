"""What the real cluster and the simulated one must do alike."""
