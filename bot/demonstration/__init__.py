"""Wires the demo: podbot as it is, a Slack-compatible server with a page, and a cluster, simulated or given.

What may not be here: what podbot itself needs; nothing of podbot imports this.
"""
