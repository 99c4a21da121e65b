"""Watching, over the simulated cluster and on a clock that the tests drive."""
