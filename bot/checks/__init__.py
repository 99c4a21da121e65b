"""`podbot check`: is podbot set up well, and with no more rights than it needs? One module a family of checks.

What may not be here: a change of anything; I/O outside `gathering`, for all else judges what was gathered and is pure.
"""
