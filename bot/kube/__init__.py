"""The only room that imports `kubernetes`; it offers a cluster for an identity, and none without.

What may not be here: Slack, wording for people, and policy. Only `own.py` acts as the bot itself.
"""
