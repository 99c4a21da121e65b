"""Faults that a test plans: the next calls of a method go wrong in a chosen way."""

from dataclasses import dataclass


@dataclass(slots=True)
class Fault:
    """One planned fault, for the next `times` calls of `method`.

    `error` is Slack's word for it, `status` HTTP's. `retry_after` in seconds makes it a 429. `hang` never answers while
    the server runs; `drop` cuts the connection. With `late` the call is carried out first; only its answer is lost.
    """

    method: str
    error: str = ""
    status: int = 200
    retry_after: int | None = None
    times: int = 1
    drop: bool = False
    hang: bool = False
    late: bool = False


class Faults:
    """The faults still to come."""

    def __init__(self) -> None:
        self._planned: list[Fault] = []

    def plan(self, fault: Fault) -> None:
        """Add one, after those planned before."""
        self._planned.append(fault)

    def take(self, method: str) -> Fault | None:
        """Return the fault that this call of `method` meets, if any, and count it."""
        fault = next((one for one in self._planned if one.method == method and one.times > 0), None)
        if fault is not None:
            fault.times -= 1
        return fault
