"""Times as the API server writes them."""

from datetime import UTC, datetime


def seconds(moment: datetime) -> str:
    """Return a time to the second, as objects carry it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def micros(moment: datetime) -> str:
    """Return a time to the microsecond, as leases and newer events carry it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def nanos(moment: datetime) -> str:
    """Return a time to the nanosecond, as log lines carry it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f000Z")
