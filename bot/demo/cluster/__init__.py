"""A simulated Kubernetes API: a pure `respond(Request)` over objects in memory, which live as a clock goes on.

What may not be here: sockets, the `kubernetes` package, and words that the real API server does not use.
"""
