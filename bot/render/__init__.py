"""Results to Block Kit: pure, and the only place that escapes text or knows Slack's limits.

What may not be here: I/O, decisions about who may see what, and any Slack client.
"""
