"""Decisions: words to requests, policy to grants, JSON to views.

What may not be here: I/O, the clock, the environment, logging, and any client library.
"""
