"""The one fake of the project: a Slack-compatible server and a simulated cluster.

What may not be here: anything that podbot needs in production.
"""
