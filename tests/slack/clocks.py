"""A clock whose sleepers wait until a test moves it."""

from datetime import UTC, datetime, timedelta

from bot.demo.chat.bell import Bell

_TOO_LONG = 60.0


class PatientClock:
    """Stands still, at a true time, until it is moved; who sleeps is woken then."""

    def __init__(self) -> None:
        self._now = datetime.now(UTC)
        self._bell = Bell()
        self.asleep: list[float] = []
        """How many seconds each of those who sleep asked for."""

    def now(self) -> datetime:
        """Return where it stands."""
        return self._now

    def advance(self, seconds: float) -> None:
        """Move it on."""
        self._now += timedelta(seconds=seconds)
        self._bell.ring()

    async def sleep(self, seconds: float) -> None:
        """Wait until it has been moved on by `seconds`."""
        end = self._now + timedelta(seconds=seconds)
        self.asleep.append(seconds)
        self._bell.ring()
        try:
            await self._bell.until(lambda: self._now >= end, _TOO_LONG)
        finally:
            self.asleep.remove(seconds)
            self._bell.ring()

    async def until_asleep(self, seconds: float) -> None:
        """Wait until somebody sleeps for so many seconds."""
        await self._bell.until(lambda: seconds in self.asleep, 5)
