"""The project's fakes, tested."""
