"""A clock that tests move by hand."""

from datetime import UTC, datetime, timedelta


class HandClock:
    """Stands still, at a true time, until it is moved."""

    def __init__(self) -> None:
        self._now = datetime.now(UTC)

    def now(self) -> datetime:
        """Return where it stands."""
        return self._now

    def advance(self, **span: float) -> None:
        """Move it on, by timedelta's words."""
        self._now += timedelta(**span)

    async def sleep(self, seconds: float) -> None:
        """Move it on without waiting."""
        self.advance(seconds=seconds)
