"""The simulated cluster, tested."""
