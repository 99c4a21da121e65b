"""A Slack-compatible server: Web API, Socket Mode, signed requests and response URLs, as far as podbot uses them.

What may not be here: Slack's packages, podbot's own decisions, and anything outside 127.0.0.1.
"""
